import {
  ChangePasswordCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cognitoClient, failureOf } from '../../test/clients.js';
import { startAwsSandbox, type AwsSandbox } from '../sandbox.js';
import type { CreatedUserPool } from './cognito-control.js';

const PASSWORD = 'Some-Password-1';

let sandbox: AwsSandbox;
let pool: CreatedUserPool;

beforeAll(async () => {
  sandbox = await startAwsSandbox();
  pool = sandbox.cognito.createUserPool();
  for (const username of ['alice', 'leaver', 'guessed', 'gone', 'new', 'reset']) {
    sandbox.cognito.createUser(pool.id, { username, password: PASSWORD });
  }
});

afterAll(async () => {
  await sandbox.close();
});

function signIn(username: string, password = PASSWORD, clientId = pool.clientId) {
  return cognitoClient(sandbox).send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: username, PASSWORD: password },
    }),
  );
}

function claimsOf(token = ''): unknown {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}

describe('InitiateAuth', () => {
  it('issues tokens with the claims of Cognito', async () => {
    const { AuthenticationResult: result } = await signIn('alice');
    expect(result).toMatchObject({ ExpiresIn: 3600, TokenType: 'Bearer' });
    const shared = {
      sub: expect.stringMatching(/^[0-9a-f-]{36}$/u),
      iss: `https://cognito-idp.us-east-1.amazonaws.com/${pool.id}`,
      origin_jti: expect.any(String),
      event_id: expect.any(String),
      auth_time: expect.any(Number),
      exp: expect.any(Number),
      iat: expect.any(Number),
      jti: expect.any(String),
    };
    expect(claimsOf(result?.AccessToken)).toEqual({
      ...shared,
      client_id: pool.clientId,
      token_use: 'access',
      scope: 'aws.cognito.signin.user.admin',
      username: 'alice',
    });
    expect(claimsOf(result?.IdToken)).toEqual({
      ...shared,
      aud: pool.clientId,
      token_use: 'id',
      'cognito:username': 'alice',
      email: 'alice@example.com',
      email_verified: true,
    });
  });

  it('tells a wrong password and an unknown user in the same words', async () => {
    const expected = {
      name: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
      status: 400,
    };
    expect(await failureOf(signIn('alice', 'Wrong-Password-1'))).toEqual(expected);
    expect(await failureOf(signIn('nobody'))).toEqual(expected);
  });

  it('locks after five wrong passwords, with words of its own', async () => {
    for (let n = 0; n < 5; n += 1) await failureOf(signIn('guessed', 'Wrong-Password-1'));
    expect(await failureOf(signIn('guessed'))).toMatchObject({ message: 'Password attempts exceeded' });
    sandbox.cognito.resetAttempts(pool.id, 'guessed');
    await signIn('guessed');
  });

  it('refuses users by their state', async () => {
    sandbox.cognito.updateUser(pool.id, 'gone', { enabled: false });
    sandbox.cognito.updateUser(pool.id, 'new', { status: 'UNCONFIRMED' });
    sandbox.cognito.updateUser(pool.id, 'reset', { status: 'RESET_REQUIRED' });
    expect(await failureOf(signIn('gone'))).toMatchObject({ message: 'User is disabled' });
    expect(await failureOf(signIn('new'))).toMatchObject({ name: 'UserNotConfirmedException' });
    expect(await failureOf(signIn('reset'))).toMatchObject({ name: 'PasswordResetRequiredException' });
  });

  it('knows its clients and its one flow', async () => {
    expect(await failureOf(signIn('alice', PASSWORD, 'stranger'))).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'User pool client stranger does not exist.',
    });
    const command = new InitiateAuthCommand({ AuthFlow: 'USER_SRP_AUTH', ClientId: pool.clientId });
    expect(await failureOf(cognitoClient(sandbox).send(command))).toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});

describe('GetUser', () => {
  it('tells the attributes of the owner', async () => {
    const { accessToken } = sandbox.cognito.signIn(pool.id, 'alice', PASSWORD);
    const output = await cognitoClient(sandbox).send(new GetUserCommand({ AccessToken: accessToken }));
    expect(output.Username).toBe('alice');
    expect(output.UserAttributes).toContainEqual({ Name: 'email', Value: 'alice@example.com' });
  });
});

describe('GlobalSignOut', () => {
  it('revokes the tokens issued so far, not those issued later', async () => {
    const client = cognitoClient(sandbox);
    const before = sandbox.cognito.signIn(pool.id, 'leaver', PASSWORD).accessToken;
    await client.send(new GlobalSignOutCommand({ AccessToken: before }));
    const change = (token: string) =>
      client.send(
        new ChangePasswordCommand({
          AccessToken: token,
          PreviousPassword: PASSWORD,
          ProposedPassword: 'Other-Password-2',
        }),
      );
    expect(await failureOf(change(before))).toEqual({
      name: 'NotAuthorizedException',
      message: 'Access Token has been revoked',
      status: 400,
    });
    await change(sandbox.cognito.signIn(pool.id, 'leaver', PASSWORD).accessToken);
  });
});

describe('the control object', () => {
  it('throws on a wrong password as InitiateAuth does', () => {
    expect(() => sandbox.cognito.signIn(pool.id, 'alice', 'Wrong-Password-1')).toThrow(
      expect.objectContaining({ code: 'NotAuthorizedException', status: 400 }),
    );
  });
});
