import { describe, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';

import { adminOptions, listenAt, type RedisGuard } from './redis-guard.js';

const BINARY = 'redis-server';

/**
 * Tests against a real Redis; without its programs they are left out, visibly, and in CI that is a failure.
 *
 * @param programs what must be installed
 */
export function describeWithRedis(name: string, tests: () => void, programs = [BINARY]): void {
  const missing = programs.filter((program) => spawnSync(program, ['--version']).status !== 0).join();
  if (missing === '') {
    describe(name, tests);
  } else if (env['CI'] === 'true') {
    it(`${name}: ${missing} must be installed where CI is true`, () => {
      throw new Error(`${missing} is not installed: ${name} was not checked.`);
    });
  } else {
    it.skip(`${name}: NOT CHECKED, ${missing} is not installed`, () => undefined);
  }
}

/** What a server is told beyond the usual, by the names of its configuration; words of one value by spaces. */
export type Flags = Readonly<Record<string, string | number>>;

/** A real `redis-server` on a port and in a directory of its own, as durable as the README wants it. */
export class RedisServer {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly directory: string,
    private readonly flags: Flags,
    private readonly guard: RedisGuard | undefined,
  ) {}

  /** Starts a server; resolves once it answers. */
  static async start(flags: Flags = {}, guard?: RedisGuard): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), await mkdtemp(join(tmpdir(), 'redis-')), flags, guard);
    await server.launch();
    return server;
  }

  /** What replicas that share it are told. */
  get settings(): Readonly<Record<string, string>> {
    return { REDIS_URL: this.url, IDEMPOTENCY_SECRET: 'one-secret-for-all-replicas-of-a-test' };
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    this.child = undefined;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Starts it again, with what is on its disk. */
  async launch(): Promise<void> {
    const options = { ...listenAt(this.port, this.guard), bind: '127.0.0.1', dir: this.directory, save: '' };
    const durable = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' };
    const all: Flags = { ...options, ...durable, ...this.guard?.serverFlags, ...this.flags };
    const flags = Object.entries(all).flatMap(([name, value]) => [`--${name}`, ...String(value).split(' ')]);
    const child = spawn(BINARY, flags, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => {
        reject(new Error(`${BINARY} ended at its start`));
      });
      child.stdout.on('data', (chunk) => {
        if (String(chunk).includes('Ready to accept connections')) resolve();
      });
    });
  }

  /** Stops it from running, without its connections knowing. */
  pause(): boolean | undefined {
    return this.child?.kill('SIGSTOP');
  }

  /** Lets it run again. */
  resume(): boolean | undefined {
    return this.child?.kill('SIGCONT');
  }

  /** Refuses writes from now on, or takes them again, as a primary that lost its replicas does. */
  async refuseWrites(refused: boolean): Promise<void> {
    await this.asked((client) => client.config('SET', 'min-replicas-to-write', refused ? '1' : '0'));
  }

  /** Everything that is in it, by key: strings, sorted sets and hashes. */
  everything(): Promise<ReadonlyMap<string, string>> {
    return this.asked(async (client) => {
      const entries = new Map<string, string>();
      for await (const keys of client.scanStream() as AsyncIterable<string[]>) {
        for (const key of keys) entries.set(key, await contentOf(client, key));
      }
      return entries;
    });
  }

  /** Forgets everything. */
  async empty(): Promise<void> {
    await this.asked((client) => client.flushall());
  }

  /** Asks it as its administrator. */
  async asked<Result>(question: (client: Redis) => Promise<Result>): Promise<Result> {
    const client = new Redis({ port: this.port, ...adminOptions(this.guard) });
    try {
      return await question(client);
    } finally {
      client.disconnect();
    }
  }

  /** Ends it and removes its directory. */
  async end(): Promise<void> {
    this.resume();
    await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }
}

async function contentOf(client: Redis, key: string): Promise<string> {
  const type = await client.type(key);
  if (type === 'zset') return (await client.zrange(key, '0', '-1')).join();
  if (type === 'hash') return JSON.stringify(await client.hgetall(key));
  return (await client.get(key)) ?? '';
}

/** A port that nobody listens on, nor on the one 10,000 above, where the nodes of a cluster talk with each other. */
export async function freePort(): Promise<number> {
  const port = await listened(0);
  const isFree = port < 55_000 && (await listened(port + 10_000)) > 0;
  return isFree ? port : freePort();
}

/** Listens on a port for a moment; 0 when it is taken. */
async function listened(wanted: number): Promise<number> {
  const server = createServer();
  server.listen(wanted, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return 0;
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
