import { ChangePasswordCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { failureOf, iamClient } from '../../test/clients.js';
import { sendSigned } from '../../test/signed-request.js';
import { startAwsSandbox, type AwsSandbox } from '../sandbox.js';
import type { AccessKey } from './iam-control.js';

const OLD = 'Old-Password-1';
const NEW = 'New-Password-2';

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
  users += 1;
  userName = `user-${users}`;
  sandbox.iam.createUser({ userName, password: OLD });
  key = sandbox.iam.createAccessKey(userName);
  sandbox.iam.setPasswordPolicy(null);
});

function change(oldPassword = OLD, newPassword = NEW, client = iamClient(sandbox, key)) {
  return client.send(new ChangePasswordCommand({ OldPassword: oldPassword, NewPassword: newPassword }));
}

function form(parameters: Record<string, string>): string {
  return Object.entries({ Action: 'ChangePassword', Version: '2010-05-08', ...parameters })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}

describe('a change', () => {
  it('replaces the password', async () => {
    await change();
    expect(sandbox.iam.passwordMatches(userName, OLD)).toBe(false);
    expect(sandbox.iam.passwordMatches(userName, NEW)).toBe(true);
  });

  it('answers in XML with the request id of its record', async () => {
    const body = form({ OldPassword: OLD, NewPassword: NEW });
    const answer = await sendSigned(sandbox, { credentials: key, body });
    const { requestId } = sandbox.calls.at(-1)!;
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    });
    expect(answer.body.replace(/\s*\n\s*/gu, '')).toBe(
      '<ChangePasswordResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata>' +
        `<RequestId>${requestId}</RequestId></ResponseMetadata></ChangePasswordResponse>`,
    );
    expect(sandbox.calls.at(-1)).toMatchObject({ action: 'ChangePassword', status: 200, committed: true });
  });

  it.each(['New +&=%é 2', 'New%2BPassword-2', 'New\t\r\nPassword-2', ' New-Password-2 '])(
    'keeps every character of %j',
    async (password) => {
      await change(OLD, password);
      expect(sandbox.iam.passwordMatches(userName, password)).toBe(true);
    },
  );

  it('reads a plus sign of the body as a space', async () => {
    const body = `${form({ OldPassword: OLD })}&NewPassword=New+Password+2`;
    expect(await sendSigned(sandbox, { credentials: key, body })).toMatchObject({ status: 200 });
    expect(sandbox.iam.passwordMatches(userName, 'New Password 2')).toBe(true);
  });

  it('lets the query string override the body', async () => {
    const body = form({ OldPassword: OLD, NewPassword: NEW });
    const query = 'NewPassword=Query-Password-3';
    expect(await sendSigned(sandbox, { credentials: key, body, query })).toMatchObject({ status: 200 });
    expect(sandbox.iam.passwordMatches(userName, 'Query-Password-3')).toBe(true);
  });

  it('works with the session of a user', async () => {
    await change(OLD, NEW, iamClient(sandbox, sandbox.iam.createSession(userName)));
    expect(sandbox.iam.passwordMatches(userName, NEW)).toBe(true);
  });

  it.each([
    ['iam.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
    ['iam.us-gov.amazonaws.com', 'us-gov-west-1'],
  ])('works at %s with its own region', async (host, region) => {
    await change(OLD, NEW, iamClient(sandbox, key, host, region));
    expect(sandbox.calls.at(-1)).toMatchObject({ host, committed: true });
    expect(await failureOf(change(NEW, OLD, iamClient(sandbox, key, host, 'us-east-1')))).toEqual({
      name: 'SignatureDoesNotMatch',
      message: expect.stringContaining('Credential should be scoped to a valid Region'),
      status: 403,
    });
  });
});

