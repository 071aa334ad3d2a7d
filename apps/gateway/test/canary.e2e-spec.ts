import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startAwsSandbox } from '@password-gateway/aws-sandbox';

import type { ProblemCase } from './problems/case.js';
import { COGNITO_CASES } from './problems/cognito.js';
import { CREDENTIAL_CASES } from './problems/credential.js';
import { IAM_CASES } from './problems/iam.js';
import { REQUEST_CASES } from './problems/request.js';
import { TRANSPORT_CASES } from './problems/transport.js';
import { type Answer, everSent } from './support/answer.js';
import { type Child, startGatewayProcess } from './support/child.js';
import { expectChanged, expectProblem } from './support/expect-problem.js';
import { change, changeWithBytes, request } from './support/http.js';
import { lines, ordinary, sendRequest } from './support/raw-socket.js';
import { Secrets } from './support/secrets.js';
import { gatewayEnvironment, type Stack } from './support/stack.js';
import { cognitoUser, iamUser, NEW, OLD, signed, WRONG } from './support/users.js';

/** Characters that every encoding changes, so that each form of a leak has its own look. */
const CANARY = { currentPassword: 'Kanarie-1 "alt" &+%\u00e9', newPassword: 'Kanarie-2 "neu" &+%\u00fc' };

const BREAK_PROVIDER = fileURLToPath(new URL('support/break-provider.mjs', import.meta.url));

/** In the artefact nobody could put a bug. */
const UNBUNDLED_MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** The gateway is a process of its own here, so no case may reach into it. */
type Outside = Omit<Stack, 'app' | 'close'>;

const answers: Answer[] = [];
const secrets = new Secrets();
let gateway: Child;
let broken: Child;
let settings: Readonly<Record<string, string>>;
let stack: Outside;
let stop: () => Promise<void>;

beforeAll(async () => {
  const sandbox = await startAwsSandbox();
  const strict = {
    passwordPolicy: { passwordHistorySize: 2 },
    attemptLimit: { attempts: 2, firstLockoutMs: 600_000 },
  };
  const pools = [{}, strict, {}].map((pool) => sandbox.cognito.createUserPool(pool));
  settings = {
    ...gatewayEnvironment(sandbox, pools),
    LOG_LEVEL: 'debug',
    METRICS: 'on',
    UPSTREAM_TIMEOUT_MS: '2000',
  };
  const { child, url } = await startGatewayProcess(settings);
  gateway = child;
  stack = { url, sandbox, pool: pools[0]!, pools };
  stop = async () => {
    await child.kill();
    await sandbox.close();
  };
  await request(stack, '/health/ready');
});

afterEach(() => {
  stack.sandbox.reset();
});

afterAll(() => stop());

/** Remembers an answer to search it in the end. */
async function remember(answer: Promise<Answer>): Promise<Answer> {
  answers.push(await answer);
  return answer;
}

/** Everything that was ever sent, and the keys that were used and must not have been sent at all. */
const keys: string[] = [];

function canaryIam(): ReturnType<typeof iamUser> {
  const user = iamUser(stack as Stack, { password: CANARY.currentPassword });
  keys.push(user.keys.secretAccessKey);
  return user;
}

function canaryCognito(): ReturnType<typeof cognitoUser> {
  return cognitoUser(stack as Stack, { password: CANARY.currentPassword });
}

describe('canaries go through success', () => {
  it('Cognito', async () => {
    expectChanged(await remember(change(stack, canaryCognito().auth, CANARY)), 'cognito');
  });

  it('IAM', async () => {
    expectChanged(await remember(change(stack, await signed(canaryIam().keys, CANARY), CANARY)), 'iam');
  });

  it('IAM with a session token', async () => {
    const session = stack.sandbox.iam.createSession(canaryIam().userName);
    keys.push(session.secretAccessKey);
    expectChanged(await remember(change(stack, await signed(session, CANARY), CANARY)), 'iam');
  });
});

