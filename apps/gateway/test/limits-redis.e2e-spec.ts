import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';

import { setTimeout as sleep } from 'node:timers/promises';

import { stranger } from './support/people.js';
import { describeWithRedis, RedisServer } from './support/redis-server.js';
import { change, GOOD, PROVIDERS, type RunningGateway, WEAK, World, WRONG } from './support/world.js';

/** Somebody whose credential proves nothing. */
const NOBODY = { authorise: () => Promise.resolve({ authorization: 'Bearer a.b.c' }) };

describeWithRedis('limits of two replicas that share a Redis', () => {
  let redis: RedisServer;
  let world: World;
  let replicas: RunningGateway[];
  let turn = 0;

  /** The replicas in turn, as behind a balancer. */
  const next = (): RunningGateway => replicas[turn++ % replicas.length]!;

  beforeAll(async () => {
    [redis, world] = await Promise.all([RedisServer.start(), World.start()]);
  });

  beforeEach(async () => {
    await redis.empty();
    world.sandbox.reset();
    const settings = {
      ...redis.settings,
      RATE_LIMIT_ADDRESS: '6/60',
      RATE_LIMIT_IDENTITY: '4/900',
      UPSTREAM_TIMEOUT_MS: '1000',
    };
    replicas = [await world.gateway(settings), await world.gateway(settings)];
  });

  afterEach(() => Promise.all(replicas.map(({ close }) => close())));

  afterAll(async () => {
    await world.end();
    await redis.end();
  });

  it('an address has its attempts once, not once per replica', async () => {
    const statuses = [];
    for (let attempt = 0; attempt < 8; attempt++) statuses.push((await change(next(), NOBODY, GOOD)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429, 429]);
  });

  it.each(PROVIDERS)(
    'an identity has its wrong passwords once, not once per replica: %s',
    async (provider) => {
      const person = world.user(provider);
      const statuses = [];
      for (let guess = 0; guess < 6; guess++) statuses.push((await change(next(), person, WRONG)).status);
      expect(statuses).toEqual([422, 422, 422, 422, 429, 429]);
      expect(world.sandbox.callCount).toBe(4);
      const refused = await change(next(), person, GOOD);
      expect(refused.headers['ratelimit']).toBe(`"identity";r=0;t=${refused.headers['retry-after'] ?? ''}`);
    },
  );

  it('50 parallel wrong guesses over both replicas make at most 4 calls', async () => {
    const person = world.cognitoUser();
    world.sandbox.faults.next({ fault: { kind: 'delay', ms: 100 }, times: Infinity });
    await Promise.all(
      Array.from({ length: 50 }, (_, guess) =>
        change(next(), person, { ...WRONG, currentPassword: `Wrong-Horse-${guess}` }),
      ),
    );
    expect(world.sandbox.callCount).toBeLessThanOrEqual(4);
  });

  it('guesses that begin late in the time of an earlier call are counted by both replicas', async () => {
    const person = world.cognitoUser();
    const delay = { kind: 'delay', ms: 700 } as const;
    await change(replicas[0]!, person, WEAK);
    await sleep(1_600);
    world.sandbox.clearCalls();
    world.sandbox.faults.next({ fault: delay, times: Infinity });
    const guess = (replica: RunningGateway, from: number) =>
      Promise.all(
        Array.from({ length: 4 }, (_, index) =>
          change(replica, person, { ...WRONG, currentPassword: `Wrong-Horse-${from + index}` }),
        ),
      );
    const first = guess(replicas[0]!, 0);
    await sleep(600);
    const second = guess(replicas[1]!, 4);
    const statuses = [...(await first), ...(await second)].map(({ status }) => status);
    expect(statuses.sort()).toEqual([422, 422, 422, 422, 429, 429, 429, 429]);
    expect(world.sandbox.callCount).toBe(4);
  });

  it("a stranger with the victim's access key id costs the victim no point", async () => {
    const victim = world.iamUser();
    const attacker = { authorise: stranger(victim) };
    for (let attempt = 0; attempt < 5; attempt++) await change(next(), attacker, WRONG);
    const statuses = [];
    for (const passwords of [WRONG, WRONG, WRONG, WRONG, GOOD])
      statuses.push((await change(next(), victim, passwords, { from: '127.0.0.2' })).status);
    expect(statuses).toEqual([422, 422, 422, 422, 429]);
  });
});
