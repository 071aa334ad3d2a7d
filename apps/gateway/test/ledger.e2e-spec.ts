import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { signIamPasswordChange } from '@password-gateway/provider-iam';

import { GatewayProcess } from './support/gateway-process.js';
import { cognitoPerson, stranger } from './support/people.js';
import { sendBytes } from './support/raw-socket.js';
import { send, sendChange } from './support/send-change.js';
import { change, GOOD, PROVIDERS, type RunningGateway, World, WRONG } from './support/world.js';

describe('the ledger', () => {
  let world: World;
  let gateway: RunningGateway;

  beforeAll(async () => {
    world = await World.start();
    gateway = await world.gateway({ RATE_LIMIT_ADDRESS: '5/60', RATE_LIMIT_IDENTITY: '4/900' });
  });

  beforeEach(() => {
    world.sandbox.reset();
  });

  afterAll(() => world.end());

  const withKey = () => ({ headers: { 'idempotency-key': randomUUID() } });

  it('another signature under the key of a change whose answer was lost is not told that nothing was changed', async () => {
    const person = world.iamUser();
    const sending = withKey();
    expect(await change(gateway, person, GOOD, sending)).toMatchObject({ status: 200 });
    expect(await change(gateway, person, GOOD, sending)).toMatchObject({
      status: 422,
      json: { code: 'idempotency_key_reused', outcome: 'unknown' },
    });
    expect(world.sandbox.callCount).toBe(1);
  });

  it.each(PROVIDERS)(
    'a key under which the first change is known to have ended unchanged says so to another request: %s',
    async (provider) => {
      const person = world.user(provider);
      const sending = withKey();
      expect(await change(gateway, person, WRONG, sending)).toMatchObject({ status: 422 });
      expect(await change(gateway, person, GOOD, sending)).toMatchObject({
        status: 422,
        json: { code: 'idempotency_key_reused', outcome: 'unchanged' },
      });
    },
  );

  it('one key may be tried again 1,001 times while AWS throttles', async () => {
    const person = world.cognitoUser();
    const sending = withKey();
    world.sandbox.faults.next({
      fault: { kind: 'error', code: 'TooManyRequestsException', status: 400 },
      times: 1_001,
    });
    for (let attempt = 0; attempt < 1_001; attempt++) {
      const { json } = await change(gateway, person, GOOD, sending);
      if (json['code'] !== 'upstream_throttled') expect(json).toMatchObject({ code: 'upstream_throttled' });
    }
    expect(await change(gateway, person, GOOD, sending)).toMatchObject({ status: 200 });
  }, 30_000);

  it.each(PROVIDERS)(
    '30 users of one address whom AWS throttles cost the 31st nothing: %s',
    async (provider) => {
      const code = provider === 'iam' ? 'Throttling' : 'TooManyRequestsException';
      world.sandbox.faults.next({ fault: { kind: 'error', code, status: 400 }, times: 30 });
      for (let user = 0; user < 30; user++) {
        expect(await change(gateway, world.user(provider), GOOD)).toMatchObject({ status: 503 });
      }
      expect(await change(gateway, world.user(provider), GOOD)).toMatchObject({ status: 200 });
    },
  );

  it('a key tells whoever holds the token no more about the passwords than the identity limit allows', async () => {
    const person = world.cognitoUser();
    const sending = withKey();
    expect(await change(gateway, person, GOOD, sending)).toMatchObject({ status: 200 });
    const guess = async (currentPassword: string) =>
      (await change(gateway, person, { ...GOOD, currentPassword }, sending)).status;
    const answers = [];
    for (let tried = 0; tried < 6; tried++) answers.push(await guess(`Guess-${tried}-A`));
    expect(answers).toEqual([422, 422, 422, 422, 429, 429]);
    // The right guess looks like the wrong ones, and does not claim that nothing was changed.
    expect(await change(gateway, person, GOOD, sending)).toMatchObject({
      status: 429,
      json: { code: 'rate_limited', outcome: 'unknown' },
    });
    expect(world.sandbox.callCount).toBe(1);
  });

  it('a stranger elsewhere who knows the access key id does not see that its owner failed', async () => {
    const victim = world.iamUser();
    for (let guess = 0; guess < 4; guess++) await change(gateway, victim, WRONG);
    expect(await change(gateway, victim, GOOD)).toMatchObject({ status: 429 });
    const reply = await change(gateway, { authorise: stranger(victim) }, GOOD, { from: '127.0.0.77' });
    expect(reply).toMatchObject({ status: 401, json: { code: 'signature_mismatch' } });
  });

  it('the same signature after its fifteen minutes gets its first answer, with and without its key', async () => {
    const person = world.iamUser();
    const credentials = { ...person.credentials };
    const date = new Date(Date.now() - 896_000);
    const signed = await signIamPasswordChange({
      ...GOOD,
      currentPassword: GOOD.currentPassword ?? '',
      credentials,
      date,
    });
    const headers = { ...signed, 'Idempotency-Key': randomUUID() } as unknown as Record<string, string>;
    const first = await sendChange(gateway.url, GOOD, { headers });
    expect(first).toMatchObject({ status: 200 });
    const fresh = { ...signed, 'Idempotency-Key': randomUUID() } as unknown as Record<string, string>;
    // The signature is known, whatever key comes with it.
    expect(await sendChange(gateway.url, GOOD, { headers: fresh })).toMatchObject({ status: 200 });
    await sleep(5_000);
    const unkeyed = { ...signed } as unknown as Record<string, string>;
    for (const again of [headers, unkeyed]) {
      expect(await sendChange(gateway.url, GOOD, { headers: again })).toMatchObject({
        status: 200,
        text: first.text,
      });
    }
    expect(world.sandbox.callCount).toBe(1);
  }, 10_000);

  it('a key answers its owner also when the token has expired meanwhile', async () => {
    const person = cognitoPerson(world.sandbox, world.poolId, { expiresInSeconds: 2 });
    const sending = withKey();
    const first = await change(gateway, person, GOOD, sending);
    expect(first).toMatchObject({ status: 200 });
    await sleep(2_500);
    expect(await change(gateway, person, GOOD, sending)).toMatchObject({ status: 200, text: first.text });
    expect(await change(gateway, person, GOOD, withKey())).toMatchObject({
      status: 401,
      json: { code: 'credential_expired', outcome: 'unknown' },
    });
    expect(world.sandbox.callCount).toBe(1);
  }, 10_000);

  it('a refusal of the address limit does not claim that the request under the key changed nothing', async () => {
    const nobody = { authorise: () => Promise.resolve({ authorization: 'Bearer a.b.c' }) };
    const from = '127.0.0.78';
    for (let attempt = 0; attempt < 5; attempt++) await change(gateway, nobody, GOOD, { from });
    const person = world.cognitoUser();
    expect(await change(gateway, person, GOOD, { from, ...withKey() })).toMatchObject({
      status: 429,
      json: { code: 'rate_limited', outcome: 'unknown' },
    });
    expect(await change(gateway, person, GOOD, { from })).toMatchObject({
      status: 429,
      json: { code: 'rate_limited', outcome: 'unchanged' },
    });
  });
});

