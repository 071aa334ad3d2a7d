import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

import { IAMClient } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type AccessKey, type AwsSandbox, type Fault, startAwsSandbox } from '@password-gateway/aws-sandbox';
import type { ProblemCode } from '@password-gateway/errors';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';

import { failureOf } from '../test/failure.js';
import { type StubAnswer, StubHandler, SUCCESS } from '../test/stub-handler.js';
import { IamPasswordProvider } from './iam-password-provider.js';
import type { IamPartitionName } from './partitions.js';
import type { IamCallOptions } from './provider-options.js';
import type { RelayableIamRequest } from './relayable-request.js';
import { signIamPasswordChange } from './signer.js';
import { changePasswordBody, FORM_CONTENT_TYPE, type IamPasswords } from './upstream-body.js';

const OLD = 'Old-Password-1';
const NEW = 'New-Password-2';
const PASSWORDS = { currentPassword: OLD, newPassword: NEW };
const CHANGE_BODY = changePasswordBody(PASSWORDS);

let sandbox: AwsSandbox;
let users = 0;
let userName: string;
let key: AccessKey;

beforeAll(async () => {
  sandbox = await startAwsSandbox();
});

afterAll(async () => {
  await sandbox.close();
});

beforeEach(() => {
  sandbox.reset();
  users += 1;
  userName = `user-${users}`;
  sandbox.iam.createUser({ userName, password: OLD });
  key = sandbox.iam.createAccessKey(userName);
});

const provider = (options: IamCallOptions = {}) =>
  new IamPasswordProvider({ endpoint: sandbox.url, ...options });

const change = (passwords: IamPasswords = PASSWORDS, options?: IamCallOptions) =>
  provider(options).changePassword({ credentials: key, ...passwords });

const signsIn = (password: string) => sandbox.iam.passwordMatches(userName, password);

const isoOf = (amzDate: string) =>
  amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');

const ODD_CHARACTERS = [
  ' a b ',
  'a+b',
  'a&Action=DeleteUser',
  '%20%00',
  "~*!'()",
  'ü é ÿ',
  'a\tb\r\nc',
  '"=/?#',
];

describe('a change by credentials', () => {
  it('replaces the password with one call', async () => {
    const changed = await change();
    expect(changed).toEqual({ provider: 'iam', upstreamRequestId: sandbox.calls[0]?.requestId });
    expect([signsIn(OLD), signsIn(NEW)]).toEqual([false, true]);
    expect(sandbox.callCount).toBe(1);
    expect(sandbox.calls[0]).toMatchObject({ host: 'iam.amazonaws.com' });
  });

  it('works in a session', async () => {
    const credentials = sandbox.iam.createSession(userName);
    await provider().changePassword({ ...PASSWORDS, credentials });
    expect(signsIn(NEW)).toBe(true);
  });

  it.each(ODD_CHARACTERS)('keeps every character of %j', async (odd) => {
    const newPassword = `New-2 ${odd}`;
    await change({ currentPassword: OLD, newPassword });
    expect(signsIn(newPassword)).toBe(true);
    await change({ currentPassword: newPassword, newPassword: OLD });
    expect(signsIn(OLD)).toBe(true);
  });

  it.each<[first: IamPartitionName, named: IamPartitionName | undefined, host: string]>([
    ['aws-cn', undefined, 'iam.cn-north-1.amazonaws.com.cn'],
    ['aws', 'aws-us-gov', 'iam.us-gov.amazonaws.com'],
  ])('is for the first partition, %s, or the named one, %s', async (first, named, host) => {
    const partitions = [first, ...(named ? [named] : [])];
    const partition = named && { partition: named };
    await provider({ partitions }).changePassword({ ...PASSWORDS, credentials: key, ...partition });
    expect(sandbox.calls[0]).toMatchObject({ host, committed: true });
  });
});

