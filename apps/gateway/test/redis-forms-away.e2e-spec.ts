import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';

import { GatewayConfig } from '../src/config/config.js';
import { RedisConnection } from '../src/redis/redis-connection.js';
import { RedisSentinels } from './support/redis-sentinel.js';
import { RedisCluster } from './support/redis-cluster.js';
import {
  keyedRequest,
  readiness,
  type RedisForm,
  startCluster,
  startSentinel,
} from './support/redis-forms.js';
import { RedisGuard } from './support/redis-guard.js';
import { REDIS_PROGRAMS } from './support/redis-forms.js';
import { describeWithRedis, freePort, type RedisServer } from './support/redis-server.js';
import type { Reply } from './support/send-change.js';
import { change, GOOD, PROVIDERS, type RunningGateway, World } from './support/world.js';

/** No request takes longer, whatever Redis does. */
const PATIENCE_MS = 1_000;
const LIMITS = { RATE_LIMIT_ADDRESS: '20/60', RATE_LIMIT_IDENTITY: '4/900' };

describeWithRedis(
  'Redis in its forms, when servers go',
  () => {
    let world: World;
    let guard: RedisGuard;
    /** Ends what a test has opened. */
    const opened: (() => unknown)[] = [];

    beforeAll(async () => {
      guard = new RedisGuard();
      world = await World.start();
    });

    beforeEach(() => {
      world.sandbox.reset();
    });

    afterEach(async () => {
      for (const end of opened.splice(0)) await end();
    });

    afterAll(async () => {
      await world.end();
      guard.end();
    });

    describe('a cluster that changes', () => {
      let cluster: RedisCluster;
      let gateway: RunningGateway;

      beforeAll(async () => {
        cluster = await RedisCluster.start(guard);
        gateway = await world.gateway({ ...cluster.settings, ...LIMITS });
      }, 30_000);

      beforeEach(async () => {
        await cluster.empty();
        await readiness(gateway, 'ready');
      });

      afterAll(async () => {
        await gateway.close();
        await cluster.end();
      });

      it('a key whose slot moves keeps its answer', async () => {
        const request = await keyedRequest(world, 'cognito');
        const first = await request(gateway);
        const { node, key } = await cluster.find('pgw:{');
        const again = async (): Promise<void> => {
          expect(await request(gateway)).toMatchObject({ status: 200, text: first.text });
        };
        // Half-way Redis itself refuses scripts that ask for keys which are not there: TRYAGAIN.
        await cluster.move(key, node, async () => {
          const reply = await request(gateway);
          expect(reply).toMatchObject({ status: 503, json: { outcome: 'unknown', retryable: true } });
          expect(reply.milliseconds).toBeLessThan(PATIENCE_MS);
        });
        await again();
        expect(world.sandbox.callCount).toBe(1);
      });

      describe.each<readonly [string, (node: RedisServer) => unknown, (node: RedisServer) => unknown]>([
        ['killed', (node) => node.kill(), (node) => node.launch()],
        ['hung', (node) => node.pause(), (node) => node.resume()],
      ])('%s', (_how, leave, comeBack) => {
        const away: RedisServer[] = [];
        const allBack = async (): Promise<void> => {
          for (const node of away.splice(0)) await comeBack(node);
          await cluster.whole();
          await readiness(gateway, 'ready');
        };

        afterEach(allBack, 30_000);

        it.each(['one node', 'every node'])(
          '%s: nobody waits long, and when it is back all is as before',
          async (which) => {
            const request = await keyedRequest(world, 'cognito');
            const first = await request(gateway);
            expect(first).toMatchObject({ status: 200 });
            const nodes = which === 'one node' ? [(await cluster.find('pgw:{')).node] : cluster.nodes;
            for (const node of nodes) await leave(node);
            away.push(...nodes);
            const [withKey, without]: [Reply[], Reply[]] = [[await request(gateway)], []];
            for (let attempt = 0; attempt < 12; attempt++) {
              withKey.push(await (await keyedRequest(world, 'cognito'))(gateway));
              without.push(await change(gateway, world.cognitoUser(), GOOD));
            }
            expect(
              Math.max(...[...withKey, ...without].map(({ milliseconds }) => milliseconds)),
            ).toBeLessThan(PATIENCE_MS);
            expect(new Set(without.map(({ status }) => status))).toEqual(new Set([200]));
            expect(withKey[0]).toMatchObject({ status: 503, json: { code: 'idempotency_unavailable' } });
            await readiness(gateway, 'degraded');
            await allBack();
            expect(await request(gateway)).toMatchObject({ status: 200, text: first.text });
            expect(await (await keyedRequest(world, 'cognito'))(gateway)).toMatchObject({ status: 200 });
          },
          30_000,
        );
      });
    });

    it('sentinels that are away at the start are told, and found when they come', async () => {
      const port = await freePort();
      const environment = { REDIS_MODE: 'sentinel', REDIS_SENTINEL_MASTER: 'pgw-master' };
      const connection = await RedisConnection.open(
        new GatewayConfig({
          ...environment,
          REDIS_URL: `redis://127.0.0.1:${port}`,
          IDEMPOTENCY_SECRET: 'x'.repeat(32),
        }),
      );
      opened.push(() => {
        connection.onApplicationShutdown();
      });
      const told: boolean[] = [];
      connection.onChange(({ up }) => told.push(up));
      while (told.length < 1) await sleep(20);
      expect(await connection.state()).toMatchObject({ up: false });
      const sentinels = await RedisSentinels.start(undefined, [port]);
      opened.push(() => sentinels.end());
      while (!(await connection.state()).up) await sleep(20);
      expect(told).toEqual([false, true]);
    }, 10_000);

    it.each<readonly [string, () => Promise<RedisForm>]>([
      ['Sentinel', () => startSentinel(guard)],
      ['a cluster', () => startCluster(guard, 1)],
    ])(
      '%s makes a replica the master: keys are refused until then, and keep their answers',
      async (_name, start) => {
        const form = await start();
        opened.push(form.end);
        const gateway = await world.gateway({ ...form.settings, ...LIMITS });
        opened.unshift(gateway.close);
        await readiness(gateway, 'ready');
        const request = await keyedRequest(world, 'cognito');
        const first = await request(gateway);
        expect(first).toMatchObject({ status: 200 });
        const master = await form.holder();
        await master.asked((client) => client.call('WAIT', 1, 5_000));
        await master.kill();

        const away = [await request(gateway), await change(gateway, world.cognitoUser(), GOOD)];
        expect(away).toMatchObject([{ status: 503, json: { outcome: 'unknown' } }, { status: 200 }]);
        expect(Math.max(...away.map(({ milliseconds }) => milliseconds))).toBeLessThan(PATIENCE_MS);
        await readiness(gateway, 'degraded');

        await readiness(gateway, 'ready');
        for (const provider of PROVIDERS) {
          expect(await (await keyedRequest(world, provider))(gateway)).toMatchObject({ status: 200 });
        }
        world.sandbox.clearCalls();
        expect(await request(gateway)).toMatchObject({ status: 200, text: first.text });
        expect(world.sandbox.callCount).toBe(0);
      },
      30_000,
    );
  },
  REDIS_PROGRAMS,
);
