import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { GatewayProcess } from './support/gateway-process.js';
import { idempotencyCases } from './support/idempotency-cases.js';
import type { Person } from './support/people.js';
import { describeWithRedis, RedisServer } from './support/redis-server.js';
import { type Reply, sendChange } from './support/send-change.js';
import { GOOD, PROVIDERS, type RunningGateway, World } from './support/world.js';

/** Deadline, and the margin of a lease beyond it (contract: deadline + 5 s). */
const DEADLINE_MS = 300;
const LEASE_MS = DEADLINE_MS + 5_000;

const UNRESOLVED = {
  code: 'outcome_unresolved',
  outcome: 'unknown',
  retryable: false,
  next: 'sign_in_with_new_password_to_find_out',
};

describeWithRedis('Idempotency-Key with Redis', () => {
  let redis: RedisServer;

  beforeAll(async () => {
    redis = await RedisServer.start();
  });

  afterAll(() => redis.end());

  idempotencyCases('records in Redis', { settings: () => redis.settings });

  describe('two replicas', () => {
    let world: World;
    let other: RunningGateway;

    beforeAll(async () => {
      world = await World.start();
      other = await world.gateway(redis.settings);
    });

    beforeEach(() => {
      world.sandbox.reset();
    });

    afterAll(() => world.end());

    /** A request with a key, made once, to be sent to any replica. */
    async function prepared(
      provider: Person['provider'],
    ): Promise<(gateway: { url: string }) => Promise<Reply>> {
      const headers = { ...(await world.user(provider).authorise(GOOD)), 'idempotency-key': randomUUID() };
      return ({ url }) => sendChange(url, GOOD, { headers });
    }

    it.each(PROVIDERS)('answer the same key once, in parallel and afterwards: %s', async (provider) => {
      const one = await world.gateway(redis.settings);
      const request = await prepared(provider);
      world.sandbox.faults.next({ fault: { kind: 'delay', ms: 200 } });
      await Promise.all(Array.from({ length: 20 }, (_, index) => request(index % 2 === 0 ? one : other)));
      const [first, second] = [await request(one), await request(other)];
      expect(first).toMatchObject({ status: 200, text: second.text });
      expect(world.sandbox.callCount).toBe(1);
    });

    it('when one dies in mid-call, its keys are in progress until the lease is over, then outcome_unresolved', async () => {
      const doomed = await GatewayProcess.start(
        world.settings({ ...redis.settings, UPSTREAM_TIMEOUT_MS: `${DEADLINE_MS}` }),
      );
      const requests = await Promise.all(PROVIDERS.map(prepared));
      world.sandbox.faults.next({ fault: { kind: 'commit-then-hang' }, times: 2 });
      const lost = requests.map((request) => request(doomed).catch(() => 'no answer'));
      while (world.sandbox.callCount < 2) await sleep(5);
      await doomed.kill();
      expect(await Promise.all(lost)).toEqual(['no answer', 'no answer']);
      for (const request of requests) {
        expect(await request(other)).toMatchObject({ status: 409, json: { code: 'request_in_progress' } });
      }
      await sleep(LEASE_MS);
      for (const request of requests) {
        expect(await request(other)).toMatchObject({ status: 409, json: UNRESOLVED });
      }
      expect(world.sandbox.callCount).toBe(2);
    }, 10_000);
  });
});
