import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { expectChanged } from './support/expect-problem.js';
import { callCognito, change } from './support/http.js';
import { startStack, type Stack } from './support/stack.js';
import { bearer, cognitoUser, iamUser, type Keys, NEW, OLD, signed } from './support/users.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(() => stack.close());

describe('after a change the old password no longer signs in and the new one does', () => {
  it('Cognito, access token', async () => {
    const { username, auth } = cognitoUser(stack);
    expect(await signsIn(username, OLD)).toBe(true);
    expectChanged(await change(stack, auth), 'cognito');
    expect(await signsIn(username, OLD)).toBe(false);
    expect(await signsIn(username, NEW)).toBe(true);
  });

  it('Cognito, a passwordless user who leaves currentPassword out', async () => {
    const { username, auth } = cognitoUser(stack, { password: undefined });
    expectChanged(await change(stack, auth, { newPassword: NEW }), 'cognito');
    expect(await signsIn(username, NEW)).toBe(true);
  });

  it('Cognito, a token that the sign-in itself gave out', async () => {
    const { username } = cognitoUser(stack);
    const { accessToken } = stack.sandbox.cognito.signIn(stack.pool.id, username, OLD);
    expectChanged(await change(stack, bearer(accessToken)), 'cognito');
    expect(await signsIn(username, NEW)).toBe(true);
  });

  it.each<readonly [name: string, keysOf: (userName: string, keys: Keys) => Keys]>([
    ['IAM, long-term keys', (_userName, keys) => keys],
    ['IAM, session token', (userName) => stack.sandbox.iam.createSession(userName)],
  ])('%s', async (_name, keysOf) => {
    const { userName, keys } = iamUser(stack);
    expectChanged(await change(stack, await signed(keysOf(userName, keys))), 'iam');
    expect(stack.sandbox.iam.passwordMatches(userName, OLD)).toBe(false);
    expect(stack.sandbox.iam.passwordMatches(userName, NEW)).toBe(true);
  });
});

describe('what goes upstream', () => {
  it('is one call to Cognito, without AWS credentials', async () => {
    const { auth } = cognitoUser(stack);
    stack.sandbox.clearCalls();
    const answer = await change(stack, auth);
    const [call, ...more] = stack.sandbox.calls;
    expect(more).toEqual([]);
    expect(call).toMatchObject({ service: 'cognito-idp', action: 'ChangePassword', committed: true });
    expect(call?.headers.map((name) => name.toLowerCase())).not.toContain('authorization');
    expect(answer.body.upstreamRequestId).toBe(call?.requestId);
  });

  it('is one call to IAM with the Host that was signed and headers from the list', async () => {
    const { keys } = iamUser(stack);
    stack.sandbox.clearCalls();
    const headers = {
      ...(await signed(keys)),
      'X-Forwarded-Host': 'evil.test',
      Cookie: 'a=b',
      'X-Amz-Meta': '1',
    };
    expectChanged(await change(stack, headers), 'iam');
    const [call, ...more] = stack.sandbox.calls;
    expect(more).toEqual([]);
    expect(call).toMatchObject({ service: 'iam', action: 'ChangePassword', host: 'iam.amazonaws.com' });
    expect(call?.headers.map((name) => name.toLowerCase()).sort()).toEqual(
      [
        ...['authorization', 'connection', 'content-length', 'content-type', 'host', 'user-agent'],
        'x-amz-date',
      ].sort(),
    );
  });
});

/** Whether Cognito's own InitiateAuth takes the password. */
async function signsIn(username: string, password: string): Promise<boolean> {
  const { status } = await callCognito(stack, 'InitiateAuth', {
    AuthFlow: 'USER_PASSWORD_AUTH',
    ClientId: stack.pool.clientId,
    AuthParameters: { USERNAME: username, PASSWORD: password },
  });
  return status === 200;
}