describe('a change by a signed request', () => {
  it('replaces the password', async () => {
    const signedRequest = await signIamPasswordChange({ ...PASSWORDS, credentials: key });
    await provider().changePassword({ ...PASSWORDS, signedRequest });
    expect([signsIn(OLD), signsIn(NEW)]).toEqual([false, true]);
  });

  it('works in a session', async () => {
    const credentials = sandbox.iam.createSession(userName);
    const signedRequest = await signIamPasswordChange({ ...PASSWORDS, credentials });
    await provider().changePassword({ ...PASSWORDS, signedRequest });
    expect(signsIn(NEW)).toBe(true);
  });

  it('takes one whose content hash was signed too, as the SDK signs by default', async () => {
    const headers = { host: 'iam.amazonaws.com', 'content-type': FORM_CONTENT_TYPE };
    const signer = new SignatureV4({ service: 'iam', region: 'us-east-1', credentials: key, sha256: Sha256 });
    const request = { method: 'POST', protocol: 'https:', hostname: headers.host, path: '/', headers };
    const signed = await signer.sign({ ...request, body: changePasswordBody(PASSWORDS) });
    const signedRequest = {
      Authorization: signed.headers['authorization']!,
      'X-Amz-Date': signed.headers['x-amz-date']!,
      'X-Amz-Content-Sha256': signed.headers['x-amz-content-sha256']!,
    };
    expect(signedRequest.Authorization).toContain(';x-amz-content-sha256;');
    await provider().changePassword({ ...PASSWORDS, signedRequest });
    expect(signsIn(NEW)).toBe(true);
  });

  it('is checked for the standard partition where no options are given', async () => {
    const signedRequest = await signIamPasswordChange({ ...PASSWORDS, credentials: key });
    expect(new IamPasswordProvider().check(signedRequest)).toMatchObject({ partition: 'aws' });
  });

  it('is carried out as it was checked, whatever became of its headers since', async () => {
    const signedRequest = { ...(await signIamPasswordChange({ ...PASSWORDS, credentials: key })) };
    const subject = provider();
    const checked = subject.check(signedRequest);
    expect(checked.signedAt).toBe(Date.parse(isoOf(signedRequest['X-Amz-Date'])));
    Object.assign(signedRequest, { Authorization: 'another', 'X-Amz-Date': 'another' });
    await (await subject.prepare(checked, PASSWORDS)).send();
    expect(signsIn(NEW)).toBe(true);
  });

  it('relays a form as it was checked, whatever became of it since', async () => {
    const handler = new StubHandler();
    const subject = provider({ requestHandler: handler });
    const signedRequest = await signIamPasswordChange({ ...PASSWORDS, credentials: key });
    const headers = { 'content-type': FORM_CONTENT_TYPE };
    const form = { body: CHANGE_BODY, host: undefined, headers };
    const checked = subject.check(signedRequest, form);
    headers['content-type'] = 'text/plain\r\nx-evil: 1';
    form.body = 'Action=DeleteUser';
    await (await subject.prepare(checked, PASSWORDS)).send();
    expect(handler.request).toMatchObject({
      body: CHANGE_BODY,
      headers: { 'content-type': FORM_CONTENT_TYPE },
    });
  });

  it('is sent once when it was prepared, however often it is asked to be, and shows its passwords to no printer', async () => {
    const handler = new StubHandler();
    const subject = provider({ requestHandler: handler });
    const signedRequest = await signIamPasswordChange({ ...PASSWORDS, credentials: key });
    const prepared = await subject.prepare(subject.check(signedRequest), PASSWORDS);
    expect(prepared.body).toBe(CHANGE_BODY);
    expect(`${inspect(prepared, { showHidden: true })} ${JSON.stringify(prepared)}`).not.toContain(NEW);
    const first = await prepared.send();
    handler.request = undefined;
    expect(await prepared.send()).toBe(first);
    expect(handler.request).toBeUndefined();
  });

  it('is sent with the passwords that were checked, though they are read anew each time', async () => {
    const handler = new StubHandler();
    const subject = provider({ requestHandler: handler });
    const signedRequest = await signIamPasswordChange({ ...PASSWORDS, credentials: key });
    let reads = 0;
    const changing = {
      currentPassword: OLD,
      get newPassword() {
        reads += 1;
        return reads === 1 ? NEW : '';
      },
    };
    await (await subject.prepare(subject.check(signedRequest), changing)).send();
    expect(handler.request?.body).toBe(CHANGE_BODY);
  });

  it('is refused, though checked, for other passwords than its form holds', async () => {
    const handler = new StubHandler();
    const subject = provider({ requestHandler: handler });
    const signedRequest = await signIamPasswordChange({ ...PASSWORDS, credentials: key });
    const headers = { 'content-type': FORM_CONTENT_TYPE };
    const checked = subject.check(signedRequest, { body: CHANGE_BODY, host: undefined, headers });
    const work = subject.prepare(checked, { ...PASSWORDS, newPassword: 'Another-3' });
    await expect(work).rejects.toMatchObject({ code: 'signature_mismatch', outcome: 'unchanged' });
    expect(handler.request).toBeUndefined();
  });

  it.each([
    ['by nobody', (checked: RelayableIamRequest) => structuredClone(checked)],
    ['by a provider of other partitions', (checked: RelayableIamRequest) => checked],
  ])('is not taken for checked when it was checked %s', async (what, forge) => {
    const handler = new StubHandler();
    const signedRequest = await signIamPasswordChange({ ...PASSWORDS, credentials: key });
    const checked = forge(provider().check(signedRequest));
    const partitions: IamPartitionName[] = what === 'by nobody' ? ['aws'] : ['aws-cn'];
    const work = provider({ requestHandler: handler, partitions }).prepare(checked, PASSWORDS);
    await expect(work).rejects.toMatchObject({ code: 'credential_malformed', outcome: 'unchanged' });
    expect(handler.request).toBeUndefined();
  });

  it('relays a native form byte for byte, with the headers that were signed and its content type', async () => {
    const headers = {
      host: 'iam.amazonaws.com',
      'content-type': 'application/x-www-form-urlencoded',
      'amz-sdk-request': 'attempt=1',
    };
    const body = `NewPassword=New+Password%202&OldPassword=${OLD}&Version=2010-05-08&Action=ChangePassword`;
    const signer = new SignatureV4({ service: 'iam', region: 'us-east-1', credentials: key, sha256: Sha256 });
    const request = { method: 'POST', protocol: 'https:', hostname: headers.host, path: '/', headers };
    const signed = await signer.sign({ ...request, body });
    const native = {
      currentPassword: OLD,
      newPassword: 'New Password 2',
      signedRequest: {
        Authorization: signed.headers['authorization']!,
        'X-Amz-Date': signed.headers['x-amz-date']!,
        'X-Amz-Content-Sha256': signed.headers['x-amz-content-sha256']!,
      },
      form: { body, host: 'gateway.test', headers: { ...headers, accept: 'not signed', 'x-evil': '1' } },
    };
    const handler = new StubHandler();
    await provider({ requestHandler: handler }).changePassword(native);
    expect(handler.request).toMatchObject({ body, headers });
    expect(Object.keys(handler.request?.headers ?? {}).sort()).toEqual([
      'amz-sdk-request',
      'authorization',
      'content-type',
      'host',
      'user-agent',
      'x-amz-content-sha256',
      'x-amz-date',
    ]);
    await provider().changePassword(native);
    expect(signsIn('New Password 2')).toBe(true);
  });

  it.each([
    ['another action', 'Action=DeleteUser&Version=2010-05-08&UserName=x', 'request_malformed'],
    [
      'other passwords',
      `Action=ChangePassword&Version=2010-05-08&OldPassword=a&NewPassword=b`,
      'signature_mismatch',
    ],
  ])('relays no form of %s', async (_what, body, code) => {
    const handler = new StubHandler();
    const signedRequest = await signIamPasswordChange({ ...PASSWORDS, credentials: key });
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    const form = { body, host: 'gateway.test', headers };
    const work = provider({ requestHandler: handler }).changePassword({ ...PASSWORDS, signedRequest, form });
    await expect(work).rejects.toMatchObject({ code });
    expect(handler.request).toBeUndefined();
  });

  it.each<[what: string, headers: Record<string, string>, code: ProblemCode]>([
    ['the length of another body', { 'content-length': '5' }, 'credential_malformed'],
    ['a length that is no number', { 'content-length': `+${CHANGE_BODY.length}` }, 'credential_malformed'],
    ['a content type of two lines', { 'content-type': 'text/plain\r\nx-evil: 1' }, 'request_malformed'],
    ['a header that is not ASCII', { accept: '€' }, 'request_malformed'],
    ['a header that is no text', { accept: 1 as unknown as string }, 'request_malformed'],
  ])('relays no form with %s', async (_what, headers, code) => {
    const handler = new StubHandler();
    const signedRequest = await signIamPasswordChange({ ...PASSWORDS, credentials: key });
    const form = {
      body: CHANGE_BODY,
      host: undefined,
      headers: { 'content-type': FORM_CONTENT_TYPE, ...headers },
    };
    const work = provider({ requestHandler: handler }).changePassword({ ...PASSWORDS, signedRequest, form });
    expect(await failureOf(work)).toMatchObject({ code, outcome: 'unchanged', provider: 'iam' });
    expect(handler.request).toBeUndefined();
  });

  it('relays a form with the length of its body', async () => {
    const signedRequest = await signIamPasswordChange({ ...PASSWORDS, credentials: key });
    const headers = { 'content-type': FORM_CONTENT_TYPE, 'content-length': String(CHANGE_BODY.length) };
    await provider().changePassword({
      ...PASSWORDS,
      signedRequest,
      form: { body: CHANGE_BODY, host: undefined, headers },
    });
    expect(signsIn(NEW)).toBe(true);
  });

  it('needs the passwords that were signed', async () => {
    const signedRequest = await signIamPasswordChange({ ...PASSWORDS, credentials: key });
    const work = provider().changePassword({
      currentPassword: OLD,
      newPassword: 'Other-Password-3',
      signedRequest,
    });
    expect(await failureOf(work)).toMatchObject({ code: 'signature_mismatch', outcome: 'unchanged' });
    expect(signsIn(OLD)).toBe(true);
  });

  it('goes through an SDK client of your own, past its credentials, retries and middleware', async () => {
    const client = new IAMClient({ region: 'us-east-1', endpoint: sandbox.url, maxAttempts: 3 });
    const changeByClient = () =>
      new IamPasswordProvider({ client }).changePassword({ ...PASSWORDS, credentials: key });
    client.middlewareStack.add(() => () => Promise.reject(new Error('middleware ran')), {
      step: 'initialize',
    });
    sandbox.faults.next({ fault: { kind: 'reset' }, times: 3 });
    expect(await failureOf(changeByClient())).toMatchObject({ code: 'upstream_failed' });
    expect(sandbox.callCount).toBe(1);
    sandbox.reset();
    await changeByClient();
    expect(signsIn(NEW)).toBe(true);
    expect(sandbox.calls[0]).toMatchObject({ host: 'iam.amazonaws.com' });
  });

  it.each<[what: string, passwords: Partial<IamPasswords>, skewMs: number, code: ProblemCode]>([
    ['the signed request before the fields', { newPassword: '' }, -3_600_000, 'credential_expired'],
    ['the fields before what was signed', { newPassword: '' }, 0, 'request_invalid'],
    ['what was signed last', { newPassword: 'Other-Password-3' }, 0, 'signature_mismatch'],
  ])('is judged like a request to the gateway: %s', async (_, passwords, skewMs, code) => {
    const date = new Date(Date.now() + skewMs);
    const signedRequest = await signIamPasswordChange({ ...PASSWORDS, credentials: key, date });
    const work = provider().changePassword({ ...PASSWORDS, ...passwords, signedRequest });
    expect(await failureOf(work)).toMatchObject({ code, outcome: 'unchanged' });
  });
});

