import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The gateway as it was built. */
export const GATEWAY_MAIN = fileURLToPath(new URL('../../artefact/dist/server/main.js', import.meta.url));

/** What `npm start` runs. */
export const START = fileURLToPath(new URL('../../../../tools/start/start.mjs', import.meta.url));

/** How a process ended. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A Node process with nothing in its environment but what is given, in a process group of its own. */
export class Child {
  stdout = '';
  stderr = '';
  readonly ended: Promise<End>;
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;

  /** @param args of node: its options, the program, the program's arguments */
  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = '/') {
    this.child = spawn(process.execPath, args, {
      env,
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.child.stdout.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        resolve({ code, signal });
      });
    });
  }

  /** Everything that the process wrote. */
  get output(): string {
    return this.stdout + this.stderr;
  }

  /**
   * Waits until the output holds this.
   *
   * @throws Error when the process ends first, or nothing comes for 30 seconds
   */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (let waited = 0; waited < 30_000; waited += 20) {
      const found = pattern.exec(this.output);
      if (found) return found;
      if (this.child.exitCode !== null) break;
      await sleep(20);
    }
    throw new Error(`the process did not say ${String(pattern)} but:\n${this.output}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Sends a signal to the process and its children, as a terminal does on Ctrl-C. */
  signalGroup(signal: NodeJS.Signals): void {
    process.kill(-this.pid, signal);
  }

  /** Whether the process or one of its children is alive. */
  get groupLives(): boolean {
    try {
      process.kill(-this.pid, 0);
      return true;
    } catch {
      return false;
    }
  }

  /** Ends what is left, for the end of a test. */
  async kill(): Promise<void> {
    if (this.groupLives) this.signalGroup('SIGKILL');
    await this.ended;
  }

  private get pid(): number {
    if (this.child.pid === undefined) throw new Error('the process did not start');
    return this.child.pid;
  }
}

/** Starts the built gateway; the URL comes from its log. */
export async function startGatewayProcess(
  env: Readonly<Record<string, string>>,
  nodeArguments: readonly string[] = [GATEWAY_MAIN],
): Promise<{ readonly child: Child; readonly url: string }> {
  const child = new Child(nodeArguments, { PORT: '0', ...env });
  const [, url = ''] = await child.says(/"url":"([^"]+)"/);
  return { child, url };
}

/** Two ports that were free a moment ago. */
export async function twoFreePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(async (server) => {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    }),
  );
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports as [number, number];
}
