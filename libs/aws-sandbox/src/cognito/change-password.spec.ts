import { ChangePasswordCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cognitoClient, failureOf } from '../../test/clients.js';
import { startAwsSandbox, type AwsSandbox } from '../sandbox.js';
import { ADMIN_SCOPE, signJwt } from './tokens.js';

const OLD = 'Old-Password-1';
const NEW = 'New-Password-2';

let sandbox: AwsSandbox;
let poolId: string;
let users = 0;
let username: string;

beforeAll(async () => {
  sandbox = await startAwsSandbox();
  poolId = sandbox.cognito.createUserPool().id;
});

afterAll(async () => {
  await sandbox.close();
});

beforeEach(() => {
  users += 1;
  username = `user-${users}`;
  sandbox.cognito.createUser(poolId, { username, password: OLD });
});

interface Passwords {
  readonly previous?: string | undefined;
  readonly proposed?: string | undefined;
  readonly token?: string | undefined;
}

function change({ previous = OLD, proposed = NEW, token = tokenOf() }: Passwords = {}) {
  return cognitoClient(sandbox).send(
    new ChangePasswordCommand({ PreviousPassword: previous, ProposedPassword: proposed, AccessToken: token }),
  );
}

function changeWithoutPrevious(token = tokenOf()) {
  return cognitoClient(sandbox).send(
    new ChangePasswordCommand({ ProposedPassword: NEW, AccessToken: token }),
  );
}

function tokenOf(options = {}): string {
  return sandbox.cognito.issueTokens(poolId, username, options).accessToken;
}

function hasPassword(password: string): boolean {
  return sandbox.cognito.passwordMatches(poolId, username, password);
}

describe('a change', () => {
  it('replaces the password', async () => {
    await change();
    expect([hasPassword(OLD), hasPassword(NEW)]).toEqual([false, true]);
  });

  it('answers an empty object in AWS JSON 1.1 with the request id of its record', async () => {
    const response = await fetch(sandbox.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.ChangePassword',
      },
      body: JSON.stringify({ PreviousPassword: OLD, ProposedPassword: NEW, AccessToken: tokenOf() }),
    });
    expect([response.status, await response.text()]).toEqual([200, '{}']);
    expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.1');
    expect(sandbox.calls.at(-1)).toMatchObject({
      requestId: response.headers.get('x-amzn-requestid'),
      status: 200,
      committed: true,
    });
  });

  it('keeps every character, spaces and other forms of one letter too', async () => {
    const decomposed = 'Cafe\u0301 au lait 1';
    await change({ proposed: decomposed });
    expect([hasPassword(decomposed), hasPassword(decomposed.normalize('NFC'))]).toEqual([true, false]);
  });

  it('counts 256 code points, not UTF-16 units', async () => {
    await change({ proposed: `Aa1!${'😀'.repeat(252)}` });
    const failure = await failureOf(change({ previous: NEW, proposed: `Aa1!${'😀'.repeat(253)}` }));
    expect(failure.message).toContain('Member must have length less than or equal to 256');
  });

  it('lets a passwordless user set a first password', async () => {
    sandbox.cognito.updateUser(poolId, username, { password: null });
    await changeWithoutPrevious();
    expect(hasPassword(NEW)).toBe(true);
  });
});

