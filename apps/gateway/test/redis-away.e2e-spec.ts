import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { GatewayProcess } from './support/gateway-process.js';
import type { Person } from './support/people.js';
import { describeWithRedis, RedisServer } from './support/redis-server.js';
import { type Reply, send } from './support/send-change.js';
import { change, GOOD, PROVIDERS, World, WRONG } from './support/world.js';

/** No request takes longer, whatever Redis does (security.md). */
const PATIENCE_MS = 1_000;

/** Somebody whose credential proves nothing. */
const NOBODY = { authorise: () => Promise.resolve({ authorization: 'Bearer a.b.c' }) };

describeWithRedis('Redis goes away', () => {
  let redis: RedisServer;
  let world: World;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    world = await World.start();
  });

  beforeEach(async () => {
    world.sandbox.reset();
    redis = await RedisServer.start();
    gateway = await GatewayProcess.start(
      world.settings({
        ...redis.settings,
        RATE_LIMIT_ADDRESS: '5/60',
        RATE_LIMIT_IDENTITY: '2/900',
        METRICS: 'on',
      }),
    );
    await ready('ready');
  });

  afterEach(async () => {
    await gateway.kill();
    await redis.end();
  });

  afterAll(() => world.end());

  function withKey(person: Person, key: string = randomUUID(), passwords = GOOD): Promise<Reply> {
    return change(gateway, person, passwords, { headers: { 'idempotency-key': key } });
  }

  async function ready(status: string): Promise<Reply> {
    for (;;) {
      const reply = await send(`${gateway.url}/health/ready`);
      if (reply.json['status'] === status) return reply;
      await sleep(50);
    }
  }

  async function redisUp(): Promise<string | undefined> {
    const { text } = await send(`${gateway.url}/metrics`);
    return /^password_gateway_redis_up (\d)$/m.exec(text)?.[1];
  }

  const WAYS: readonly (readonly [string, () => unknown, () => unknown])[] = [
    ['killed and restarted', () => redis.kill(), () => redis.launch()],
    ['hung and let go on', () => redis.pause(), () => redis.resume()],
  ];

  describe.each(WAYS)('%s', (_how, leave, comeBack) => {
    it('requests with a key are refused, others served, limits hold, and it is told; then all is as before', async () => {
      const [cognito, iam] = [world.cognitoUser(), world.iamUser()];
      const guesser = world.cognitoUser();
      const earlier = randomUUID();
      const first = await withKey(cognito, earlier);
      expect(first).toMatchObject({ status: 200 });
      expect(await redisUp()).toBe('1');
      world.sandbox.clearCalls();

      await leave();
      const replies: Reply[] = [];
      const note = (reply: Reply): Reply => {
        replies.push(reply);
        return reply;
      };
      for (const person of [cognito, iam]) {
        expect(note(await withKey(person))).toMatchObject({
          status: 503,
          json: { code: 'idempotency_unavailable', outcome: 'unknown', retryable: true },
          headers: { 'retry-after': '1' },
        });
      }
      expect(world.sandbox.callCount).toBe(0);
      expect(note(await change(gateway, world.cognitoUser(), GOOD))).toMatchObject({ status: 200 });
      expect(note(await change(gateway, iam, GOOD))).toMatchObject({ status: 200 });
      const guesses = [];
      for (let guess = 0; guess < 4; guess++) {
        guesses.push(note(await change(gateway, guesser, WRONG)).status);
      }
      // What runs on other replicas is not known now, so "incorrect" is not believed: outcome_unresolved.
      expect(guesses).toEqual([409, 409, 429, 429]);
      const parallel = await Promise.all(Array.from({ length: 30 }, () => withKey(world.cognitoUser())));
      expect(new Set(parallel.map(note).map(({ status }) => status))).toEqual(new Set([503]));
      const strangers = [];
      for (let attempt = 0; attempt < 6; attempt++) {
        strangers.push(note(await change(gateway, NOBODY, GOOD, { from: '127.0.0.9' })).status);
      }
      expect(strangers).toEqual([401, 401, 401, 401, 401, 429]);
      expect(Math.max(...replies.map(({ milliseconds }) => milliseconds))).toBeLessThan(PATIENCE_MS);

      expect(await ready('degraded')).toMatchObject({
        status: 200,
        json: { checks: { tokenKeys: 'ok', redis: expect.stringContaining('away') } },
      });
      expect(await redisUp()).toBe('0');
      await gateway.line(({ msg }) => String(msg).startsWith('Redis is away'));

      await comeBack();
      await ready('ready');
      await gateway.line(({ msg }) => String(msg).startsWith('Redis is back'));
      expect(await redisUp()).toBe('1');
      const again = await withKey(cognito, earlier);
      expect(again).toMatchObject({ status: 200, text: first.text });
      expect(await withKey(world.iamUser())).toMatchObject({ status: 200 });
    }, 20_000);
  });

  it.each(PROVIDERS)(
    'in mid-call: the answer reaches the caller, and when Redis is back the key gives it again: %s',
    async (provider) => {
      const person = world.user(provider);
      const key = randomUUID();
      const headers = { ...(await person.authorise(GOOD)), 'idempotency-key': key };
      const request = () => change(gateway, { authorise: () => Promise.resolve(headers) }, GOOD);
      world.sandbox.faults.next({ fault: { kind: 'delay', ms: 300 } });
      const pending = request();
      while (world.sandbox.callCount === 0) await sleep(5);
      redis.pause();
      const first = await pending;
      expect(first).toMatchObject({ status: 200 });
      expect(first.milliseconds).toBeLessThan(300 + PATIENCE_MS);
      redis.resume();
      await ready('ready');
      // The late write is tried each second.
      await sleep(1_500);
      expect(await request()).toMatchObject({ status: 200, text: first.text });
      expect(world.sandbox.callCount).toBe(1);
    },
    10_000,
  );

  it('in mid-call: "incorrect" under a key is not believed, because an earlier attempt may be remembered there', async () => {
    world.sandbox.faults.next({ fault: { kind: 'delay', ms: 300 } });
    const pending = withKey(world.cognitoUser(), randomUUID(), WRONG);
    while (world.sandbox.callCount === 0) await sleep(5);
    await redis.kill();
    expect(await pending).toMatchObject({
      status: 409,
      json: { code: 'outcome_unresolved', outcome: 'unknown' },
    });
  });

  it('while it is away a captured signed request is still not run again', async () => {
    const headers = await world.iamUser().authorise(GOOD);
    const request = () => change(gateway, { authorise: () => Promise.resolve(headers) }, GOOD);
    await redis.kill();
    await ready('degraded');
    const [first, second] = [await request(), await request()];
    expect(second).toMatchObject({ status: 200, text: first.text });
    expect(world.sandbox.callCount).toBe(1);
  });

  it('it can be read and not be written: limits hold, and it is told', async () => {
    await redis.refuseWrites(true);
    await ready('degraded');
    const guesser = world.cognitoUser();
    const guesses = [];
    for (let guess = 0; guess < 3; guess++) guesses.push((await change(gateway, guesser, WRONG)).status);
    expect(guesses).toEqual([409, 409, 429]);
    expect(await redisUp()).toBe('0');
    await redis.refuseWrites(false);
    await ready('ready');
    expect(await change(gateway, guesser, WRONG)).toMatchObject({ status: 429 });
    expect(await change(gateway, world.cognitoUser(), GOOD)).toMatchObject({
      status: 200,
      headers: { ratelimit: '"identity";r=2' },
    });
  });

  it('its absence at the start is no reason not to start', async () => {
    await gateway.kill();
    await redis.kill();
    gateway = await GatewayProcess.start(world.settings(redis.settings));
    await ready('degraded');
    expect(await change(gateway, world.cognitoUser(), GOOD)).toMatchObject({ status: 200 });
    expect(await withKey(world.cognitoUser())).toMatchObject({ status: 503 });
    await redis.launch();
    await ready('ready');
    expect(await withKey(world.cognitoUser())).toMatchObject({ status: 200 });
  }, 10_000);

  it('nothing in it names a caller or holds a secret', async () => {
    const [cognito, iam] = [world.cognitoUser(), world.iamUser()];
    const signed = await iam.authorise(GOOD);
    for (const passwords of [WRONG, GOOD]) await withKey(cognito, randomUUID(), passwords);
    await change(gateway, { authorise: () => Promise.resolve(signed) }, GOOD, {
      headers: { 'idempotency-key': 'a-key-of-a-caller' },
    });
    world.sandbox.faults.next({ fault: { kind: 'commit-then-reset' } });
    await change(gateway, world.iamUser(), GOOD);
    await change(gateway, NOBODY, GOOD, { from: '127.0.0.9' });
    const stored = [...(await redis.everything())].flat().join('\n');
    const signature = /Signature=([0-9a-f]+)/.exec(signed['Authorization'] ?? '')?.[1];
    const named = [cognito.sub, cognito.username, cognito.accessToken, world.poolId, iam.userName];
    const { accessKeyId } = iam.credentials;
    const { currentPassword, newPassword } = GOOD;
    const secret = [accessKeyId, signature, '127.0.0', 'a-key-of-a-caller', currentPassword, newPassword];
    for (const text of [...named, ...secret, WRONG.currentPassword]) expect(stored).not.toContain(text);
    expect(stored).toMatch(/pgw:\{[\w-]{43}\}:name:[\w-]{43}/);
    expect(stored).toMatch(/pgw:limit:/);
  });
});