describe('a change that is refused before any call', () => {
  it.each<[passwords: Partial<IamPasswords>, code: ProblemCode]>([
    [{ newPassword: OLD }, 'new_password_reused'],
    [{ newPassword: '€' }, 'request_invalid'],
    [{ newPassword: 'x'.repeat(129) }, 'request_invalid'],
    [{ currentPassword: '' }, 'request_invalid'],
    [{ newPassword: '\ud83d' }, 'request_invalid'],
  ])('of %j is %s', async (passwords, code) => {
    const failure = await failureOf(change({ ...PASSWORDS, ...passwords }));
    expect(failure).toMatchObject({ code, provider: 'iam', outcome: 'unchanged' });
    expect(sandbox.callCount).toBe(0);
  });

  it('asks for the current password', async () => {
    const passwords: Partial<IamPasswords> = { newPassword: NEW };
    const work = provider().changePassword({ credentials: key, ...(passwords as IamPasswords) });
    expect(await failureOf(work)).toMatchObject({ code: 'current_password_required' });
  });

  it('was signed sixteen minutes ago', async () => {
    const date = new Date(Date.now() - 16 * 60_000);
    const signedRequest = await signIamPasswordChange({ ...PASSWORDS, credentials: key, date });
    expect(await failureOf(provider().changePassword({ ...PASSWORDS, signedRequest }))).toMatchObject({
      code: 'credential_expired',
    });
    expect(sandbox.callCount).toBe(0);
  });

  it('is for a partition that is not served', async () => {
    const work = provider().changePassword({ ...PASSWORDS, credentials: key, partition: 'aws-cn' });
    expect(await failureOf(work)).toMatchObject({ code: 'pool_not_allowed' });
    expect(sandbox.callCount).toBe(0);
  });

  it('is for no partition at all', async () => {
    const work = provider({ partitions: [] }).changePassword({ ...PASSWORDS, credentials: key });
    expect(await failureOf(work)).toMatchObject({ code: 'pool_not_allowed' });
    expect(sandbox.callCount).toBe(0);
  });

  it('was given up already', async () => {
    const work = provider().changePassword({ ...PASSWORDS, credentials: key, signal: AbortSignal.abort() });
    expect(await failureOf(work)).toMatchObject({ code: 'upstream_unreachable', outcome: 'unchanged' });
    expect(sandbox.callCount).toBe(0);
  });

  it('has the content hash of another body', async () => {
    const signed = await signIamPasswordChange({ ...PASSWORDS, credentials: key });
    const signedRequest = { ...signed, 'X-Amz-Content-Sha256': '0'.repeat(64) };
    expect(await failureOf(provider().changePassword({ ...PASSWORDS, signedRequest }))).toMatchObject({
      code: 'signature_mismatch',
    });
    expect(sandbox.callCount).toBe(0);
  });

  it('has keys that are none', async () => {
    const credentials = { ...key, accessKeyId: 'short' };
    expect(await failureOf(provider().changePassword({ ...PASSWORDS, credentials }))).toMatchObject({
      code: 'credential_malformed',
    });
    expect(sandbox.callCount).toBe(0);
  });
});

