import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';

/** A script that keeps running and prints, as its first line, what callers need to know. */
export class Service {
  private constructor(
    private readonly child: ChildProcess,
    /** Its first line. */
    readonly announcement: string,
  ) {}

  /** Starts it with this Node; resolves once it has printed a line. */
  static async start(script: string, cwd: string): Promise<Service> {
    const child = spawn(execPath, [script], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: child.stdout })) return new Service(child, line);
    throw new Error(`${script} ended without a word`);
  }

  /** Ends it. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill();
    await exit;
  }
}
