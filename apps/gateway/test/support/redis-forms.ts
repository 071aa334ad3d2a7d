import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { RedisCluster } from './redis-cluster.js';
import type { RedisGuard } from './redis-guard.js';
import { RedisSentinels } from './redis-sentinel.js';
import { RedisServer } from './redis-server.js';
import { type Reply, send } from './send-change.js';
import { change, GOOD, type PROVIDERS, type RunningGateway, type Settings, type World } from './world.js';

/** What the forms are made with. */
export const REDIS_PROGRAMS = ['redis-server', 'redis-cli', 'redis-sentinel'];

/** Redis in one of its forms. */
export interface RedisForm {
  readonly settings: Settings;
  readonly servers: readonly RedisServer[];
  readonly empty: () => Promise<void>;
  readonly end: () => Promise<void>;
  /** The server that has the records of a caller. */
  readonly holder: () => Promise<RedisServer>;
}

/** One server, in a database that is not its first. */
export async function startSingle(guard: RedisGuard): Promise<RedisForm> {
  const server = await RedisServer.start({}, guard);
  return {
    settings: { ...server.settings, REDIS_URL: `rediss://127.0.0.1:${server.port}/3`, ...guard.settings },
    servers: [server],
    empty: () => server.empty(),
    end: () => server.end(),
    holder: () => Promise.resolve(server),
  };
}

/** A cluster, each of its masters with a replica if so wished. */
export async function startCluster(guard?: RedisGuard, replicas: 0 | 1 = 0): Promise<RedisForm> {
  const cluster = await RedisCluster.start(guard, replicas);
  return {
    settings: cluster.settings,
    servers: cluster.nodes,
    empty: () => cluster.empty(),
    end: () => cluster.end(),
    holder: async () => (await cluster.find('pgw:{')).node,
  };
}

/** A master and its replica behind Sentinel. */
export async function startSentinel(guard?: RedisGuard): Promise<RedisForm> {
  const sentinels = await RedisSentinels.start(guard);
  return {
    settings: sentinels.settings,
    servers: [sentinels.master, sentinels.replica],
    empty: () => sentinels.master.empty(),
    end: () => sentinels.end(),
    holder: () => Promise.resolve(sentinels.master),
  };
}

/** Resolves once a gateway says so of itself. */
export async function readiness(gateway: RunningGateway, status: 'ready' | 'degraded'): Promise<void> {
  while ((await send(`${gateway.url}/health/ready`)).json['status'] !== status) await sleep(50);
}

/** One request with a key, of somebody new, so that it can be sent again as it is. */
export async function keyedRequest(
  world: World,
  provider: (typeof PROVIDERS)[number],
): Promise<(gateway: Pick<RunningGateway, 'url'>) => Promise<Reply>> {
  const headers = { ...(await world.user(provider).authorise(GOOD)), 'idempotency-key': randomUUID() };
  return (gateway) => change(gateway, { authorise: () => Promise.resolve(headers) }, GOOD);
}
