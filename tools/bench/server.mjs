import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { execPath } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { freePort } from '../support/free-port.mjs';

const TICK_US = 1e6 / Number(execFileSync('getconf', ['CLK_TCK']));
const STARTS_WITHIN_MS = 30_000;

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A server in a process of its own, seen through the eyes of the operating system. */
export class Server {
  /** From the start of the process to its first 200 on `/health/live`, in milliseconds. */
  startMs = 0;
  #child;

  /**
   * Starts a script; resolves once it is live.
   *
   * @param script path from the root of the repository
   * @param env its environment; `PORT` is added
   * @param log file that takes what it prints
   */
  static async start(script, env, log) {
    const server = new Server();
    server.port = await freePort();
    server.url = `http://127.0.0.1:${server.port}`;
    const file = openSync(log, 'a');
    const startedAt = performance.now();
    server.#child = spawn(execPath, [fileURLToPath(new URL(`../../${script}`, import.meta.url))], {
      env: { NODE_ENV: 'production', PORT: String(server.port), ...env },
      stdio: ['ignore', file, file],
    });
    closeSync(file);
    running.add(server.#child);
    await server.#live(startedAt, log);
    server.startMs = performance.now() - startedAt;
    return server;
  }

  /** CPU time of all its threads so far, in microseconds. */
  get cpuUs() {
    // The name in parentheses may hold spaces.
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_US;
  }

  /** Memory now and at its highest, in MB. */
  get memory() {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)[1]) / 1024;
    return { rss: of('VmRSS'), peak: of('VmHWM') };
  }

  async end() {
    this.#child.kill('SIGKILL');
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    running.delete(this.#child);
  }

  async #live(startedAt, log) {
    while (performance.now() - startedAt < STARTS_WITHIN_MS) {
      if (this.#child.exitCode !== null) break;
      try {
        const { status } = await fetch(`${this.url}/health/live`);
        if (status === 200) return;
      } catch {
        // Not yet.
      }
      await sleep(2);
    }
    throw new Error(`A server did not start; see ${log}.`);
  }
}

/** Starts the stub upstream. */
export async function startStub(env = {}) {
  const child = spawn(execPath, [fileURLToPath(new URL('stub.mjs', import.meta.url))], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const [line] = await once(child.stdout, 'data');
  const url = String(line).trim();
  return { url, calls: async () => Number(await (await fetch(`${url}/calls`)).text()) };
}
