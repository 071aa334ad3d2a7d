import { inspect } from 'node:util';

import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type AwsSandbox, type Fault, startAwsSandbox } from '@password-gateway/aws-sandbox';
import type { ProblemCode } from '@password-gateway/errors';

import { failureOf } from '../test/failure.js';
import { type StubAnswer, StubHandler } from '../test/stub-handler.js';
import { type CognitoPasswordChange, CognitoPasswordProvider } from './cognito-password-provider.js';
import type { CognitoCallOptions } from './provider-options.js';

const OLD = 'Old-Password-1';
const NEW = 'New Password-2 ü😀';

let sandbox: AwsSandbox;
let poolId: string;
let users = 0;
let username: string;
let accessToken: string;

beforeAll(async () => {
  sandbox = await startAwsSandbox();
  poolId = sandbox.cognito.createUserPool().id;
});

afterAll(async () => {
  await sandbox.close();
});

beforeEach(() => {
  sandbox.reset();
  users += 1;
  username = `user-${users}`;
  sandbox.cognito.createUser(poolId, { username, password: OLD });
  accessToken = sandbox.cognito.issueTokens(poolId, username).accessToken;
});

const provider = (options: CognitoCallOptions = {}) =>
  new CognitoPasswordProvider({ endpoint: sandbox.url, ...options });

const change = (changes: Partial<CognitoPasswordChange> = {}, options?: CognitoCallOptions) =>
  provider(options).changePassword({ accessToken, currentPassword: OLD, newPassword: NEW, ...changes });

const signsIn = (password: string) => sandbox.cognito.passwordMatches(poolId, username, password);

describe('a change', () => {
  it('replaces the password with one call', async () => {
    const changed = await change();
    expect(changed).toEqual({ provider: 'cognito', upstreamRequestId: sandbox.calls[0]?.requestId });
    expect([signsIn(OLD), signsIn(NEW)]).toEqual([false, true]);
    expect(sandbox.callCount).toBe(1);
  });

  it('sets the first password of a passwordless user', async () => {
    sandbox.cognito.updateUser(poolId, username, { password: null });
    await change({ currentPassword: undefined });
    expect(signsIn(NEW)).toBe(true);
  });

  it('leaves PreviousPassword out when there is no current password', async () => {
    const requestHandler = new StubHandler();
    await change({ currentPassword: undefined }, { requestHandler });
    expect(await requestHandler.json()).toEqual({ AccessToken: accessToken, ProposedPassword: NEW });
  });

  it('goes through an SDK client of your own, past its retries and middleware', async () => {
    const client = new CognitoIdentityProviderClient({
      region: 'us-east-1',
      endpoint: sandbox.url,
      maxAttempts: 3,
    });
    client.middlewareStack.add(() => () => Promise.reject(new Error('middleware ran')), {
      step: 'initialize',
    });
    const changeByClient = () =>
      new CognitoPasswordProvider({ client }).changePassword({
        accessToken,
        currentPassword: OLD,
        newPassword: NEW,
      });
    await changeByClient();
    expect(signsIn(NEW)).toBe(true);

    sandbox.faults.next({ fault: { kind: 'reset' }, times: 3 });
    sandbox.clearCalls();
    expect(await failureOf(changeByClient())).toMatchObject({ code: 'upstream_failed' });
    expect(sandbox.callCount).toBe(1);
  });

  it('goes to the endpoint of the region', async () => {
    const requestHandler = new StubHandler();
    await new CognitoPasswordProvider({ region: 'eu-central-1', requestHandler }).changePassword({
      accessToken,
      newPassword: NEW,
    });
    expect(requestHandler.request).toMatchObject({
      method: 'POST',
      protocol: 'https:',
      hostname: 'cognito-idp.eu-central-1.amazonaws.com',
      path: '/',
    });
  });
});

describe('a change that is refused before any call', () => {
  it.each([
    [{ accessToken: 'not a token' }, 'credential_malformed'],
    [{ accessToken: '' }, 'credential_malformed'],
    [{ newPassword: OLD }, 'new_password_reused'],
    [{ newPassword: ' ' }, 'request_invalid'],
    [{ currentPassword: 'x'.repeat(257) }, 'request_invalid'],
    [{ accessToken: '', newPassword: '' }, 'credential_malformed'],
  ])('of %j is %s', async (changes, code) => {
    expect(await failureOf(change(changes))).toMatchObject({
      code,
      provider: 'cognito',
      outcome: 'unchanged',
    });
    expect(sandbox.callCount).toBe(0);
  });

  it('was given up already', async () => {
    expect(await failureOf(change({ signal: AbortSignal.abort() }))).toMatchObject({
      code: 'upstream_unreachable',
    });
    expect(sandbox.callCount).toBe(0);
  });
});

