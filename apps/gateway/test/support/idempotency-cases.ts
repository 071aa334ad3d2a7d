import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { type CognitoPerson, type IamPerson, type Person, stranger as strangerTo } from './people.js';
import { type Reply, sendChange } from './send-change.js';
import { change, GOOD, PROVIDERS, type RunningGateway, type Settings, WEAK, World, WRONG } from './world.js';

const DEADLINE_MS = 700;

/** Another address of this machine. */
const ELSEWHERE = '127.0.0.9';

/** What the cases need of the world that they run in. */
export interface IdempotencyWorld {
  /** Settings of the gateways beyond those of the sandbox. */
  readonly settings: () => Settings;
}

/** A change that was prepared once, to be sent any number of times: same credential, same body. */
async function prepared(gateway: RunningGateway, person: Pick<Person, 'authorise'>, passwords = GOOD) {
  const credential = await person.authorise(passwords);
  return (key?: string): Promise<Reply> =>
    sendChange(gateway.url, passwords, {
      headers: { ...credential, ...(key !== undefined && { 'idempotency-key': key }) },
    });
}

/** What must hold of idempotency wherever its records are kept. */
export function idempotencyCases(name: string, { settings }: IdempotencyWorld): void {
  describe(`Idempotency-Key, ${name}`, () => {
    let world: World;
    let gateway: RunningGateway;
    let key: string;

    beforeAll(async () => {
      world = await World.start();
      gateway = await world.gateway({ UPSTREAM_TIMEOUT_MS: `${DEADLINE_MS}`, ...settings() });
    });

    beforeEach(() => {
      world.sandbox.reset();
      key = randomUUID();
    });

    afterAll(() => world.end());

    describe.each(PROVIDERS)('%s', (provider) => {
      let person: CognitoPerson | IamPerson;

      beforeEach(() => {
        person = world.user(provider);
      });

      it.each([
        ['a success', GOOD, 200, 'changed'],
        ['a wrong password', WRONG, 422, 'current_password_incorrect'],
        ['a refusal by the password policy', WEAK, 422, 'new_password_rejected'],
      ])(
        '%s is answered again byte for byte, without a second call',
        async (_what, passwords, status, code) => {
          const request = await prepared(gateway, person, passwords);
          const [first, second] = [await request(key), await request(key)];
          expect(first).toMatchObject({ status });
          expect([first.json['code'], first.json['status']]).toContain(code);
          expect(first.headers).not.toHaveProperty('idempotency-replayed');
          expect(second).toMatchObject({
            status,
            text: first.text,
            headers: { 'idempotency-replayed': 'true' },
          });
          expect(world.sandbox.callCount).toBe(1);
        },
      );

      it('an unknown outcome is answered again byte for byte, without a second call', async () => {
        world.sandbox.faults.next({ fault: { kind: 'commit-then-reset' } });
        const request = await prepared(gateway, person);
        const [first, second] = [await request(key), await request(key)];
        expect(first).toMatchObject({ status: 502, json: { code: 'upstream_failed', outcome: 'unknown' } });
        expect(second).toMatchObject({ status: 502, text: first.text });
        expect(second.headers).toMatchObject({ 'idempotency-replayed': 'true' });
        expect(world.sandbox.callCount).toBe(1);
      });

      it('outcome_unresolved is answered again too', async () => {
        world.sandbox.faults.next({ fault: { kind: 'commit-then-reset' } });
        await (
          await prepared(gateway, person)
        )();
        const request = await prepared(gateway, person);
        const [first, second] = [await request(key), await request(key)];
        expect(first).toMatchObject({ status: 409, json: { code: 'outcome_unresolved' } });
        expect(second).toMatchObject({ status: 409, text: first.text });
        expect(world.sandbox.callCount).toBe(2);
      });

      it('throttled is released at once: the same key runs again', async () => {
        const code = provider === 'cognito' ? 'TooManyRequestsException' : 'Throttling';
        world.sandbox.faults.next({ fault: { kind: 'error', code } });
        const request = await prepared(gateway, person);
        expect(await request(key)).toMatchObject({ status: 503, json: { code: 'upstream_throttled' } });
        expect(await request(key)).toMatchObject({ status: 200 });
        expect(world.sandbox.callCount).toBe(2);
      });

      it('refused connections are released at once: the same key runs again', async () => {
        const request = await prepared(gateway, person);
        await world.sandbox.refuse();
        expect(await request(key)).toMatchObject({ json: { code: 'upstream_unreachable' } });
        await world.sandbox.accept();
        expect(await request(key)).toMatchObject({ status: 200 });
        expect(world.sandbox.callCount).toBe(1);
      });

      it('while the first is in flight the same key is 409 request_in_progress', async () => {
        world.sandbox.faults.next({ fault: { kind: 'delay', ms: 300 } });
        const request = await prepared(gateway, person);
        const first = request(key);
        await sleep(100);
        expect(await request(key)).toMatchObject({
          status: 409,
          json: { code: 'request_in_progress', outcome: 'unknown', retryable: true },
        });
        expect(await first).toMatchObject({ status: 200 });
        expect(await request(key)).toMatchObject({ status: 200, text: (await first).text });
        expect(world.sandbox.callCount).toBe(1);
      });

      it('100 parallel requests with one key make one call', async () => {
        world.sandbox.faults.next({ fault: { kind: 'delay', ms: 300 } });
        const request = await prepared(gateway, person);
        const replies = await Promise.all(Array.from({ length: 100 }, () => request(key)));
        expect(world.sandbox.callCount).toBe(1);
        const ran = replies.filter(
          ({ status, headers }) => status === 200 && !('idempotency-replayed' in headers),
        );
        expect(ran).toHaveLength(1);
        for (const { status, json, text } of replies) {
          expect(status === 200 ? text : json['code']).toBe(
            status === 200 ? ran[0]?.text : 'request_in_progress',
          );
        }
      });

      it('another request under the key is 422 idempotency_key_reused, and not sent', async () => {
        expect(await change(gateway, person, GOOD, { headers: { 'idempotency-key': key } })).toMatchObject({
          status: 200,
        });
        const other = { currentPassword: GOOD.newPassword, newPassword: 'Other-Staple-3' };
        expect(await change(gateway, person, other, { headers: { 'idempotency-key': key } })).toMatchObject({
          status: 422,
          json: { code: 'idempotency_key_reused', outcome: 'unknown', retryable: false },
        });
        expect(world.sandbox.callCount).toBe(1);
      });

      it('a key with and without quotes is the same key', async () => {
        const request = await prepared(gateway, person);
        const [first, second] = [await request(key), await request(`"${key}"`)];
        expect(second).toMatchObject({ status: 200, text: first.text });
        expect(world.sandbox.callCount).toBe(1);
      });

      it.each([
        ['empty', ''],
        ['only quotes', '""'],
        ['an open quote', '"abc'],
        ['white space inside', 'a b'],
        ['256 characters', 'k'.repeat(256)],
        ['a backslash', '"a\\b"'],
      ])('a malformed key is 400 and nothing is sent: %s', async (_what, malformed) => {
        const request = await prepared(gateway, person);
        expect(await request(malformed)).toMatchObject({
          status: 400,
          json: { code: 'request_malformed', outcome: 'unchanged' },
        });
        expect(world.sandbox.callCount).toBe(0);
      });

      it('another caller may use the same key', async () => {
        const other = world.user(provider);
        const sending = { headers: { 'idempotency-key': key } };
        const [first, second] = [
          await change(gateway, person, GOOD, sending),
          await change(gateway, other, GOOD, sending),
        ];
        expect([first.status, second.status]).toEqual([200, 200]);
        expect(second.headers).not.toHaveProperty('idempotency-replayed');
        expect(world.sandbox.callCount).toBe(2);
      });
    });

    describe('IAM, whose caller only AWS can prove', () => {
      let victim: IamPerson;
      const withKey = () => ({ headers: { 'idempotency-key': key } });

      beforeEach(() => {
        victim = world.iamUser();
      });

      it('another signature of the same passwords under the same key is 422 once the first was proven', async () => {
        expect(await change(gateway, victim, WRONG, withKey())).toMatchObject({ status: 422 });
        expect(await change(gateway, victim, WRONG, withKey())).toMatchObject({
          status: 422,
          json: { code: 'idempotency_key_reused' },
        });
        expect(world.sandbox.callCount).toBe(1);
      });

      it('an answer that proved no identity is released: signature mismatch', async () => {
        const request = await prepared(gateway, { authorise: strangerTo(victim) });
        expect(await request(key)).toMatchObject({ status: 401, json: { code: 'signature_mismatch' } });
        expect(await request(key)).toMatchObject({ status: 401, json: { code: 'signature_mismatch' } });
        expect(world.sandbox.callCount).toBe(2);
      });

      it('an answer that proved no identity is released: expired credentials', async () => {
        world.sandbox.faults.next({ fault: { kind: 'error', code: 'ExpiredToken' } });
        const request = await prepared(gateway, victim);
        expect(await request(key)).toMatchObject({ status: 401, json: { code: 'credential_expired' } });
        expect(await request(key)).toMatchObject({ status: 200 });
        expect(world.sandbox.callCount).toBe(2);
      });

      it("a stranger with the victim's access key id occupies none of the victim's keys", async () => {
        const stranger = { authorise: strangerTo(victim) };
        expect(await change(gateway, stranger, WRONG, withKey())).toMatchObject({ status: 401 });
        expect(await change(gateway, victim, GOOD, withKey())).toMatchObject({ status: 200 });
      });

      it('nor when the call of the stranger ended unknown', async () => {
        const stranger = { authorise: strangerTo(victim) };
        world.sandbox.faults.next({ fault: { kind: 'hang' } });
        const sending = { ...withKey(), from: ELSEWHERE };
        expect(await change(gateway, stranger, WRONG, sending)).toMatchObject({ status: 504 });
        expect(await change(gateway, victim, GOOD, withKey())).toMatchObject({ status: 200 });
      });

      it('nor in parallel', async () => {
        const stranger = { authorise: strangerTo(victim) };
        world.sandbox.faults.next({ fault: { kind: 'delay', ms: 200 } });
        const [strange, own] = await Promise.all([
          change(gateway, stranger, WRONG, { ...withKey(), from: ELSEWHERE }),
          sleep(50).then(() => change(gateway, victim, GOOD, withKey())),
        ]);
        expect([strange.status, own.status]).toEqual([401, 200]);
      });

      it('a stranger learns nothing from replays: the same answer whatever passwords he sends', async () => {
        expect(await change(gateway, victim, GOOD, withKey())).toMatchObject({ status: 200 });
        const stranger = { authorise: strangerTo(victim) };
        const replies = [
          await change(gateway, stranger, GOOD, withKey()),
          await change(gateway, stranger, WRONG, withKey()),
          await change(gateway, stranger, { currentPassword: 'a', newPassword: 'b' }, withKey()),
        ];
        for (const { status, json, headers } of replies) {
          const { code, outcome, detail } = replies[0]!.json;
          expect({ status, json }).toMatchObject({ status: 422, json: { code, outcome, detail } });
          expect(headers).not.toHaveProperty('idempotency-replayed');
        }
        expect(replies[0]?.json['code']).toBe('idempotency_key_reused');
        expect(world.sandbox.callCount).toBe(1);
      });
    });

    describe('the replay of a captured signed request, without the header', () => {
      let person: IamPerson;

      beforeEach(() => {
        person = world.iamUser();
      });

      it('is not run again', async () => {
        const captured = await prepared(gateway, person);
        const [first, second] = [await captured(), await captured()];
        expect(second).toMatchObject({ status: 200, text: first.text });
        expect(second.headers).toMatchObject({ 'idempotency-replayed': 'true' });
        expect(world.sandbox.callCount).toBe(1);
      });

      it.each([
        ['without a key', undefined, undefined],
        ['first without, then with a key', undefined, 'a-key'],
        ['first with, then without a key', 'a-key', undefined],
        ['with another key', 'a-key', 'another-key'],
      ])('is not run again after A -> B -> A: %s', async (_what, firstKey, secondKey) => {
        const captured = await prepared(gateway, person);
        const named = (suffix: string | undefined) => suffix && `${key}-${suffix}`;
        expect(await captured(named(firstKey))).toMatchObject({ status: 200 });
        const back = { currentPassword: GOOD.newPassword, newPassword: person.password };
        expect(await change(gateway, person, back)).toMatchObject({ status: 200 });
        expect(await captured(named(secondKey))).toMatchObject({
          status: 200,
          headers: { 'idempotency-replayed': 'true' },
        });
        expect(world.sandbox.callCount).toBe(2);
        expect(person.has(person.password)).toBe(true);
      });

      it('with another password in the body is refused by AWS', async () => {
        const credential = await person.authorise(GOOD);
        expect(await sendChange(gateway.url, GOOD, { headers: credential })).toMatchObject({ status: 200 });
        const forged = { ...GOOD, newPassword: 'Forged-Staple-9' };
        expect(await sendChange(gateway.url, forged, { headers: credential })).toMatchObject({
          status: 401,
          json: { code: 'signature_mismatch' },
        });
        expect(person.has(forged.newPassword)).toBe(false);
      });

      it('in parallel makes one call', async () => {
        world.sandbox.faults.next({ fault: { kind: 'delay', ms: 200 } });
        const captured = await prepared(gateway, person);
        await Promise.all(Array.from({ length: 20 }, () => captured()));
        expect(world.sandbox.callCount).toBe(1);
      });
    });

    it('a Cognito change without the header is run each time it is sent', async () => {
      const request = await prepared(gateway, world.cognitoUser());
      expect(await request()).toMatchObject({ status: 200 });
      // AWS says that the current password is incorrect, because this very change has been made.
      expect(await request()).toMatchObject({ status: 409, json: { code: 'outcome_unresolved' } });
      expect(world.sandbox.callCount).toBe(2);
    });

    it('a Cognito user may repeat the request with a fresh token', async () => {
      const person = world.cognitoUser();
      const { accessToken } = world.sandbox.cognito.issueTokens(world.poolId, person.username);
      const sending = { headers: { 'idempotency-key': key } };
      const first = await change(gateway, person, GOOD, sending);
      const fresh = () => Promise.resolve({ authorization: `Bearer ${accessToken}` });
      expect(await change(gateway, { authorise: fresh }, GOOD, sending)).toMatchObject({
        status: 200,
        text: first.text,
      });
      expect(world.sandbox.callCount).toBe(1);
    });
  });
}
