import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '@password-gateway/aws-sandbox';
import { randomUUID } from 'node:crypto';

import { GatewayProcess } from './support/gateway-process.js';
import {
  type CognitoPerson,
  cognitoPerson,
  type IamPerson,
  type Person,
  signer,
  stranger,
} from './support/people.js';
import { describeWithRedis, RedisServer } from './support/redis-server.js';
import { Secrets, settled } from './support/secrets.js';
import { type Passwords, send, sendBytes, sendChange } from './support/send-change.js';
import { PROVIDERS, type Settings, World } from './support/world.js';

/** Passwords that no encoding leaves alone; what AWS's policies want is in them too. */
const CURRENT = 'Kanarie-"jetzt"\\1&+%/=? ü<é>';
const NEXT = 'Kanarie-"bald"\\2&+%/=? ö<è>';
const GUESS = 'Kanarie-"falsch"\\3&+%/=? ä<à>';
const WEAK = 'kanarie-"schwach"&+ß';

const CANARIES: Readonly<Record<string, string>> = { CURRENT, NEXT, GUESS, WEAK };

const CHANGE: Passwords = { currentPassword: CURRENT, newPassword: NEXT };

/** AWS quoting what it was sent, which it does in some texts. */
const QUOTES = `1 validation error: Value '${CURRENT}' at 'previousPassword', '${NEXT}' at 'proposedPassword'`;

const FAULTS: readonly Fault[] = [
  { kind: 'commit-then-reset' },
  { kind: 'commit-then-hang' },
  { kind: 'reset' },
  { kind: 'hang' },
  { kind: 'slow-drip' },
  { kind: 'status', status: 500, body: QUOTES },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 404, body: QUOTES },
  { kind: 'redirect', location: `http://127.0.0.1:9/?password=${encodeURIComponent(CURRENT)}` },
  { kind: 'html' },
  { kind: 'truncated' },
  { kind: 'truncated', framing: 'intact' },
  { kind: 'large', bytes: 200_000 },
  { kind: 'error', code: 'Throttling' },
  { kind: 'error', code: 'TooManyRequestsException' },
  { kind: 'error', code: 'NotAuthorizedException', message: QUOTES },
  { kind: 'error', code: 'InvalidParameterException', message: QUOTES },
  { kind: 'error', code: 'InvalidPasswordException', message: QUOTES },
  { kind: 'error', code: 'ValidationError', message: QUOTES },
  { kind: 'error', code: 'AccessDenied', message: QUOTES },
  { kind: 'error', code: 'PasswordPolicyViolation', message: QUOTES },
  { kind: 'error', code: 'NoSuchEntity', message: QUOTES },
  { kind: 'error', code: 'BrandNewException', message: QUOTES, status: 400 },
  { kind: 'error', code: `Refused '${CURRENT}'`, message: QUOTES, status: 400 },
];