describe('a refusal of AWS', () => {
  it('says that the password is wrong, and keeps it', async () => {
    expect(await failureOf(change({ currentPassword: 'Wrong-Password-1' }))).toMatchObject({
      code: 'current_password_incorrect',
      outcome: 'unchanged',
      provider: 'cognito',
      confidence: 'inferred',
      upstream: {
        service: 'cognito-idp',
        error: 'NotAuthorizedException',
        requestId: sandbox.calls[0]?.requestId,
      },
    });
    expect(signsIn(OLD)).toBe(true);
  });

  it('asks for the current password of a user who has one', async () => {
    expect(await failureOf(change({ currentPassword: undefined }))).toMatchObject({
      code: 'current_password_required',
    });
  });

  it.each<[error: string, code: ProblemCode]>([
    ['ForbiddenException', 'blocked_by_firewall'],
    ['InternalErrorException', 'upstream_failed'],
    ['InvalidParameterException', 'request_invalid'],
    ['InvalidPasswordException', 'new_password_rejected'],
    ['LimitExceededException', 'attempts_exceeded'],
    ['NotAuthorizedException', 'current_password_incorrect'],
    ['OperationNotEnabledException', 'permission_denied'],
    ['PasswordHistoryPolicyViolationException', 'new_password_reused'],
    ['PasswordResetRequiredException', 'password_reset_required'],
    ['ResourceNotFoundException', 'pool_not_found'],
    ['TooManyRequestsException', 'upstream_throttled'],
    ['UserNotConfirmedException', 'account_not_confirmed'],
    ['UserNotFoundException', 'account_not_found'],
    ['ThrottlingException', 'upstream_throttled'],
    ['ServiceUnavailable', 'upstream_failed'],
    ['BrandNewException', 'upstream_error_unrecognised'],
  ])('%s becomes %s, after one call', async (error, code) => {
    sandbox.faults.next({ service: 'cognito-idp', fault: { kind: 'error', code: error } });
    expect(await failureOf(change())).toMatchObject({ code, provider: 'cognito' });
    expect(sandbox.callCount).toBe(1);
    expect(signsIn(OLD)).toBe(true);
  });
});

describe('an outcome that is unknown', () => {
  it.each<[fault: Fault, code: ProblemCode]>([
    [{ kind: 'commit-then-reset' }, 'upstream_failed'],
    [{ kind: 'commit-then-hang' }, 'upstream_timeout'],
    [{ kind: 'slow-drip' }, 'upstream_timeout'],
    [{ kind: 'truncated' }, 'upstream_failed'],
    [{ kind: 'large', bytes: 10_000_000 }, 'upstream_failed'],
    [{ kind: 'html', commit: true }, 'upstream_failed'],
    [{ kind: 'redirect', location: '/', commit: true }, 'upstream_failed'],
    [{ kind: 'status', status: 503, commit: true }, 'upstream_failed'],
    [{ kind: 'status', status: 403, commit: true }, 'upstream_failed'],
  ])('after %j is %s, and the call is not repeated', async (fault, code) => {
    sandbox.faults.next({ fault });
    const failure = await failureOf(change({}, { timeoutMs: code === 'upstream_timeout' ? 300 : 10_000 }));
    expect(failure).toMatchObject({ code, outcome: 'unknown', retryable: false, provider: 'cognito' });
    expect(sandbox.callCount).toBe(1);
    expect(signsIn(NEW)).toBe(true);
  });

  const json = { 'content-type': 'application/x-amz-json-1.1' };
  const html = { 'content-type': 'text/html' };

  it.each<[what: string, answer: StubAnswer]>([
    ['an object of another type', { headers: html, body: '{}' }],
    [
      'an object of a type that only ends like JSON',
      { headers: { 'content-type': 'text/x-application/json' }, body: '{}' },
    ],
    ['an object of no type', { headers: {}, body: '{}' }],
    ['nothing, as a page', { headers: html, body: '' }],
    ['a page', { headers: html, body: '<html></html>' }],
    ['a page that calls itself JSON', { headers: json, body: '<html></html>' }],
    ['half an object', { headers: json, body: '{"' }],
    ['an array', { headers: json, body: '[]' }],
    ['null', { headers: json, body: 'null' }],
    ['a string', { headers: json, body: '"changed"' }],
    [
      'bytes that are not UTF-8',
      { headers: json, body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]) },
    ],
    ['another success', { status: 201, headers: json, body: '{}' }],
    ['no content', { status: 204, headers: {}, body: '' }],
    ['a refusal without a name', { status: 400, headers: json, body: '{}' }],
    ['half a refusal', { status: 400, headers: json, body: '{"__type":"NotAuth' }],
    ['an empty refusal', { status: 403, headers: {}, body: '' }],
  ])('is what %s leaves', async (_, answer) => {
    const failure = await failureOf(change({}, { requestHandler: new StubHandler(answer) }));
    expect(failure).toMatchObject({ code: 'upstream_failed', outcome: 'unknown' });
  });

  it.each<[what: string, answer: StubAnswer]>([
    ['an empty object', { headers: json, body: '{}' }],
    ['an object with members', { headers: json, body: '{"Later":1}' }],
    ['plain JSON', { headers: { 'content-type': 'application/json; charset=utf-8' }, body: '{}' }],
    ['an empty answer', { headers: json, body: '' }],
    ['an empty answer of no type', { headers: {}, body: '' }],
  ])('is not what %s leaves', async (_, answer) => {
    await expect(change({}, { requestHandler: new StubHandler(answer) })).resolves.toMatchObject({
      provider: 'cognito',
    });
  });

  it('follows when the caller gives up on a call that is under way', async () => {
    const abort = new AbortController();
    sandbox.faults.next({ fault: { kind: 'commit-then-hang' } });
    const failure = failureOf(change({ signal: abort.signal }));
    while (!sandbox.calls.some(({ committed }) => committed))
      await new Promise((resolve) => setTimeout(resolve, 5));
    abort.abort();
    expect(await failure).toMatchObject({ code: 'upstream_timeout', outcome: 'unknown' });
  });
});

