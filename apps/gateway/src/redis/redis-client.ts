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

/**
 * Options of every connection. Nothing that may have been carried out is sent again, and a connection whose server hangs is
 * dropped: only one round of commands waits for it, the next fail at once, until the connection stands again.
 */
const IMPATIENT = {
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  commandTimeout: COMMAND_TIMEOUT_MS,
  socketTimeout: COMMAND_TIMEOUT_MS,
  connectTimeout: CONNECT_TIMEOUT_MS,
  // After a failover the old master may be a replica behind the same connection.
  reconnectOnError: ({ message }: Error) => message.startsWith('READONLY'),
  // A user of few rights need not be allowed to name its client.
  disableClientInfo: true,
} satisfies RedisOptions;

/** A client of any form of Redis. Nobody may use its pipelines and transactions: see AddressLimit. */
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
  if (mode === 'cluster') return createClusterClient(settings);
  const options = {
    ...optionsOf(settings),
    ...{ db: database, enableOfflineQueue: false, retryStrategy: reconnect },
  };
  if (mode === 'single') return new Redis({ ...options, ...nodes[0] });
  return new Redis({
    ...options,
    sentinels: [...nodes],
    name: sentinel.master,
    ...(sentinel.username !== '' && { sentinelUsername: sentinel.username }),
    ...(sentinel.password !== '' && { sentinelPassword: sentinel.password }),
    ...(tls && { sentinelTLS: tls, enableTLSForSentinelMode: true }),
    sentinelCommandTimeout: CONNECT_TIMEOUT_MS,
    sentinelRetryStrategy: reconnect,
  });
}

/** Options of every connection, those to the nodes of a cluster too. */
function optionsOf({ username, password, tls }: RedisSettings) {
  return {
    ...IMPATIENT,
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    ...(tls && { tls }),
  };
}

function createClusterClient(settings: RedisSettings): Cluster {
  const client = new Cluster([...settings.nodes], {
    redisOptions: optionsOf(settings),
    enableOfflineQueue: false,
    clusterRetryStrategy: reconnect,
    slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
    slotsRefreshInterval: REFRESH_SLOTS_EVERY_MS,
    // A node that sends a command elsewhere has not carried it out.
    maxRedirections: 4,
    retryDelayOnMoved: 10,
    retryDelayOnTryAgain: 50,
    retryDelayOnClusterDown: 0,
    // A command whose connection closed may have been carried out.
    retryDelayOnFailover: 0,
    // Names stay names, so that certificates can be checked.
    dnsLookup: (address, callback) => {
      callback(null, address);
    },
  });
  // By itself a node connects at its first command, which would wait for it in a queue.
  const connect = (node: Redis): void => {
    if (client.status === 'ready' && node.status === 'wait') node.connect().catch(() => undefined);
  };
  client.on('+node', connect);
  client.on('ready', () => {
    client.nodes().forEach(connect);
  });
  return client;
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

function reconnect(): number {
  return RECONNECT_EVERY_MS;
}