/** Everything goes wrong once, with secrets that would be recognised anywhere; `everywhere` is what is then searched. */
function leakTests(name: string, settings: () => Settings, stored: () => Promise<string>): void {
  describe(`nothing leaks: ${name}`, () => {
    let world: World;
    let gateway: GatewayProcess;
    let cognito: CognitoPerson;
    let iam: IamPerson;
    const secrets = new Secrets();
    /** Every answer, headers and body. */
    const answers: string[] = [];

    beforeAll(async () => {
      world = await World.start();
      gateway = await GatewayProcess.start(
        world.settings({ UPSTREAM_TIMEOUT_MS: '250', LOG_LEVEL: 'debug', METRICS: 'on', ...settings() }),
      );
      [cognito, iam] = [world.cognitoUser(CURRENT), world.iamUser(CURRENT)];
      for (const [canary, password] of Object.entries(CANARIES)) secrets.add(canary, password);
      secrets.add('secret access key', iam.credentials.secretAccessKey);
    });

    afterAll(async () => {
      await gateway.kill();
      await world.end();
    });

    async function sent(headers: Readonly<Record<string, string>>, passwords: Passwords): Promise<number> {
      secrets.addCredential(headers);
      const reply = await sendChange(gateway.url, passwords, {
        headers: { ...headers, 'idempotency-key': randomUUID() },
      });
      answers.push(JSON.stringify(reply.headers), reply.text);
      return reply.status;
    }

    async function attempt(
      person: Pick<Person, 'authorise'>,
      passwords: Passwords = CHANGE,
    ): Promise<number> {
      return sent(await person.authorise(passwords), passwords);
    }

    async function raw(bytes: string): Promise<void> {
      answers.push(await sendBytes(gateway.url, bytes));
    }

    it.each(PROVIDERS)(
      'every fault of AWS: %s',
      async (provider) => {
        for (const fault of FAULTS) {
          const person = provider === 'cognito' ? world.cognitoUser(CURRENT) : world.iamUser(CURRENT);
          world.sandbox.faults.next({ fault });
          expect(await attempt(person)).not.toBe(200);
          world.sandbox.faults.clear();
          await attempt(person);
        }
        await world.sandbox.refuse();
        expect(await attempt(provider === 'cognito' ? cognito : iam)).toBe(502);
        await world.sandbox.accept();
      },
      20_000,
    );

    it('every decision of AWS', async () => {
      for (const person of [cognito, iam]) {
        expect(await attempt(person, { ...CHANGE, currentPassword: GUESS })).toBe(422);
        expect(await attempt(person, { ...CHANGE, newPassword: WEAK })).toBe(422);
        expect(await attempt(person)).toBe(200);
        expect(await attempt(person, { currentPassword: NEXT, newPassword: CURRENT })).toBe(200);
      }
      const session = world.sandbox.iam.createSession(iam.userName);
      secrets.add('secret access key of a session', session.secretAccessKey);
      expect(await attempt({ authorise: signer(session) }, { ...CHANGE, currentPassword: GUESS })).toBe(422);
      expect(await attempt({ authorise: stranger(iam) })).toBe(401);
      world.sandbox.iam.updateUser(iam.userName, { canChangePassword: false });
      expect(await attempt(iam)).toBe(403);
    });

    it('credentials that are refused', async () => {
      const { sandbox, poolId } = world;
      const { id: foreignPool } = sandbox.cognito.createUserPool();
      const odd: Person[] = [
        cognitoPerson(sandbox, poolId, { password: CURRENT, expiresInSeconds: -60 }),
        cognitoPerson(sandbox, poolId, { password: CURRENT, scope: 'openid' }),
        cognitoPerson(sandbox, poolId, { password: CURRENT, kid: 'unknown' }),
        cognitoPerson(sandbox, foreignPool, { password: CURRENT }),
      ];
      for (const person of odd) expect([401, 403]).toContain(await attempt(person));
      const { idToken, accessToken } = sandbox.cognito.issueTokens(poolId, cognito.username);
      const signed = await iam.authorise(CHANGE);
      const authorization = signed['Authorization'] ?? '';
      const wrong: Record<string, string>[] = [
        { authorization: `Bearer ${idToken}` },
        { authorization: `Bearer ${accessToken.slice(0, -4)}AAAA` },
        { authorization: `Bearer ${accessToken} ${accessToken}` },
        { authorization: `Basic ${Buffer.from(`user:${CURRENT}`).toString('base64')}` },
        { ...signed, authorization: `${authorization}, Bearer ${accessToken}` },
        { ...signed, Authorization: authorization.replace('/iam/', '/sts/') },
        { ...signed, Authorization: authorization.replace('Signature=', 'Signature=x') },
        { ...signed, 'X-Amz-Security-Token': Buffer.from(CURRENT).toString('base64') },
        { ...signed, 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' },
        { ...signed, 'X-Amz-Date': '20200101T000000Z' },
      ];
      secrets.add('access token', accessToken);
      secrets.add('ID token', idToken);
      for (const headers of wrong) expect(await sent(headers, CHANGE)).toBe(401);
    });

    it('requests that are refused before anybody looks at the credential', async () => {
      const headers = await cognito.authorise(CHANGE);
      const post = (body: string, more: Readonly<Record<string, string>> = {}, path = '/password/change') =>
        send(gateway.url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers, ...more },
          body,
        });
      const json = JSON.stringify(CHANGE);
      const query = new URLSearchParams({ password: CURRENT }).toString();
      const replies = [
        await post(json.slice(0, -1)),
        await post(json.replace('newPassword', 'currentPassword')),
        await post(JSON.stringify({ ...CHANGE, [NEXT]: CURRENT })),
        await post(JSON.stringify({ currentPassword: [CURRENT], newPassword: { NEXT } })),
        await post(JSON.stringify({ currentPassword: ` ${CURRENT}`, newPassword: `${NEXT} ` })),
        await post(JSON.stringify({ currentPassword: CURRENT, newPassword: CURRENT })),
        await post(JSON.stringify(CURRENT)),
        await post(json, { 'content-type': 'text/plain' }),
        await post(query, { 'content-type': 'application/x-www-form-urlencoded' }),
        await post(json, { 'content-encoding': 'gzip' }),
        await post(json, { 'idempotency-key': `"${encodeURIComponent(CURRENT)}` }),
        await post(json, { 'x-request-id': encodeURIComponent(CURRENT) }),
        await post(json.padEnd(17_000)),
        await post(json, {}, `/password/change?${query}`),
        await post(json, {}, `/password/change/${encodeURIComponent(CURRENT)}`),
        await send(`${gateway.url}/password/change?${query}`),
      ];
      for (const { status, headers: received, text } of replies) {
        expect(status).toBeLessThan(500);
        answers.push(JSON.stringify(received), text);
      }
    });

    it('bytes that are no HTTP', async () => {
      const { authorization = '' } = await cognito.authorise(CHANGE);
      const head = `POST /password/change HTTP/1.1\r\nHost: gateway\r\nAuthorization: ${authorization}\r\n`;
      const json = JSON.stringify(CHANGE);
      await raw(`${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n${json}`);
      await raw(`${head}Content-Length: nonsense\r\n\r\n${json}`);
      await raw(`${head}X-Password: ${CURRENT}\0\r\n\r\n`);
      await raw(`${head}${'X-Filler: x\r\n'.repeat(2_000)}\r\n`);
      await raw(`${head}Transfer-Encoding: chunked\r\n\r\n${CURRENT}\r\n`);
      await raw(`POST /${CURRENT} HTTP/1.1\r\nHost: gateway\r\n\r\n`);
      await raw(`${json}\r\n\r\n`);
      await raw(`${head}Expect: ${CURRENT}\r\n\r\n`);
    }, 15_000);

    it('is found in no answer, no output of the process, no metric, no memory of the store', async () => {
      const places = {
        answers: answers.join('\n'),
        output: await settled(() => gateway.output),
        metrics: (await send(`${gateway.url}/metrics`)).text,
        health: (await send(`${gateway.url}/health/ready`)).text,
        stored: await stored(),
      };
      expect(secrets.count).toBeGreaterThan(500);
      expect(places.answers.length).toBeGreaterThan(20_000);
      expect(places.output.length).toBeGreaterThan(20_000);
      for (const [place, text] of Object.entries(places)) {
        expect({ place, found: secrets.in(text) }).toEqual({ place, found: [] });
      }
    });
  });
}

