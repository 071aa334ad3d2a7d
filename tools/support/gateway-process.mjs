import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../apps/gateway/artefact/dist/server/main.js', import.meta.url));
const STARTS_WITHIN_MS = 30_000;

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The built gateway as a process of its own. */
export class GatewayProcess {
  /** Where it listens. */
  url = '';
  #child;
  #exited;

  /**
   * Starts it; resolves once it listens.
   *
   * @param env its whole environment
   * @param onOutput told every chunk that it writes
   */
  static async start(env, onOutput = () => undefined) {
    if (!existsSync(MAIN)) throw new Error('The gateway is not built: run "npm run build" first.');
    const gateway = new GatewayProcess();
    await gateway.#launch(env, onOutput);
    return gateway;
  }

  get alive() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid() {
    return this.#child.pid;
  }

  /** Sends a signal, by default one that nobody can catch, and waits for the end. */
  async end(signal = 'SIGKILL') {
    if (this.alive) this.#child.kill(signal);
    await this.#exited;
  }

  async #launch(env, onOutput) {
    const child = spawn(process.execPath, [MAIN], {
      env: { PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    running.add(child);
    this.#exited = once(child, 'exit').then(() => running.delete(child));
    let complaint = '';
    child.stderr.on('data', (chunk) => (complaint += String(chunk)));
    child.stderr.on('data', onOutput);
    child.stdout.on('data', onOutput);
    const lines = createInterface({ input: child.stdout });
    this.url = await new Promise((resolve, reject) => {
      const timer = setTimeout(reject, STARTS_WITHIN_MS, new Error('The gateway did not start in time.'));
      timer.unref();
      child.once('error', reject);
      child.once('exit', (code) =>
        reject(new Error(`The gateway ended with code ${code} at its start. ${complaint}`)),
      );
      lines.on('line', (line) => {
        const url = /"url":"([^"]+)".*"msg":"listening"/.exec(line)?.[1];
        if (url !== undefined) resolve(url);
      });
    }).finally(() => lines.close());
    // Closing the reader paused the stream.
    child.stdout.resume();
  }
}