describe('the ledger of a gateway that is told to stop', () => {
  it.each(PROVIDERS)(
    'a repeat of what runs is told that it runs, and something new that nothing was changed: %s',
    async (provider) => {
      const world = await World.start();
      const gateway = await GatewayProcess.start(world.settings());
      try {
        const person = world.user(provider);
        const headers = { ...(await person.authorise(GOOD)), 'idempotency-key': randomUUID() };
        world.sandbox.faults.next({ fault: { kind: 'delay', ms: 1_500 } });
        const running = sendChange(gateway.url, GOOD, { headers });
        while (world.sandbox.callCount === 0) await sleep(5);
        gateway.terminate();
        while ((await send(`${gateway.url}/health/ready`)).status !== 503) await sleep(5);
        expect(await sendChange(gateway.url, GOOD, { headers })).toMatchObject({
          status: 409,
          json: { code: 'request_in_progress', outcome: 'unknown' },
        });
        expect(await change(gateway, world.user(provider), GOOD)).toMatchObject({
          status: 503,
          json: { code: 'gateway_draining', outcome: 'unchanged' },
          headers: { connection: 'close' },
        });
        expect(await running).toMatchObject({ status: 200 });
        expect(await gateway.exitCode()).toBe(0);
      } finally {
        await gateway.kill();
        await world.end();
      }
    },
    15_000,
  );
});

describe('a request under a key that does not arrive whole', () => {
  it('is not told of as unchanged: an earlier one may have changed the password', async () => {
    const world = await World.start();
    const gateway = await world.gateway();
    try {
      const answer = await sendBytes(
        gateway,
        Buffer.from(
          'POST /password/change HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nIdempotency-Key: a\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n',
        ),
      );
      expect(answer.body).toMatchObject({ code: 'request_malformed', outcome: 'unknown' });
    } finally {
      await world.end();
    }
  });
});
