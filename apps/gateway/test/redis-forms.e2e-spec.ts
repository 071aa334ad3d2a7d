import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { GatewayConfig } from '../src/config/config.js';
import { RedisConnection } from '../src/redis/redis-connection.js';
import {
  keyedRequest,
  readiness,
  type RedisForm,
  startCluster,
  startSentinel,
  startSingle,
} from './support/redis-forms.js';
import { RedisGuard } from './support/redis-guard.js';
import { REDIS_PROGRAMS } from './support/redis-forms.js';
import { describeWithRedis } from './support/redis-server.js';
import { change, PROVIDERS, type RunningGateway, type Settings, World, WRONG } from './support/world.js';

const LIMITS = { RATE_LIMIT_ADDRESS: '20/60', RATE_LIMIT_IDENTITY: '4/900' };

let guard: RedisGuard;

const FORMS: readonly (readonly [string, () => Promise<RedisForm>])[] = [
  ['one server behind TLS', () => startSingle(guard)],
  ['a cluster', () => startCluster()],
  ['a cluster behind TLS', () => startCluster(guard)],
  ['Sentinel', () => startSentinel()],
  ['Sentinel behind TLS', () => startSentinel(guard)],
];

describeWithRedis(
  'Redis in its forms',
  () => {
    let world: World;

    beforeAll(async () => {
      guard = new RedisGuard();
      world = await World.start();
    });

    beforeEach(() => {
      world.sandbox.reset();
    });

    afterAll(async () => {
      await world.end();
      guard.end();
    });

    describe.each(FORMS)('%s', (_name, start) => {
      let form: RedisForm;
      let replicas: RunningGateway[];

      beforeAll(async () => {
        form = await start();
        const settings = { ...form.settings, ...LIMITS };
        replicas = [await world.gateway(settings), await world.gateway(settings)];
        for (const replica of replicas) await readiness(replica, 'ready');
      }, 30_000);

      beforeEach(() => form.empty());

      afterAll(async () => {
        await Promise.all(replicas.map(({ close }) => close()));
        await form.end();
      });

      it.each(PROVIDERS)('a change, and its answer again from the other replica: %s', async (provider) => {
        const request = await keyedRequest(world, provider);
        const first = await request(replicas[0]!);
        expect(first).toMatchObject({ status: 200 });
        expect(await request(replicas[1]!)).toMatchObject({ status: 200, text: first.text });
        expect(world.sandbox.callCount).toBe(1);
      });

      it.each(PROVIDERS)('limits are those of all replicas: %s', async (provider) => {
        const person = world.user(provider);
        const statuses = [];
        for (let guess = 0; guess < 6; guess++) {
          statuses.push((await change(replicas[guess % 2]!, person, WRONG)).status);
        }
        expect(statuses).toEqual([422, 422, 422, 422, 429, 429]);
      });

      it('callers of all slots', async () => {
        const replies = await Promise.all(
          Array.from({ length: 30 }, async () => (await keyedRequest(world, 'cognito'))(replicas[0]!)),
        );
        expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
      });

      it('the rights that the README names are enough', async () => {
        for (const server of form.servers) {
          expect(await server.asked((client) => client.acl('LOG'))).toEqual([]);
        }
      });
    });

    it.each<readonly [string, Settings, RegExp]>([
      [
        'no client certificate',
        { REDIS_TLS_CERT_FILE: '', REDIS_TLS_KEY_FILE: '' },
        // Whichever comes first: the alert, or the end of the connection.
        /CERTIFICATE_REQUIRED|ECONNRESET|EPIPE/,
      ],
      ['an authority that nobody knows', { REDIS_TLS_CA_FILE: '' }, /^SELF_SIGNED_CERT_IN_CHAIN$/],
      [
        'another name than the certificate has',
        { REDIS_TLS_SERVERNAME: '' },
        /^ERR_TLS_CERT_ALTNAME_INVALID$/,
      ],
      ['a wrong password', { REDIS_PASSWORD: 'wrong' }, /^WRONGPASS$/],
    ])('with %s Redis is away, and why is told', async (_what, wrong, reason) => {
      const form = await startSingle(guard);
      const connection = await RedisConnection.open(new GatewayConfig({ ...form.settings, ...wrong }));
      try {
        const told = await new Promise((resolve) => {
          connection.onChange(resolve);
        });
        expect(told).toEqual({ up: false, reason: expect.stringMatching(reason) });
        expect(await connection.state()).toMatchObject({ up: false });
      } finally {
        connection.onApplicationShutdown();
        await form.end();
      }
    });
  },
  REDIS_PROGRAMS,
);
