import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Cluster } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';

import { GatewayConfig } from '../src/config/config.js';
import { KeyedHash } from '../src/fingerprint/keyed-hash.js';
import { AddressLimit } from '../src/limits/address-limit.js';
import type { RedisClient } from '../src/redis/redis-client.js';
import { RedisConnection } from '../src/redis/redis-connection.js';
import { GatewayProcess } from './support/gateway-process.js';
import { RedisCluster } from './support/redis-cluster.js';
import { keyedRequest, REDIS_PROGRAMS } from './support/redis-forms.js';
import { describeWithRedis, type RedisServer } from './support/redis-server.js';
import { type Reply, send } from './support/send-change.js';
import { World } from './support/world.js';

describeWithRedis(
  'a cluster of which a part is away',
  () => {
    let cluster: RedisCluster;

    beforeEach(async () => {
      cluster = await RedisCluster.start();
    }, 30_000);

    afterEach(() => cluster.end());

    it('while one node is dead and another hangs, the answers of the third belong to its questions', async () => {
      const config = new GatewayConfig({ ...cluster.settings, RATE_LIMIT_ADDRESS: '30/60' });
      const connection = await RedisConnection.open(config);
      const client = connection.client!;
      try {
        while (!(await connection.state()).up) await sleep(20);
        const limit = new AddressLimit(config, connection, new KeyedHash(config));
        const [dead, hung, well] = cluster.nodes as [RedisServer, RedisServer, RedisServer];
        const keys = await keysOn(well.port, client);
        // One of three masters alone would refuse everything, once it knows that it is alone.
        await well.asked((admin) => admin.config('SET', 'cluster-node-timeout', 60_000));
        await dead.kill();
        hung.pause();
        const wrong: unknown[] = [];
        const ask = async (question: string, key: string): Promise<void> => {
          const answer = await client
            .eval('return ARGV[1]', 1, key, question)
            .catch((error: unknown) => String(error));
          if (answer !== question) wrong.push(`${question}: ${String(answer)}`);
        };
        for (let round = 0; round < 60; round++) {
          await Promise.all([
            ...Array.from({ length: 30 }, (_, address) =>
              limit.check(`10.0.${round}.${address}`).catch(() => wrong.push('an address was refused')),
            ),
            ...keys.map((key, index) => ask(`question ${round}.${index}`, key)),
          ]);
          await sleep(20);
        }
        expect(wrong).toEqual([]);
      } finally {
        connection.onApplicationShutdown();
      }
    }, 30_000);

    it('it is told, by the log, readiness and metrics, and those whose records are elsewhere are served', async () => {
      const world = await World.start();
      const gateway = await GatewayProcess.start(world.settings({ ...cluster.settings, METRICS: 'on' }));
      const state = async (): Promise<Reply> => send(`${gateway.url}/health/ready`);
      const until = async (status: string): Promise<Reply> => {
        for (let reply = await state(); ; reply = await state()) {
          if (reply.json['status'] === status) return reply;
          await sleep(20);
        }
      };
      const redisUp = async (): Promise<string | undefined> =>
        /^password_gateway_redis_up (\d)$/m.exec((await send(`${gateway.url}/metrics`)).text)?.[1];
      try {
        await until('ready');
        const [lost] = cluster.nodes as [RedisServer];
        await lost.kill();
        expect(
          await gateway.line(({ msg }) => String(msg).startsWith('A part of Redis is away')),
        ).toMatchObject({
          level: 40,
          nodes: [`127.0.0.1:${lost.port}`],
          reason: expect.stringMatching(/^(closed|ECONN)/),
        });
        expect(await until('degraded')).toMatchObject({
          status: 200,
          json: { checks: { redis: expect.stringMatching(/^a part is away: /) } },
        });
        expect(await redisUp()).toBe('0');
        const statuses = [];
        for (let caller = 0; caller < 20; caller++) {
          statuses.push((await (await keyedRequest(world, 'cognito'))(gateway)).status);
        }
        expect([...new Set(statuses)].sort()).toEqual([200, 503]);
        await lost.launch();
        await gateway.line(({ msg }) => String(msg).startsWith('Redis is back'));
        await until('ready');
        expect(await redisUp()).toBe('1');
      } finally {
        await gateway.kill();
        await world.end();
      }
    }, 30_000);
  },
  REDIS_PROGRAMS,
);

/** Some keys of a node. */
async function keysOn(port: number, client: RedisClient): Promise<readonly string[]> {
  if (!(client instanceof Cluster)) throw new Error('not a cluster');
  const keys: string[] = [];
  for (let number = 0; keys.length < 20; number++) {
    const key = `key-${number}`;
    const slot = await client.cluster('KEYSLOT', key);
    if (client.slots[slot]?.[0] === `127.0.0.1:${port}`) keys.push(key);
  }
  return keys;
}