describe('what only a caller without types can write', () => {
  const AUTHORIZATION =
    'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261120/us-east-1/iam/aws4_request, ' +
    `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;

  it.each<[change: object, code: ProblemCode]>([
    [{}, 'credential_missing'],
    [{ signedRequest: null }, 'credential_missing'],
    [{ signedRequest: {} }, 'credential_missing'],
    [{ signedRequest: 'AWS4-HMAC-SHA256' }, 'credential_missing'],
    [{ signedRequest: { Authorization: 1 } }, 'credential_malformed'],
    [{ signedRequest: { Authorization: AUTHORIZATION } }, 'credential_malformed'],
    [{ signedRequest: { Authorization: AUTHORIZATION, 'X-Amz-Date': 20261120 } }, 'credential_malformed'],
    [{ credentials: {} }, 'credential_malformed'],
    [{ credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE' } }, 'credential_malformed'],
    [{ credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: '' } }, 'credential_malformed'],
  ])('%j is %s', async (credential, code) => {
    const requestHandler = new StubHandler();
    const work = provider({ requestHandler }).changePassword({ ...PASSWORDS, ...credential } as never);
    expect(await failureOf(work)).toMatchObject({ code, outcome: 'unchanged', provider: 'iam' });
    expect(requestHandler.request).toBeUndefined();
  });

  it.each([[undefined], [null], [{}]])('passwords that are %j are invalid', async (passwords) => {
    const signedRequest = await signIamPasswordChange({ ...PASSWORDS, credentials: key });
    const checked = provider().check(signedRequest);
    expect(await failureOf(provider().prepare(checked, passwords as never))).toMatchObject({
      code: 'request_invalid',
      outcome: 'unchanged',
      errors: [{ pointer: '/currentPassword' }, { pointer: '/newPassword' }],
    });
  });
});

it('refuses a session token that is empty, in words that help', async () => {
  const work = provider().changePassword({ ...PASSWORDS, credentials: { ...key, sessionToken: '' } });
  const failure = await failureOf(work);
  expect(failure).toMatchObject({ code: 'credential_malformed', outcome: 'unchanged' });
  expect(failure.message).toMatch(/sessionToken .* leave it out/);
});

describe('a refusal of AWS', () => {
  it('says that the password is wrong, and keeps it', async () => {
    const failure = await failureOf(change({ currentPassword: 'Wrong-Password-1', newPassword: NEW }));
    expect(failure).toMatchObject({
      code: 'current_password_incorrect',
      outcome: 'unchanged',
      provider: 'iam',
      confidence: 'inferred',
      upstream: { service: 'iam', error: 'AccessDenied', requestId: sandbox.calls[0]?.requestId },
    });
    expect(signsIn(OLD)).toBe(true);
  });

  it('points a user who may change with MFA only to MFA', async () => {
    sandbox.iam.updateUser(userName, { canChangePassword: 'with-mfa' });
    expect(await failureOf(change())).toMatchObject({ code: 'permission_denied', next: 'get_mfa_session' });
    await provider().changePassword({ ...PASSWORDS, credentials: sandbox.iam.createSession(userName) });
    expect(signsIn(NEW)).toBe(true);
  });

  it('points a session that a policy denies to an administrator', async () => {
    const message =
      'User: X is not authorized to perform: Y with an explicit deny in an identity-based policy';
    sandbox.faults.next({ fault: { kind: 'error', code: 'AccessDenied', message } });
    const credentials = sandbox.iam.createSession(userName);
    expect(await failureOf(provider().changePassword({ ...PASSWORDS, credentials }))).toMatchObject({
      code: 'permission_denied',
      next: 'ask_administrator',
    });
  });

  it.each<[error: string, code: ProblemCode]>([
    ['EntityTemporarilyUnmodifiable', 'account_temporarily_unmodifiable'],
    ['InvalidUserType', 'account_type_unsupported'],
    ['LimitExceeded', 'quota_exceeded'],
    ['NoSuchEntity', 'account_has_no_password'],
    ['PasswordPolicyViolation', 'new_password_rejected'],
    ['ServiceFailure', 'upstream_failed'],
    ['AccessDenied', 'not_authorized'],
    ['ExpiredToken', 'credential_expired'],
    ['IncompleteSignature', 'credential_malformed'],
    ['InternalFailure', 'upstream_failed'],
    ['InvalidClientTokenId', 'credential_invalid'],
    ['MissingAuthenticationToken', 'credential_missing'],
    ['OptInRequired', 'permission_denied'],
    ['RequestExpired', 'credential_expired'],
    ['ServiceUnavailable', 'upstream_failed'],
    ['SignatureDoesNotMatch', 'signature_mismatch'],
    ['Throttling', 'upstream_throttled'],
    ['ValidationError', 'request_invalid'],
    ['BrandNew', 'upstream_error_unrecognised'],
  ])('%s becomes %s, after one call', async (error, code) => {
    sandbox.faults.next({ service: 'iam', fault: { kind: 'error', code: error } });
    expect(await failureOf(change())).toMatchObject({ code, provider: 'iam' });
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
    [{ kind: 'truncated', framing: 'intact' }, 'upstream_failed'],
    [{ kind: 'large', bytes: 10_000_000 }, 'upstream_failed'],
    [{ kind: 'html', commit: true }, 'upstream_failed'],
    [{ kind: 'redirect', location: '/', commit: true }, 'upstream_failed'],
    [{ kind: 'status', status: 503, commit: true }, 'upstream_failed'],
    [{ kind: 'status', status: 403, commit: true }, 'upstream_failed'],
  ])('after %j is %s, and the call is not repeated', async (fault, code) => {
    sandbox.faults.next({ fault });
    const failure = await failureOf(
      change(PASSWORDS, { timeoutMs: code === 'upstream_timeout' ? 300 : 10_000 }),
    );
    expect(failure).toMatchObject({ code, outcome: 'unknown', retryable: false, provider: 'iam' });
    expect(sandbox.callCount).toBe(1);
    expect(signsIn(NEW)).toBe(true);
  });

  const xml = { 'content-type': 'text/xml' };

  it.each<[what: string, answer: StubAnswer]>([
    ['a success of another type', { headers: { 'content-type': 'text/html' } }],
    ['a success of a type that only ends like XML', { headers: { 'content-type': 'x-text/xml' } }],
    ['a success of no type', { headers: {} }],
    ['nothing', { headers: xml, body: '' }],
    ['a page', { headers: xml, body: '<html></html>' }],
    ['half a success', { headers: xml, body: SUCCESS.slice(0, -5) }],
    ['a success behind something else', { headers: xml, body: `x${SUCCESS}` }],
    ['a success before something else', { headers: xml, body: `${SUCCESS}x` }],
    [
      'a success of another operation',
      { headers: xml, body: SUCCESS.replaceAll('ChangePasswordR', 'CreateUserR') },
    ],
    [
      'a longer name',
      { headers: xml, body: SUCCESS.replaceAll('ChangePasswordResponse', 'ChangePasswordResponses') },
    ],
    ['a refusal that calls itself a success', { headers: xml, body: '<ErrorResponse></ErrorResponse>' }],
    ['another success', { status: 202 }],
    ['an empty refusal', { status: 403, headers: {}, body: '' }],
    ['half a refusal', { status: 400, headers: xml, body: '<ErrorResponse><Error><Code>Acc' }],
  ])('is what %s leaves', async (_, answer) => {
    const failure = await failureOf(change(PASSWORDS, { requestHandler: new StubHandler(answer) }));
    expect(failure).toMatchObject({ code: 'upstream_failed', outcome: 'unknown' });
  });

  it.each<[what: string, answer: StubAnswer]>([
    ['a success', {}],
    ['a success with a declaration', { body: `<?xml version="1.0"?>\n${SUCCESS}\n` }],
    ['a success of the other XML type', { headers: { 'content-type': 'application/xml;charset=utf-8' } }],
  ])('is not what %s leaves', async (_, answer) => {
    const requestHandler = new StubHandler(answer);
    await expect(change(PASSWORDS, { requestHandler })).resolves.toMatchObject({ provider: 'iam' });
  });
});

it('leaves the outcome unknown when the caller gives up on a call that is under way', async () => {
  const abort = new AbortController();
  sandbox.faults.next({ fault: { kind: 'commit-then-hang' } });
  const work = provider().changePassword({ ...PASSWORDS, credentials: key, signal: abort.signal });
  const failure = failureOf(work);
  while (!sandbox.calls.some(({ committed }) => committed)) await sleep(5);
  abort.abort();
  expect(await failure).toMatchObject({ code: 'upstream_timeout', outcome: 'unknown' });
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
    { kind: 'error', code: 'AccessDenied', message: `${OLD} ${NEW}` },
    { kind: 'error', code: 'ValidationError', message: `Value '${NEW}' at 'newPassword' failed` },
    { kind: 'error', code: `Odd ${OLD}`, message: NEW },
    { kind: 'status', status: 400, body: `${OLD} ${NEW}` },
    { kind: 'reset' },
    { kind: 'hang' },
    { kind: 'html' },
    { kind: 'truncated' },
  ])('after %j tells no password, key, token or signature', async (fault) => {
    sandbox.faults.next({ fault });
    const credentials = sandbox.iam.createSession(userName);
    const signedRequest = await signIamPasswordChange({ ...PASSWORDS, credentials });
    const timeoutMs = fault.kind === 'hang' ? 300 : 10_000;
    const failure = await failureOf(provider({ timeoutMs }).changePassword({ ...PASSWORDS, signedRequest }));
    const told = [
      inspect(failure, { depth: 10, showHidden: true }),
      JSON.stringify([failure, failure.message, failure.stack, failure.cause]),
    ].join();
    const { secretAccessKey, sessionToken } = credentials;
    const signature = signedRequest.Authorization.slice(-64);
    for (const secret of [OLD, NEW, secretAccessKey, sessionToken, signature]) {
      expect(told).not.toContain(secret);
    }
  });
});

describe('an error name that nobody knows', () => {
  const credentials = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'x',
    sessionToken: 'Sess10nT0ken',
  };

  async function named(name: string, status: number) {
    const signedRequest = await signIamPasswordChange({ ...PASSWORDS, credentials });
    const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${name}</Code><Message>x</Message></Error></ErrorResponse>`;
    const requestHandler = new StubHandler({ status, headers: { 'content-type': 'text/xml' }, body });
    return failureOf(
      new IamPasswordProvider({ requestHandler }).changePassword({ ...PASSWORDS, signedRequest }),
    );
  }

  it.each([400, 500])('is told where it looks like one (%i)', async (status) => {
    expect((await named('BrandNewFault', status)).upstream?.error).toBe('BrandNewFault');
  });

  it.each([400, 500])('is not told where it repeats what was sent (%i)', async (status) => {
    const names = [
      'Password',
      'old',
      'Sess10nT0ken',
      'AKIAIOSFODNN7EXAMPLE',
      'XAKIAIOSFODNN7EXAMPLE',
      'two words',
    ];
    for (const name of names) {
      expect([name, (await named(name, status)).upstream]).toEqual([name, { service: 'iam' }]);
    }
  });
});
