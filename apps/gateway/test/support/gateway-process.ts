import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';

import { send } from './send-change.js';
import type { Settings } from './world.js';

const MAIN = fileURLToPath(new URL('../../artefact/dist/server/main.js', import.meta.url));

/** One line of the gateway's log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** The built gateway, run as a process of its own. */
export class GatewayProcess {
  /** All that it wrote to stdout and stderr. */
  output = '';
  private readonly exited: Promise<number | null>;

  private constructor(
    private readonly child: ChildProcess,
    /** Where it listens. */
    public url = '',
  ) {
    this.exited = once(child, 'exit').then(([code]) => code as number | null);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => (this.output += String(chunk)));
    }
  }

  /** Starts it on a free port; resolves once it listens and has looked for its token keys. */
  static async start(settings: Settings, main = MAIN): Promise<GatewayProcess> {
    const env = { PORT: '0', ...settings };
    const gateway = new GatewayProcess(spawn(execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
    const listening = await gateway.line(({ msg }) => msg === 'listening');
    gateway.url = String(listening['url']);
    await send(`${gateway.url}/health/ready`);
    return gateway;
  }

  /** Its process id. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The lines of its log so far. */
  get log(): readonly LogLine[] {
    const lines = this.output.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
    return lines.map((line) => JSON.parse(line) as LogLine);
  }

  /** Waits for a line of its log, also one that was written already. */
  async line(wanted: (line: LogLine) => boolean): Promise<LogLine> {
    for (;;) {
      const found = this.log.find(wanted);
      if (found !== undefined) return found;
      if (this.child.exitCode !== null) throw new Error(`the gateway ended: ${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** Asks it to stop. */
  terminate(): void {
    this.child.kill('SIGTERM');
  }

  /** The exit code, when it has ended by itself; null after a signal ended it. */
  exitCode(): Promise<number | null> {
    return this.exited;
  }
}
