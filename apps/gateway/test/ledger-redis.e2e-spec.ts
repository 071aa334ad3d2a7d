import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { RedisLink } from './support/redis-link.js';
import { describeWithRedis, RedisServer } from './support/redis-server.js';
import { type Reply, send, sendChange } from './support/send-change.js';
import { change, GOOD, PROVIDERS, type RunningGateway, startGateway, World, WRONG } from './support/world.js';

const UNRESOLVED = { status: 409, json: { code: 'outcome_unresolved', outcome: 'unknown' } };

describeWithRedis('the ledger of two replicas that share a Redis', () => {
  let world: World;
  let redis: RedisServer;
  let link: RedisLink;
  let one: RunningGateway;
  /** Behind a line that can be slow or dead. */
  let other: RunningGateway;

  beforeAll(async () => {
    world = await World.start();
    redis = await RedisServer.start();
    link = await RedisLink.start(redis.port);
    const limits = { RATE_LIMIT_ADDRESS: '30/60', RATE_LIMIT_IDENTITY: '20/900' };
    one = await startGateway(world.settings({ ...redis.settings, ...limits }));
    other = await startGateway(world.settings({ ...redis.settings, ...limits, REDIS_URL: link.url }));
    await Promise.all([ready(one), ready(other)]);
  });

  beforeEach(() => {
    world.sandbox.reset();
  });

  afterEach(async () => {
    Object.assign(link, { delayMs: 0, swallowsAnswers: false });
    await ready(other);
  });

  afterAll(async () => {
    await Promise.all([one.close(), other.close()]);
    await link.end();
    await redis.end();
    await world.end();
  });

  async function ready({ url }: RunningGateway): Promise<void> {
    while ((await send(`${url}/health/ready`)).json['status'] !== 'ready') await sleep(50);
  }

  it.each(PROVIDERS)(
    'the same change at once on both: one is changed, the other one cannot trust its "incorrect": %s',
    async (provider) => {
      const person = world.user(provider);
      world.sandbox.faults.next({ fault: { kind: 'delay', ms: 300 }, times: 2 });
      const replies = await Promise.all([change(one, person, GOOD), change(other, person, GOOD)]);
      const [changed, unsure] = replies.sort((first, second) => first.status - second.status);
      expect(changed).toMatchObject({ status: 200 });
      expect(unsure).toMatchObject(UNRESOLVED);
    },
  );

  it('one key, signed twice, on both: one runs, the other one is told that it does', async () => {
    const person = world.iamUser();
    const headers = { 'idempotency-key': randomUUID() };
    world.sandbox.faults.next({ fault: { kind: 'delay', ms: 300 } });
    const replies = await Promise.all([
      change(one, person, GOOD, { headers }),
      change(other, person, GOOD, { headers }),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(replies.find(({ status }) => status === 409)?.json).toMatchObject({
      code: 'request_in_progress',
      outcome: 'unknown',
    });
    expect(world.sandbox.callCount).toBe(1);
  });

  it.each(PROVIDERS)('an unknown outcome of one is known to the other: %s', async (provider) => {
    const person = world.user(provider);
    world.sandbox.faults.next({ fault: { kind: 'commit-then-reset' } });
    expect(await change(one, person, GOOD)).toMatchObject({ status: 502 });
    const another = { ...GOOD, newPassword: 'Other-Staple-3' };
    expect(await change(other, person, another)).toMatchObject(UNRESOLVED);
  });

  it.each(PROVIDERS)(
    'while Redis answers one of them too late, its "incorrect" is not believed: %s',
    async (provider) => {
      const person = world.user(provider);
      link.delayMs = 400;
      world.sandbox.faults.next({ fault: { kind: 'delay', ms: 300 }, times: 2 });
      const pending = change(one, person, GOOD);
      await sleep(100);
      const late = await change(other, person, GOOD);
      expect(await pending).toMatchObject({ status: 200 });
      expect(late).toMatchObject(UNRESOLVED);
    },
  );

  it('a captured signature that ran on one may run on the other while that cannot reach Redis, and is not told a lie', async () => {
    const headers = await world.iamUser().authorise(GOOD);
    const request = ({ url }: RunningGateway): Promise<Reply> => sendChange(url, GOOD, { headers });
    expect(await request(one)).toMatchObject({ status: 200 });
    link.swallowsAnswers = true;
    expect(await request(other)).toMatchObject(UNRESOLVED);
    link.swallowsAnswers = false;
    await ready(other);
    await sleep(1_200);
    // The first answer stays the one that is given again.
    expect(await request(one)).toMatchObject({ status: 200, headers: { 'idempotency-replayed': 'true' } });
    expect(world.sandbox.callCount).toBe(2);
  });

  it('a begin that was carried out and not confirmed is undone: the key can be used when Redis is back', async () => {
    const headers = { ...(await world.iamUser().authorise(GOOD)), 'idempotency-key': randomUUID() };
    const request = ({ url }: RunningGateway): Promise<Reply> => sendChange(url, GOOD, { headers });
    link.swallowsAnswers = true;
    expect(await request(other)).toMatchObject({
      status: 503,
      json: { code: 'idempotency_unavailable', outcome: 'unknown' },
    });
    expect(world.sandbox.callCount).toBe(0);
    link.swallowsAnswers = false;
    await ready(other);
    await sleep(1_200);
    expect(await request(one)).toMatchObject({ status: 200 });
  });

  describe('one change waits for Redis at most three times, one after the other', () => {
    it.each([
      ...PROVIDERS.flatMap((provider) => [
        [provider, 'with a key', GOOD, { 'idempotency-key': randomUUID() }] as const,
        [provider, 'without a key', GOOD, {}] as const,
        [provider, 'with a wrong password', WRONG, {}] as const,
        [provider, 'with a wrong password and a key', WRONG, { 'idempotency-key': randomUUID() }] as const,
      ]),
    ])('%s, %s', async (provider, _what, passwords, headers) => {
      const warm = world.user(provider);
      await change(other, warm, passwords);
      const person = world.user(provider);
      const sent = await person.authorise(passwords);
      link.delayMs = 5;
      // No timer of the gateway asks Redis for anything.
      await sleep(50);
      link.awaits = 0;
      const reply = await sendChange(other.url, passwords, { headers: { ...sent, ...headers } });
      expect(reply.status).toBe(passwords === GOOD ? 200 : 422);
      expect(link.awaits).toBeLessThanOrEqual(3);
      expect(link.awaits).toBeGreaterThan(0);
    });
  });
});