describe('the search', () => {
  const secrets = new Secrets();
  secrets.add('password', CURRENT);

  it.each([
    ['as it is', `x${CURRENT}x`],
    ['in JSON', JSON.stringify({ a: CURRENT })],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ a: CURRENT }))],
    ['in a query', new URLSearchParams({ a: CURRENT }).toString()],
    ['in a URL', `http://x/${encodeURIComponent(CURRENT)}`],
    ['in hexadecimal', Buffer.from(`x${CURRENT}x`).toString('hex')],
    ['in base64', Buffer.from(`user:${CURRENT}`).toString('base64')],
    ['in base64, elsewhere', Buffer.from(`users:${CURRENT}!`).toString('base64')],
    ['in base64url', Buffer.from(`user1::${CURRENT}!!`).toString('base64url')],
  ])('finds a secret %s', (_where, text) => {
    expect(secrets.in(text)).not.toEqual([]);
  });
});

leakTests(
  'records in this process',
  () => ({}),
  () => Promise.resolve(''),
);

describeWithRedis('leaks with Redis', () => {
  let redis: RedisServer;

  beforeAll(async () => {
    redis = await RedisServer.start();
  });

  afterAll(() => redis.end());

  leakTests(
    'records in Redis',
    () => ({ ...redis.settings, RATE_LIMIT_ADDRESS: '10000/60', RATE_LIMIT_IDENTITY: '100/900' }),
    async () => {
      const stored = [...(await redis.everything())].flat().join('\n');
      expect(stored.length).toBeGreaterThan(5_000);
      return stored;
    },
  );
});
