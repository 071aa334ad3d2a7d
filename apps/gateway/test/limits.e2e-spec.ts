import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { type IamPerson, stranger } from './support/people.js';
import type { Reply } from './support/send-change.js';
import { change, GOOD, PROVIDERS, type RunningGateway, WEAK, World, WRONG } from './support/world.js';

/** Somebody whose credential proves nothing: its form is right, the rest is not. */
const NOBODY = { authorise: () => Promise.resolve({ authorization: 'Bearer a.b.c' }) };

/** An empty variable counts as not set. */
const BY_DEFAULT = '';

function times<Result>(count: number, what: () => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, what));
}

function codes(replies: readonly Reply[]): unknown[] {
  return replies.map(({ json }) => json['code'] ?? json['status']);
}

describe('limits', () => {
  let world: World;
  let gateway: RunningGateway;

  beforeAll(async () => {
    world = await World.start();
  });

  beforeEach(() => {
    world.sandbox.reset();
  });

  afterEach(() => gateway.close());
  afterAll(() => world.end());

  describe('RATE_LIMIT_ADDRESS, by default 30 attempts a minute without a proven identity', () => {
    beforeEach(async () => {
      gateway = await world.gateway({ RATE_LIMIT_ADDRESS: BY_DEFAULT });
    });

    it('the 31st is 429 rate_limited, with exact headers and nothing sent', async () => {
      const replies = await times(30, () => change(gateway, NOBODY, GOOD));
      expect(new Set(codes(replies))).toEqual(new Set(['credential_malformed']));
      const refused = await change(gateway, world.cognitoUser(), GOOD);
      expect(refused).toMatchObject({
        status: 429,
        json: { code: 'rate_limited', outcome: 'unchanged', retryable: true, next: 'wait_and_retry' },
        headers: { 'ratelimit-policy': '"address";q=30;w=60' },
      });
      const wait = Number(refused.headers['retry-after']);
      expect(wait).toBeGreaterThan(55);
      expect(wait).toBeLessThanOrEqual(60);
      expect(refused.headers['ratelimit']).toBe(`"address";r=0;t=${wait}`);
      expect(world.sandbox.callCount).toBe(0);
    });

    it('another address is not affected', async () => {
      await times(30, () => change(gateway, NOBODY, GOOD));
      expect(await change(gateway, world.cognitoUser(), GOOD, { from: '127.0.0.2' })).toMatchObject({
        status: 200,
      });
    });

    it('a spoofed X-Forwarded-For does not fool it', async () => {
      let last = 0;
      const spoof = () =>
        change(gateway, NOBODY, GOOD, {
          headers: { 'x-forwarded-for': `203.0.113.${++last}`, forwarded: 'for=198.51.100.1' },
        });
      await times(30, spoof);
      expect(await spoof()).toMatchObject({ status: 429 });
    });

    it.each(PROVIDERS)('honest users behind one address never use it up: %s', async (provider) => {
      const crowd = Array.from({ length: 20 }, () => world.user(provider));
      const replies = await Promise.all(
        crowd.flatMap((person) => [WRONG, WEAK].map((passwords) => change(gateway, person, passwords))),
      );
      expect(new Set(codes(replies))).toEqual(
        new Set(['current_password_incorrect', 'new_password_rejected']),
      );
      const successes = await Promise.all(crowd.map((person) => change(gateway, person, GOOD)));
      expect(new Set(codes(successes))).toEqual(new Set(['changed']));
      expect(successes[0]?.headers).not.toHaveProperty('retry-after');
    });

    it('strangers with an access key id are counted: AWS has proven nobody', async () => {
      const attacker = { authorise: stranger(world.iamUser()) };
      const replies = await times(30, () => change(gateway, attacker, WRONG));
      expect(new Set(codes(replies))).toEqual(new Set(['signature_mismatch']));
      expect(await change(gateway, attacker, WRONG)).toMatchObject({ status: 429 });
      expect(world.sandbox.callCount).toBe(30);
    });

    it('AWS being unreachable costs nobody a point', async () => {
      const person = world.iamUser();
      await world.sandbox.refuse();
      await times(40, () => change(gateway, person, GOOD));
      await world.sandbox.accept();
      expect((await change(gateway, NOBODY, GOOD)).headers['ratelimit']).toMatch(/^"address";r=29;/);
    });
  });

  describe('TRUST_PROXY', () => {
    it('X-Forwarded-For is believed from the named network, each client counted for itself', async () => {
      gateway = await world.gateway({ RATE_LIMIT_ADDRESS: '2/60', TRUST_PROXY: '127.0.0.0/30' });
      const via = (client: string, from: string) =>
        change(gateway, NOBODY, GOOD, { from, headers: { 'x-forwarded-for': client } });
      await via('203.0.113.1', '127.0.0.1');
      await via('203.0.113.1', '127.0.0.2');
      expect(await via('203.0.113.1', '127.0.0.1')).toMatchObject({ status: 429 });
      expect(await via('203.0.113.2', '127.0.0.1')).toMatchObject({ status: 401 });
    });

    it('it is believed from no other network', async () => {
      gateway = await world.gateway({ RATE_LIMIT_ADDRESS: '2/60', TRUST_PROXY: '10.0.0.0/8' });
      const spoof = (client: string) =>
        change(gateway, NOBODY, GOOD, { headers: { 'x-forwarded-for': client } });
      await spoof('203.0.113.1');
      await spoof('203.0.113.2');
      expect(await spoof('203.0.113.3')).toMatchObject({ status: 429 });
    });

    it('of a chain only the part that trusted proxies wrote counts', async () => {
      gateway = await world.gateway({ RATE_LIMIT_ADDRESS: '2/60', TRUST_PROXY: '127.0.0.0/8' });
      const spoof = (invented: string) =>
        change(gateway, NOBODY, GOOD, { headers: { 'x-forwarded-for': `${invented}, 203.0.113.7` } });
      await spoof('198.51.100.1');
      await spoof('198.51.100.2');
      expect(await spoof('198.51.100.3')).toMatchObject({ status: 429 });
    });
  });

  describe('RATE_LIMIT_IDENTITY, by default 4 wrong passwords in an hour', () => {
    beforeEach(async () => {
      gateway = await world.gateway({ RATE_LIMIT_IDENTITY: BY_DEFAULT });
    });

    it.each(PROVIDERS)(
      'the attempt after the 4th wrong password is 429, and not sent: %s',
      async (provider) => {
        const person = world.user(provider);
        const left = [];
        for (let guess = 1; guess <= 4; guess++) {
          const reply = await change(gateway, person, WRONG);
          expect(reply.json).toMatchObject({ code: 'current_password_incorrect' });
          left.push(/r=(\d+)/.exec(reply.headers['ratelimit'] ?? '')?.[1]);
        }
        expect(left).toEqual(['3', '2', '1', '0']);
        const refused = await change(gateway, person, GOOD);
        expect(refused).toMatchObject({
          status: 429,
          json: { code: 'rate_limited', outcome: 'unchanged' },
          headers: { 'ratelimit-policy': '"identity";q=4;w=3600' },
        });
        const wait = Number(refused.headers['retry-after']);
        expect(wait).toBeGreaterThan(3590);
        expect(wait).toBeLessThanOrEqual(3600);
        expect(refused.headers['ratelimit']).toBe(`"identity";r=0;t=${wait}`);
        expect(world.sandbox.callCount).toBe(4);
      },
    );

    it('the gateway answers before Cognito locks the user out', async () => {
      const { id } = world.sandbox.cognito.createUserPool();
      await gateway.close();
      gateway = await world.gateway({ RATE_LIMIT_IDENTITY: BY_DEFAULT, COGNITO_USER_POOL_IDS: id });
      world.sandbox.cognito.createUser(id, { username: 'alice', password: GOOD.currentPassword });
      const { accessToken } = world.sandbox.cognito.issueTokens(id, 'alice');
      const alice = { authorise: () => Promise.resolve({ authorization: `Bearer ${accessToken}` }) };
      const replies = [];
      for (let guess = 0; guess < 8; guess++) replies.push(await change(gateway, alice, WRONG));
      expect(codes(replies).slice(4)).toEqual(Array(4).fill('rate_limited'));
      // Somewhere else the user signs in at once: five wrong passwords would have locked the account.
      expect(world.sandbox.cognito.signIn(id, 'alice', GOOD.currentPassword ?? '')).toHaveProperty(
        'accessToken',
      );
    });

    it('50 parallel wrong guesses of one user make at most 4 calls', async () => {
      const person = world.cognitoUser();
      world.sandbox.faults.next({ fault: { kind: 'delay', ms: 100 }, times: Infinity });
      let guess = 0;
      const replies = await times(50, () =>
        change(gateway, person, { ...WRONG, currentPassword: `Wrong-Horse-${++guess}` }),
      );
      expect(world.sandbox.callCount).toBeLessThanOrEqual(4);
      expect(codes(replies).filter((code) => code === 'rate_limited')).toHaveLength(
        50 - world.sandbox.callCount,
      );
    });

    it('attempts that were refused cost nothing: after 20 in parallel the limit is whole', async () => {
      const person = world.cognitoUser();
      world.sandbox.faults.next({ fault: { kind: 'delay', ms: 1500 }, times: 4 });
      const refused = codes(await times(20, () => change(gateway, person, WEAK)));
      expect(refused.filter((code) => code === 'rate_limited')).toHaveLength(16);
      const replies = [];
      for (let guess = 0; guess < 5; guess++) replies.push(await change(gateway, person, WRONG));
      expect(codes(replies)).toEqual([
        ...Array<string>(4).fill('current_password_incorrect'),
        'rate_limited',
      ]);
    });

    it.each(PROVIDERS)('policy failures and successes cost nothing: %s', async (provider) => {
      const person = world.user(provider);
      for (let round = 0; round < 6; round++) {
        expect((await change(gateway, person, WEAK)).json).toMatchObject({ code: 'new_password_rejected' });
      }
      const passwords = [
        'Correct-Horse-1',
        'Battery-Staple-2',
        'Correct-Horse-3',
        'Battery-Staple-4',
        'Correct-Horse-5',
        'Battery-Staple-6',
      ];
      for (const [index, newPassword] of passwords.slice(1).entries()) {
        const currentPassword = passwords[index] ?? '';
        expect(await change(gateway, person, { currentPassword, newPassword })).toMatchObject({
          status: 200,
        });
      }
    });

    it.each(PROVIDERS)('not_authorized costs a point like a wrong password: %s', async (provider) => {
      const person = world.user(provider);
      const code = provider === 'cognito' ? 'NotAuthorizedException' : 'AccessDenied';
      world.sandbox.faults.next({ fault: { kind: 'error', code, message: 'No words known.' }, times: 4 });
      const replies = [];
      for (let guess = 0; guess < 5; guess++) replies.push(await change(gateway, person, GOOD));
      expect(codes(replies)).toEqual([...Array<string>(4).fill('not_authorized'), 'rate_limited']);
    });

    it('a replayed answer costs nothing', async () => {
      const person = world.cognitoUser();
      const headers = { 'idempotency-key': 'the-same-wrong-password' };
      for (let round = 0; round < 6; round++) {
        expect((await change(gateway, person, WRONG, { headers })).json).toMatchObject({
          code: 'current_password_incorrect',
        });
      }
      expect(world.sandbox.callCount).toBe(1);
    });

    it("a stranger with the victim's access key id costs the victim no point", async () => {
      const victim: IamPerson = world.iamUser();
      const attacker = { authorise: stranger(victim) };
      await times(20, () => change(gateway, attacker, WRONG));
      world.sandbox.faults.next({ fault: { kind: 'error', code: 'ExpiredToken' }, times: 1 });
      await change(gateway, victim, WRONG);
      expect(await change(gateway, victim, GOOD)).toMatchObject({ status: 200 });
      expect((await change(gateway, victim, WRONG)).headers['ratelimit']).toMatch(/^"identity";r=3;/);
    });

    it('a limit of one user does not touch another', async () => {
      const [one, other] = [world.cognitoUser(), world.cognitoUser()];
      for (let guess = 0; guess < 5; guess++) await change(gateway, one, WRONG);
      expect(await change(gateway, other, GOOD)).toMatchObject({ status: 200 });
    });
  });

  it('the limits end: after the seconds of Retry-After the next attempt is served', async () => {
    gateway = await world.gateway({ RATE_LIMIT_IDENTITY: '1/1' });
    const person = world.cognitoUser();
    await change(gateway, person, WRONG);
    const refused = await change(gateway, person, GOOD);
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    await new Promise((resolve) => setTimeout(resolve, 1_000 * Number(refused.headers['retry-after'])));
    expect(await change(gateway, person, GOOD)).toMatchObject({ status: 200 });
  });

  it.each(PROVIDERS)('off turns both limits off, and no limit is told: %s', async (provider) => {
    gateway = await world.gateway({ RATE_LIMIT_ADDRESS: 'off', RATE_LIMIT_IDENTITY: 'off' });
    await times(40, () => change(gateway, NOBODY, GOOD));
    const person = world.user(provider);
    for (let guess = 0; guess < 8; guess++) await change(gateway, person, WRONG);
    const reply = await change(gateway, person, GOOD);
    expect(reply).toMatchObject({ status: 200 });
    expect(Object.keys(reply.headers).filter((name) => name.startsWith('ratelimit'))).toEqual([]);
  });
});