describe('a refusal', () => {
  it('names a wrong old password and changes nothing', async () => {
    expect(await failureOf(change('Wrong-Password-1'))).toEqual({
      name: 'AccessDenied',
      message: 'The old password was incorrect.',
      status: 403,
    });
    expect(sandbox.iam.passwordMatches(userName, OLD)).toBe(true);
    expect(sandbox.calls.at(-1)).toMatchObject({ error: 'AccessDenied', committed: false });
  });

  it('is for root and for roles, who have no such password', async () => {
    const expected = {
      name: 'InvalidUserTypeException',
      message: 'Only IAM Users can change their own password',
      status: 400,
    };
    const root = iamClient(sandbox, sandbox.iam.createAccessKey('root'));
    const role = iamClient(sandbox, sandbox.iam.createSession({ assumedRole: 'deployer' }));
    expect(await failureOf(change(OLD, NEW, root))).toEqual(expected);
    expect(await failureOf(change(OLD, NEW, role))).toEqual(expected);
  });

  it('names a missing permission, with the ARN of the partition', async () => {
    sandbox.iam.updateUser(userName, { canChangePassword: false });
    const client = iamClient(sandbox, key, 'iam.us-gov.amazonaws.com', 'us-gov-west-1');
    expect(await failureOf(change(OLD, NEW, client))).toEqual({
      name: 'AccessDenied',
      message:
        `User: arn:aws-us-gov:iam::123456789012:user/${userName} is not authorized to perform: iam:ChangePassword ` +
        `on resource: user ${userName} because no identity-based policy allows the iam:ChangePassword action`,
      status: 403,
    });
  });

  it('follows from an account that lets nobody change', async () => {
    sandbox.iam.setPasswordPolicy({ allowUsersToChangePassword: false });
    expect((await failureOf(change())).message).toContain('is not authorized to perform');
  });

  it('tells who must prove MFA', async () => {
    sandbox.iam.updateUser(userName, { canChangePassword: 'with-mfa' });
    expect((await failureOf(change())).message).toMatch(
      / with an explicit deny in an identity-based policy$/u,
    );
    await change(OLD, NEW, iamClient(sandbox, sandbox.iam.createSession(userName)));
  });

  it('meets the session of a user without MFA', async () => {
    const session = sandbox.iam.createSession(userName, { mfa: false });
    expect(await failureOf(change(OLD, NEW, iamClient(sandbox, session)))).toEqual({
      name: 'InvalidClientTokenId',
      message: 'The security token included in the request is invalid',
      status: 403,
    });
  });

  it('names a missing login profile', async () => {
    sandbox.iam.updateUser(userName, { password: null });
    expect(await failureOf(change())).toEqual({
      name: 'NoSuchEntityException',
      message: `Login Profile for User ${userName} cannot be found.`,
      status: 404,
    });
  });

  it('names a login profile in the making', async () => {
    sandbox.iam.updateUser(userName, { unmodifiable: true });
    expect(await failureOf(change())).toEqual({
      name: 'EntityTemporarilyUnmodifiableException',
      message: `Login Profile for User ${userName} cannot be modified while login profile is being created.`,
      status: 409,
    });
  });

  it('names the rules of the account', async () => {
    sandbox.iam.setPasswordPolicy({ requireNumbers: true });
    expect(await failureOf(change(OLD, 'New-Password'))).toEqual({
      name: 'PasswordPolicyViolationException',
      message:
        'Password should meet 1 more of the following requirements: Password should have at least one number',
      status: 400,
    });
  });

  it('remembers as many passwords as the account says', async () => {
    sandbox.iam.setPasswordPolicy({ passwordReusePrevention: 2 });
    await change(OLD, NEW);
    expect(await failureOf(change(NEW, OLD))).toEqual({
      name: 'PasswordPolicyViolationException',
      message: 'Policy constraint violation with password reuse prevention during password change.',
      status: 400,
    });
    await change(NEW, 'Third-Password-3');
    await change('Third-Password-3', OLD);
  });

  it.each([
    [
      '€',
      NEW,
      "1 validation error detected: Value at 'oldPassword'",
      '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
    ],
    [OLD, 'x\u0000', "1 validation error detected: Value at 'newPassword'", 'regular expression'],
    ['', NEW, "1 validation error detected: Value at 'oldPassword'", 'length greater than or equal to 1'],
    [
      OLD,
      'x'.repeat(129),
      "1 validation error detected: Value at 'newPassword'",
      'less than or equal to 128',
    ],
    ['', '', '2 validation errors detected: ', "Value at 'newPassword'"],
  ])('of %j and %j names the constraint', async (oldPassword, newPassword, start, part) => {
    const failure = await failureOf(change(oldPassword, newPassword));
    expect(failure).toMatchObject({ name: 'ValidationError', status: 400 });
    expect(failure.message.startsWith(start)).toBe(true);
    expect(failure.message).toContain(part);
  });

  it('asks for both passwords', async () => {
    const answer = await sendSigned(sandbox, { credentials: key, body: form({}) });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('2 validation errors detected: Value at &#39;oldPassword&#39; failed');
  });
});

describe('the signature', () => {
  it('comes before everything else', async () => {
    const wrong = { ...key, secretAccessKey: 'x'.repeat(40) };
    expect(await failureOf(change('', '', iamClient(sandbox, wrong)))).toMatchObject({
      name: 'SignatureDoesNotMatch',
      status: 403,
    });
  });

  it('may not be missing', async () => {
    const answer = await fetch(sandbox.url, { method: 'POST', body: new URLSearchParams(form({})) });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('<Code>MissingAuthenticationToken</Code>');
  });

  it('of a deleted key or user is unknown', async () => {
    const other = sandbox.iam.createAccessKey(userName);
    sandbox.iam.deleteAccessKey(key.accessKeyId);
    expect(await failureOf(change())).toMatchObject({ name: 'InvalidClientTokenId' });
    sandbox.iam.deleteUser(userName);
    expect(await failureOf(change(OLD, NEW, iamClient(sandbox, other)))).toMatchObject({
      name: 'InvalidClientTokenId',
    });
  });

  it('ends with the session', async () => {
    const session = sandbox.iam.createSession(userName, { expiresInSeconds: -1 });
    expect(await failureOf(change(OLD, NEW, iamClient(sandbox, session)))).toEqual({
      name: 'ExpiredToken',
      message: 'The security token included in the request is expired',
      status: 403,
    });
  });

  it('ends after a quarter of an hour', async () => {
    const body = form({ OldPassword: OLD, NewPassword: NEW });
    const at = new Date(Date.now() - 16 * 60_000);
    const answer = await sendSigned(sandbox, { credentials: key, body, at });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('Signature expired: ');
  });
});
