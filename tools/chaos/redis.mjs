import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from '../support/free-port.mjs';

const BINARY = 'redis-server';

/** A Redis that loses nothing when it is killed: what it has answered is on its disk. */
const DURABLE = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction', save: '' };

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A real `redis-server` on a port and in a directory of its own. */
export class Redis {
  kills = 0;
  #child;
  #directory;
  #port;

  /** Whether the binary is there. */
  static get installed() {
    return spawnSync(BINARY, ['--version']).status === 0;
  }

  static async start() {
    const redis = new Redis();
    redis.#directory = await mkdtemp(join(tmpdir(), 'chaos-redis-'));
    redis.#port = await freePort();
    await redis.start();
    return redis;
  }

  /** What a gateway is told. */
  get settings() {
    return { REDIS_URL: `redis://127.0.0.1:${this.#port}` };
  }

  get alive() {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts it (again), with what is on its disk; resolves once it answers. */
  async start() {
    const options = { port: this.#port, bind: '127.0.0.1', dir: this.#directory, ...DURABLE };
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn(BINARY, flags, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#child = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    await new Promise((resolve, reject) => {
      child.once('exit', () => reject(new Error(`${BINARY} ended at its start.`)));
      child.stdout.on('data', (chunk) => String(chunk).includes('Ready to accept connections') && resolve());
    });
  }

  /** Ends it as a power cut would. */
  async kill() {
    this.kills += 1;
    await this.#kill();
  }

  /** Ends it and removes its directory. */
  async end() {
    if (this.alive) await this.#kill();
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #kill() {
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}