describe('a refusal', () => {
  it('names a wrong previous password and changes nothing', async () => {
    expect(await failureOf(change({ previous: 'Wrong-Password-1' }))).toEqual({
      name: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
      status: 400,
    });
    expect(hasPassword(OLD)).toBe(true);
    expect(sandbox.calls.at(-1)).toMatchObject({ error: 'NotAuthorizedException', committed: false });
  });

  it('of a previous password from a passwordless user says the same', async () => {
    sandbox.cognito.updateUser(poolId, username, { password: null });
    expect(await failureOf(change())).toMatchObject({ message: 'Incorrect username or password.' });
  });

  it('asks a user who has a password for it', async () => {
    expect(await failureOf(changeWithoutPrevious())).toEqual({
      name: 'InvalidParameterException',
      message:
        "1 validation error detected: Value at 'previousPassword' failed to satisfy constraint: Member must not be null",
      status: 400,
    });
  });

  it.each([
    [
      'a missing field',
      undefined,
      "Value at 'proposedPassword' failed to satisfy constraint: Member must not be null",
    ],
    [
      'a space in front',
      ' New-Password-2',
      'Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$',
    ],
    ['a space behind', 'New-Password-2 ', 'Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$'],
    ['a single character', 'N', 'Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$'],
    ['an empty text', '', 'Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$'],
  ])('of %s names the constraint', async (_, proposed, text) => {
    const command = new ChangePasswordCommand({
      PreviousPassword: OLD,
      ProposedPassword: proposed,
      AccessToken: tokenOf(),
    });
    const failure = await failureOf(cognitoClient(sandbox).send(command));
    expect(failure).toMatchObject({ name: 'InvalidParameterException', status: 400 });
    expect(failure.message).toContain(text);
  });

  it('lists all violations in one text, before it looks at the token', async () => {
    const failure = await failureOf(change({ previous: ' a', proposed: 'b '.repeat(200), token: '***' }));
    expect(failure.message).toMatch(
      /^4 validation errors detected: Value at 'previousPassword' .*; Value at 'proposedPassword' .*length.*; Value at 'proposedPassword' .*pattern.*; Value at 'accessToken' /u,
    );
  });

  it.each([
    ['Short-1', 'Password not long enough'],
    ['new-password-2', 'Password must have uppercase characters'],
    ['NEW-PASSWORD-2', 'Password must have lowercase characters'],
    ['New-Password-x', 'Password must have numeric characters'],
    ['NewPassword2', 'Password must have symbol characters'],
  ])('of %s names the rule of the pool', async (proposed, rule) => {
    expect(await failureOf(change({ proposed }))).toEqual({
      name: 'InvalidPasswordException',
      message: `Password did not conform with policy: ${rule}`,
      status: 400,
    });
  });

  it('remembers as many passwords as the pool says', async () => {
    const { id } = sandbox.cognito.createUserPool({ passwordPolicy: { passwordHistorySize: 1 } });
    sandbox.cognito.createUser(id, { username, password: OLD });
    const token = sandbox.cognito.issueTokens(id, username).accessToken;
    await change({ proposed: NEW, token });
    const reuse = await failureOf(change({ previous: NEW, proposed: OLD, token }));
    const same = await failureOf(change({ previous: NEW, proposed: NEW, token }));
    expect([reuse.name, same.name]).toEqual(Array(2).fill('PasswordHistoryPolicyViolationException'));
    await change({ previous: NEW, proposed: 'Third-Password-3', token });
    await change({ previous: 'Third-Password-3', proposed: OLD, token });
  });

  it.each([
    [{ enabled: false }, 'NotAuthorizedException', 'User is disabled'],
    [{ status: 'UNCONFIRMED' }, 'UserNotConfirmedException', 'User is not confirmed.'],
    [{ status: 'RESET_REQUIRED' }, 'PasswordResetRequiredException', 'Password reset required for the user'],
  ] as const)('follows from the state %j', async (state, name, message) => {
    sandbox.cognito.updateUser(poolId, username, state);
    expect(await failureOf(change())).toEqual({ name, message, status: 400 });
  });

  it('locks after five wrong passwords, for a second, then for two', async () => {
    let now = new Date();
    const clocked = await startAwsSandbox({ now: () => now });
    const { id } = clocked.cognito.createUserPool();
    clocked.cognito.createUser(id, { username, password: OLD });
    const client = cognitoClient(clocked);
    const attempt = (previous: string) =>
      client.send(
        new ChangePasswordCommand({
          PreviousPassword: previous,
          ProposedPassword: NEW,
          AccessToken: clocked.cognito.issueTokens(id, username).accessToken,
        }),
      );
    const wrong = async () => (await failureOf(attempt('Wrong-Password-1'))).name;
    for (let n = 0; n < 5; n += 1) expect(await wrong()).toBe('NotAuthorizedException');
    expect(await failureOf(attempt(OLD))).toEqual({
      name: 'LimitExceededException',
      message: 'Attempt limit exceeded, please try after some time.',
      status: 400,
    });
    now = new Date(now.getTime() + 1000);
    expect(await wrong()).toBe('NotAuthorizedException');
    now = new Date(now.getTime() + 1999);
    expect(await wrong()).toBe('LimitExceededException');
    now = new Date(now.getTime() + 1);
    await attempt(OLD);
    await clocked.close();
  });
});

describe('the access token', () => {
  const refused = async (token: string) => {
    const { name, message } = await failureOf(change({ token }));
    return [name, message];
  };
  const invalid = ['NotAuthorizedException', 'Invalid Access Token'];

  it('may be no other token, nor a forged one', async () => {
    const { idToken, accessToken } = sandbox.cognito.issueTokens(poolId, username);
    const [header, payload, signature = ''] = accessToken.split('.');
    const other = sandbox.cognito.createUserPool();
    const stranger = sandbox.cognito.signingKey(other.id);
    const claims: unknown = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString());
    const { kid } = sandbox.cognito.signingKey(poolId);
    const forged = signJwt(stranger, { kid, alg: 'RS256' }, claims as object);
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload ?? ''}.x`;
    const tampered = `${header ?? ''}.${payload ?? ''}.${signature.replace(/^./u, (c) => (c === 'A' ? 'B' : 'A'))}`;
    for (const token of ['not-a-token', 'a.b.c', idToken, forged, unsigned, tampered]) {
      expect(await refused(token)).toEqual(invalid);
    }
  });

  it('may be signed by any key that the pool still publishes', async () => {
    const { id } = sandbox.cognito.createUserPool();
    sandbox.cognito.createUser(id, { username, password: OLD });
    const token = sandbox.cognito.issueTokens(id, username).accessToken;
    sandbox.cognito.rotateKey(id);
    await change({ token });
    sandbox.cognito.rotateKey(id, { keepOld: false });
    expect(await refused(token)).toEqual(invalid);
  });

  it('may not name a key that the pool lacks', async () => {
    expect(await refused(tokenOf({ kid: 'unknown' }))).toEqual(invalid);
  });

  it('expires', async () => {
    const expired = ['NotAuthorizedException', 'Access Token has expired'];
    expect(await refused(tokenOf({ expiresInSeconds: -1 }))).toEqual(expired);
  });

  it('needs the scope', async () => {
    const text = 'Access Token does not have required scopes';
    expect(await refused(tokenOf({ scope: 'openid email' }))).toEqual(['NotAuthorizedException', text]);
    await change({ token: tokenOf({ scope: `openid ${ADMIN_SCOPE}` }) });
  });

  it('outlives neither its user nor its pool', async () => {
    const { id } = sandbox.cognito.createUserPool();
    sandbox.cognito.createUser(id, { username, password: OLD });
    const token = sandbox.cognito.issueTokens(id, username).accessToken;
    sandbox.cognito.deleteUser(id, username);
    expect(await refused(token)).toEqual(['UserNotFoundException', 'User does not exist.']);
    sandbox.cognito.createUser(id, { username, password: OLD });
    expect(await refused(token)).toEqual(['UserNotFoundException', 'User does not exist.']);
    sandbox.cognito.deleteUserPool(id);
    expect(await refused(token)).toEqual(['ResourceNotFoundException', `User pool ${id} does not exist.`]);
  });
});
