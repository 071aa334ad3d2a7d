import { Cluster, Command, Redis, type RedisOptions } from 'ioredis';

import type { RedisSettings } from '../config/redis-settings.js';

/** A healthy Redis answers within a millisecond or two; nobody waits longer than this for a sick one. */
const COMMAND_TIMEOUT_MS = 250;
const CONNECT_TIMEOUT_MS = 1_000;
const RECONNECT_EVERY_MS = 500;

/** How often a cluster is asked who holds which slots, beside the times when it says so itself. */
const REFRESH_SLOTS_EVERY_MS = 5_000;

const WRITE_CHECK = 'pgw:write-check';

/** So many keys that each of 500 shards, the most that ElastiCache has, holds one. */
const WRITE_CHECKS = 8_192;

/** Nothing is queued, and nothing that may have been carried out is sent again. */
const IMPATIENT = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  commandTimeout: COMMAND_TIMEOUT_MS,
  // A connection whose server hangs is dropped, so that only one round of commands waits for it: the next fail at once.
  socketTimeout: COMMAND_TIMEOUT_MS,
  connectTimeout: CONNECT_TIMEOUT_MS,
  retryStrategy: () => RECONNECT_EVERY_MS,
  // After a failover the old master may be a replica behind the same connection.
  reconnectOnError: ({ message }: Error) => message.startsWith('READONLY'),
  // A user of few rights need not be allowed to name its client.
  disableClientInfo: true,
} satisfies RedisOptions;

/** A client of any form of Redis. No pipelines and no transactions: see AddressLimit. */
export type RedisClient = Redis | Cluster;

/** A key, and the node that has it: an empty name for one Redis, or where nobody serves its slot. */
export interface WriteCheck {
  readonly key: string;
  readonly node: string;
}

/**
 * Connects to a single Redis, a cluster, or the master that Sentinels name.
 *
 * @param settings which, and how
 */
export function createRedisClient(settings: RedisSettings): RedisClient {
  const { mode, nodes, database, tls, sentinel } = settings;
  if (mode === 'cluster') return createCluster(settings);
  const options = optionsOf(settings);
  if (mode === 'single') return new Redis({ ...options, ...nodes[0], db: database });
  return new Redis({
    ...options,
    db: database,
    sentinels: [...nodes],
    name: sentinel.master,
    ...(sentinel.username !== '' && { sentinelUsername: sentinel.username }),
    ...(sentinel.password !== '' && { sentinelPassword: sentinel.password }),
    ...(tls && { sentinelTLS: tls, enableTLSForSentinelMode: true }),
    sentinelCommandTimeout: CONNECT_TIMEOUT_MS,
    sentinelRetryStrategy: () => RECONNECT_EVERY_MS,
  });
}

function optionsOf({ username, password, tls }: RedisSettings) {
  return {
    ...IMPATIENT,
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    ...(tls && { tls }),
  };
}

function createCluster(settings: RedisSettings): Cluster {
  const cluster = new Cluster([...settings.nodes], {
    redisOptions: optionsOf(settings),
    enableOfflineQueue: false,
    clusterRetryStrategy: () => RECONNECT_EVERY_MS,
    slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
    slotsRefreshInterval: REFRESH_SLOTS_EVERY_MS,
    // What is sent again are refusals: MOVED, ASK and TRYAGAIN say that nothing was carried out.
    maxRedirections: 4,
    // While a node is away, each command for it asks another one where it is: at most 100 times a second.
    retryDelayOnMoved: 10,
    retryDelayOnTryAgain: 50,
    retryDelayOnClusterDown: 0,
    // After a lost connection nobody knows whether a command was carried out.
    retryDelayOnFailover: 0,
    // Names stay names, so that certificates can be checked.
    ...(settings.tls && {
      dnsLookup: (address, callback) => {
        callback(null, address);
      },
    }),
  });
  // By itself a node connects at its first command, which would wait in a queue and be sent when it is given up already.
  const connect = (node: Redis): void => {
    if (cluster.status === 'ready' && node.status === 'wait') node.connect().catch(() => undefined);
  };
  cluster.on('+node', connect);
  cluster.on('ready', () => {
    cluster.nodes().forEach(connect);
  });
  return cluster;
}

/**
 * Makes a function that names keys to write to, so that each part of Redis has one of them.
 *
 * @param client of a single Redis, a cluster, or one behind Sentinel
 */
export function writeChecksOf(client: RedisClient): () => readonly WriteCheck[] {
  if (client instanceof Redis) return () => [{ key: WRITE_CHECK, node: '' }];
  const slots = Array.from({ length: WRITE_CHECKS }, (_, number) => {
    const key = `${WRITE_CHECK}:${number}`;
    return { key, slot: new Command('get', [key]).getSlot() };
  });
  return () => {
    const checks = new Map<string, WriteCheck>();
    for (const { key, slot } of slots) {
      const node = client.slots[slot]?.[0] ?? '';
      if (!checks.has(node)) checks.set(node, { key, node });
    }
    return [...checks.values()];
  };
}