describe('canaries go through failures', () => {
  const quoting = `Value '${CANARY.currentPassword}' at 'previousPassword', '${CANARY.newPassword}'`;

  it.each([
    'NotAuthorizedException',
    'InvalidParameterException',
    'InvalidPasswordException',
    `Bad '${CANARY.newPassword}'`,
  ])('AWS quotes them: %s', async (code) => {
    for (const send of [
      () => change(stack, canaryCognito().auth, CANARY),
      async () => change(stack, await signed(canaryIam().keys, CANARY), CANARY),
    ]) {
      stack.sandbox.faults.next({ fault: { kind: 'error', code, message: quoting } });
      expect((await remember(send())).status).toBeGreaterThanOrEqual(400);
    }
  });

  it('a bug quotes them', async () => {
    const { child, url } = await startGatewayProcess(settings, ['--import', BREAK_PROVIDER, UNBUNDLED_MAIN]);
    broken = child;
    const body = { ...CANARY, newPassword: `${CANARY.newPassword} BUG` };
    const answer = await remember(change({ url }, canaryCognito().auth, body));
    expectProblem(answer, 'internal_error', { outcome: 'unknown' });
    await broken.says(/"fault":"TypeError/);
    await broken.kill();
  });

  it('in a place where nobody expects them', async () => {
    const { auth } = canaryCognito();
    const secret = encodeURIComponent(CANARY.newPassword);
    const [bearer = ''] = lines(auth);
    for (const answer of [
      request(stack, `/${secret}?password=${secret}`, { headers: auth }),
      request(stack, `/password/change?newPassword=${secret}`, { method: 'POST', headers: auth }),
      change(stack, auth, { ...CANARY, [CANARY.newPassword]: CANARY.newPassword }),
      change(stack, auth, CANARY.newPassword),
      change(stack, auth, {
        currentPassword: [CANARY.currentPassword],
        newPassword: { [CANARY.newPassword]: 1 },
      }),
      change(stack, { ...auth, 'Content-Type': `text/${secret}` }, CANARY),
      change(stack, { ...auth, 'X-Request-Id': CANARY.newPassword.slice(0, 12) }, CANARY),
      change(stack, { ...auth, 'Idempotency-Key': `${secret} ` + 'two words' }, CANARY),
      change(stack, { Authorization: `Basic ${Buffer.from(CANARY.newPassword).toString('base64')}` }, CANARY),
      changeWithBytes(stack, auth, JSON.stringify(CANARY).slice(0, -2)),
      changeWithBytes(stack, auth, `{"${CANARY.newPassword.replaceAll('"', '')}":1,"a":1,"a":2}`),
      sendRequest(stack, { headers: ordinary(bearer, `Content-Length: ${secret}`) }),
      sendRequest(stack, { headers: ordinary(bearer, `${secret} : x`) }),
      sendRequest(stack, { requestLine: `${secret} /password/change HTTP/1.1`, headers: ordinary(bearer) }),
    ]) {
      await remember(answer);
    }
  });

  const cases = [...REQUEST_CASES, ...CREDENTIAL_CASES, ...COGNITO_CASES, ...IAM_CASES, ...TRANSPORT_CASES];
  /** Those that reach into the gateway, start their own, or wait for seconds and send no secret. */
  const elsewhere: readonly ProblemCase['code'][] = [
    'internal_error',
    'upstream_unavailable',
    'request_timeout',
  ];

  it.each(cases.filter(({ code }) => !elsewhere.includes(code)))('$code: $name', async ({ code, send }) => {
    const answer = await remember(send(stack as Stack));
    expect(answer.body.code).toBe(code);
  });
});

it('no canary is in any answer, any log line or any metric', async () => {
  const metrics = await request(stack, '/metrics');
  expect(metrics.text).toContain('password_gateway_attempts_total');
  gateway.signal('SIGTERM');
  expect(await gateway.ended).toEqual({ code: 0, signal: null });
  await sleep(0);
  for (const secret of [...Object.values(CANARY), OLD, NEW, WRONG]) secrets.add('password', secret);
  for (const secret of keys) secrets.add('secret access key', secret);
  // A scope or a field name alone is no secret, so the parts of a signed header are added one by one.
  for (const sent of everSent) if (!/^AWS4|^DeleteUser$/.test(sent)) secrets.add('sent', sent);
  expect(secrets.count).toBeGreaterThan(500);

  const places = [
    gateway.output,
    broken.output,
    metrics.text,
    ...answers.map(({ headers, text }) => JSON.stringify([...headers]) + text),
  ];
  expect(gateway.output.split('\n').length).toBeGreaterThan(200);
  for (const place of places) expect(secrets.in(place)).toEqual([]);
  expect(secrets.in(`nothing ${JSON.stringify(CANARY)} here`)).not.toEqual([]);
});
