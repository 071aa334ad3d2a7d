import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import type { RedisGuard } from './redis-guard.js';
import { RedisServer } from './redis-server.js';
import type { Settings } from './world.js';

const MASTERS = 3;

/** A Redis Cluster of three masters, each with its replica if so wished. */
export class RedisCluster {
  private constructor(
    /** The masters, at first. */
    readonly nodes: readonly RedisServer[],
    private readonly replicas: readonly RedisServer[],
    private readonly guard: RedisGuard | undefined,
  ) {}

  /** Starts it; resolves once all slots are served. */
  static async start(guard?: RedisGuard, replicas: 0 | 1 = 0): Promise<RedisCluster> {
    const durations = { 'cluster-node-timeout': 1_000, 'repl-diskless-sync-delay': 0 };
    const flags = { 'cluster-enabled': 'yes', 'cluster-require-full-coverage': 'no', ...durations };
    const size = MASTERS * (1 + replicas);
    const nodes = await Promise.all(Array.from({ length: size }, () => RedisServer.start(flags, guard)));
    const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
    await promisify(execFile)('redis-cli', [
      ...(guard?.cliOptions ?? []),
      ...['--cluster', 'create', ...addresses, '--cluster-replicas', String(replicas), '--cluster-yes'],
    ]);
    const cluster = new RedisCluster(nodes.slice(0, MASTERS), nodes.slice(MASTERS), guard);
    await cluster.whole();
    return cluster;
  }

  /** What replicas that share it are told: one node that is not the first, the others are found. */
  get settings(): Settings {
    return {
      REDIS_URL: `${this.guard ? 'rediss' : 'redis'}://127.0.0.1:${this.nodes[1]!.port},127.0.0.1:${this.nodes[2]!.port}`,
      REDIS_MODE: 'cluster',
      IDEMPOTENCY_SECRET: 'one-secret-for-all-replicas-of-a-test',
      ...this.guard?.settings,
    };
  }

  /** Resolves once every node says that all slots are served. */
  async whole(): Promise<void> {
    for (const node of this.nodes) {
      const info = (): Promise<string> => node.asked((client) => client.cluster('INFO'));
      while (!/cluster_state:ok\r\n[^]*cluster_slots_ok:16384\r\n/.test(await info())) await sleep(50);
    }
  }

  /** Forgets everything. */
  async empty(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.empty()));
  }

  /** The node that holds a key which begins so, and the key. */
  async find(prefix: string): Promise<{ readonly node: RedisServer; readonly key: string }> {
    for (const node of this.nodes) {
      const key = [...(await node.everything()).keys()].find((name) => name.startsWith(prefix));
      if (key !== undefined) return { node, key };
    }
    throw new Error(`no key begins with ${prefix}`);
  }

  /**
   * Moves the slot of a key with all of its keys, in the steps that `redis-cli --cluster reshard` takes.
   *
   * @param key one of the slot
   * @param from who has it
   * @param midway called when the keys have moved and the slot has not: whoever asks is told ASK
   */
  async move(key: string, from: RedisServer, midway: () => Promise<void>): Promise<void> {
    const to = this.nodes.find((node) => node !== from)!;
    const slot = await from.asked((client) => client.cluster('KEYSLOT', key));
    const [fromId, toId] = await Promise.all(
      [from, to].map((node) => node.asked((client) => client.cluster('MYID'))),
    );
    await to.asked((client) => client.cluster('SETSLOT', slot, 'IMPORTING', String(fromId)));
    await from.asked((client) => client.cluster('SETSLOT', slot, 'MIGRATING', String(toId)));
    const keys = await from.asked((client) => client.cluster('GETKEYSINSLOT', slot, 100));
    const migrate = ['127.0.0.1', to.port, '', 0, 1_000, ...(this.guard?.migrateOptions ?? [])];
    await from.asked((client) => client.call('MIGRATE', ...migrate, 'KEYS', ...keys));
    await midway();
    for (const node of [to, ...this.nodes]) {
      await node.asked((client) => client.cluster('SETSLOT', slot, 'NODE', String(toId)));
    }
  }

  /** Ends it. */
  async end(): Promise<void> {
    await Promise.all([...this.nodes, ...this.replicas].map((node) => node.end()));
  }
}
