import { Cluster, Redis, type RedisOptions } from 'ioredis';

import type { RedisSettings } from '../config/redis-settings.js';

/** A healthy Redis answers within a millisecond or two; nobody waits longer than this for a sick one. */
const COMMAND_TIMEOUT_MS = 250;
const CONNECT_TIMEOUT_MS = 1_000;
const RECONNECT_EVERY_MS = 500;

/** How often a cluster is asked who holds which slots, beside the times when it says so itself. */
const REFRESH_SLOTS_EVERY_MS = 5_000;

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
} satisfies RedisOptions;

/** A client of any form of Redis. */
export type RedisClient = Redis | Cluster;

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

function reconnect(): number {
  return RECONNECT_EVERY_MS;
}