it('leaves the password unchanged when no connection can be made', async () => {
  await sandbox.refuse();
  const failure = await failureOf(change());
  await sandbox.accept();
  expect(failure).toMatchObject({ code: 'upstream_unreachable', outcome: 'unchanged', retryable: true });
  expect(sandbox.callCount).toBe(0);
});

describe('a failure', () => {
  it.each<Fault>([
    { kind: 'error', code: 'NotAuthorizedException', message: `${OLD} ${NEW}` },
    {
      kind: 'error',
      code: 'InvalidParameterException',
      message: `Value '${NEW}' at 'proposedPassword' failed`,
    },
    { kind: 'error', code: 'BrandNewException', message: `${OLD} ${NEW}` },
    { kind: 'status', status: 400, body: `${OLD} ${NEW}` },
    { kind: 'reset' },
    { kind: 'hang' },
    { kind: 'html' },
    { kind: 'truncated' },
  ])('after %j tells no password and no token', async (fault) => {
    sandbox.faults.next({ fault });
    const failure = await failureOf(change({}, { timeoutMs: fault.kind === 'hang' ? 300 : 10_000 }));
    const told = [
      inspect(failure, { depth: 10, showHidden: true }),
      JSON.stringify([failure, failure.message, failure.stack, failure.cause]),
    ].join();
    for (const secret of [OLD, NEW, accessToken, accessToken.split('.')[2]!])
      expect(told).not.toContain(secret);
  });
});

describe('an error name that nobody knows', () => {
  const named = (name: string, status: number) =>
    failureOf(change({}, { requestHandler: answering(status, { __type: name, message: 'x' }) }));
  const answering = (status: number, body: object) =>
    new StubHandler({
      status,
      headers: { 'content-type': 'application/x-amz-json-1.1' },
      body: JSON.stringify(body),
    });

  it.each([400, 500])('is told where it looks like one (%i)', async (status) => {
    expect((await named('BrandNewException', status)).upstream?.error).toBe('BrandNewException');
  });

  it.each([400, 500])('is not told where it repeats what was sent (%i)', async (status) => {
    const part = /[A-Za-z][A-Za-z0-9]{9,29}/.exec(accessToken)?.[0] ?? '';
    for (const name of ['Password', 'password', 'Old', part, 'two words', 'Naïve']) {
      expect([name, (await named(name, status)).upstream]).toEqual([name, { service: 'cognito-idp' }]);
    }
  });
});

describe('a page of AWS WAF', () => {
  it.each(['captcha', 'challenge'] as const)('that makes a %s is the firewall', async (challenge) => {
    sandbox.faults.next({ fault: { kind: 'waf', challenge } });
    expect(await failureOf(change())).toMatchObject({
      code: 'blocked_by_firewall',
      outcome: 'unchanged',
      provider: 'cognito',
      upstream: { service: 'cognito-idp' },
    });
    expect(signsIn(OLD)).toBe(true);
  });

  it.each([
    [405, {}],
    [405, { 'x-amzn-waf-action': 'allow' }],
    [200, { 'x-amzn-waf-action': 'challenge' }],
  ])('is no other page: %i %j', async (status, headers) => {
    const page = { status, headers: { 'content-type': 'text/html', ...headers }, body: '<html></html>' };
    expect(await failureOf(change({}, { requestHandler: new StubHandler(page) }))).toMatchObject({
      code: 'upstream_failed',
      outcome: 'unknown',
    });
  });
});
