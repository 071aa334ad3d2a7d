import { Redis } from 'ioredis';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { adminOptions, listenAt, type RedisGuard } from './redis-guard.js';
import { freePort, RedisServer } from './redis-server.js';
import type { Settings } from './world.js';

const MASTER = 'pgw-master';
const SENTINELS = 3;

/** A master, its replica, and three sentinels that watch them. */
export class RedisSentinels {
  private readonly sentinels: { readonly port: number; readonly child: ChildProcess }[] = [];

  private constructor(
    readonly master: RedisServer,
    readonly replica: RedisServer,
    private readonly directory: string,
    private readonly guard: RedisGuard | undefined,
  ) {}

  /**
   * Starts them; resolves once the sentinels know of each other and of the replica.
   *
   * @param ports of the first sentinels; free ones unless given
   */
  static async start(guard?: RedisGuard, ports: readonly number[] = []): Promise<RedisSentinels> {
    const flags = { 'repl-diskless-sync-delay': 0 };
    const master = await RedisServer.start(flags, guard);
    const replica = await RedisServer.start({ ...flags, replicaof: `127.0.0.1 ${master.port}` }, guard);
    const all = new RedisSentinels(master, replica, await mkdtemp(join(tmpdir(), 'sentinels-')), guard);
    for (let index = 0; index < SENTINELS; index++) await all.launch(ports[index] ?? (await freePort()));
    await all.known();
    return all;
  }

  /** What replicas that share it are told. */
  get settings(): Settings {
    const hosts = this.sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',');
    return {
      REDIS_URL: `${this.guard ? `rediss://${this.guard.credentials}@` : 'redis://'}${hosts}`,
      REDIS_MODE: 'sentinel',
      REDIS_SENTINEL_MASTER: MASTER,
      IDEMPOTENCY_SECRET: 'one-secret-for-all-replicas-of-a-test',
      ...this.guard?.settings,
      ...this.guard?.sentinelSettings,
    };
  }

  /** Ends them. */
  async end(): Promise<void> {
    for (const { child } of this.sentinels) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await Promise.all([this.master.end(), this.replica.end()]);
    await rm(this.directory, { recursive: true, force: true });
  }

  private async launch(port: number): Promise<void> {
    const path = join(this.directory, `${port}.conf`);
    const watched = { 'down-after-milliseconds': 500, 'failover-timeout': 2_000, ...this.guard?.masterLines };
    await writeFile(
      path,
      [
        ...Object.entries(listenAt(port, this.guard)).map(([name, value]) => `${name} ${value}`),
        `bind 127.0.0.1\ndir ${this.directory}\nlogfile ""`,
        ...(this.guard?.sentinelLines ?? []),
        `sentinel monitor ${MASTER} 127.0.0.1 ${this.master.port} 2`,
        ...Object.entries(watched).map(([name, value]) => `sentinel ${name} ${MASTER} ${value}`),
      ].join('\n'),
    );
    this.sentinels.push({ port, child: spawn('redis-sentinel', [path], { stdio: 'ignore' }) });
  }

  private async known(): Promise<void> {
    for (const { port } of this.sentinels) {
      const client = new Redis({ port, ...adminOptions(this.guard) });
      client.on('error', () => undefined);
      const count = async (what: 'sentinels' | 'replicas') =>
        ((await client.call('SENTINEL', what, MASTER)) as unknown[]).length;
      while ((await count('sentinels')) < SENTINELS - 1 || (await count('replicas')) < 1) await sleep(50);
      client.disconnect();
    }
  }
}
