import { Cluster, Redis, type RedisOptions } from 'ioredis';

import type { RedisSettings } from '../config/redis-settings.js';

/** A healthy Redis answers within a millisecond or two; nobody waits longer than this for a sick one. */
const COMMAND_TIMEOUT_MS = 250;
const CONNECT_TIMEOUT_MS = 1_000;
const RECONNECT_EVERY_MS = 500;

/** How often a cluster is asked who holds which slots, beside the times when it says so itself. */
const REFRESH_SLOTS_EVERY_MS = 5_000;

/** Nothing is queued, and nothing that may have been carried out is sent again. */
const IMPATIENT = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  commandTimeout: COMMAND_TIMEOUT_MS,
  connectTimeout: CONNECT_TIMEOUT_MS,
  retryStrategy: () => RECONNECT_EVERY_MS,
  // After a failover the old master may be a replica behind the same connection.
  reconnectOnError: ({ message }: Error) => message.startsWith('READONLY'),
} satisfies RedisOptions;

/**
 * A client of Redis that drops a connection whose server hangs, so that only one round of commands waits for it: the next
 * fail at once, until the connection stands again.
 */
class ImpatientRedis extends Redis {
  /** @inheritdoc */
  override sendCommand(...[command, stream]: Parameters<Redis['sendCommand']>): unknown {
    void command.promise.catch((error: unknown) => {
      if (error instanceof Error && error.message === 'Command timed out') this.disconnect(true);
    });
    return super.sendCommand(command, stream);
  }
}

/** A client of any form of Redis. */
export type RedisClient = Redis | Cluster;

/**
 * Connects to a single Redis, a cluster, or the master that Sentinels name.
 *
 * @param settings which, and how
 */
export function createRedisClient(settings: RedisSettings): RedisClient {
  const { mode, nodes, username, password, database, tls, sentinel } = settings;
  const options = {
    ...IMPATIENT,
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    ...(tls && { tls }),
  };
  if (mode === 'cluster') {
    return new Cluster([...nodes], {
      redisOptions: options,
      enableOfflineQueue: false,
      clusterRetryStrategy: () => RECONNECT_EVERY_MS,
      slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
      slotsRefreshInterval: REFRESH_SLOTS_EVERY_MS,
      // A cluster that sends a command elsewhere has not carried it out; after a lost connection nobody knows.
      maxRedirections: 4,
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      // Names stay names, so that certificates can be checked.
      ...(tls && {
        dnsLookup: (address, callback) => {
          callback(null, address);
        },
      }),
    });
  }
  if (mode === 'single') return new ImpatientRedis({ ...options, ...nodes[0], db: database });
  return new ImpatientRedis({
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
