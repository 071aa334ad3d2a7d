import { afterEach, beforeEach, expect, it } from '@jest/globals';

import { seedDemo } from '../demo.js';
import { startAwsSandbox, type AwsSandbox } from '../sandbox.js';

let sandbox: AwsSandbox;

beforeEach(async () => {
  sandbox = await startAwsSandbox();
});

afterEach(async () => {
  await sandbox.close();
});

async function take(provider: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${sandbox.url}/_sandbox/demo/${provider}`, { method: 'POST' });
  return { status: response.status, body: await response.json() };
}

it.each(['cognito', 'iam'])('there is no demo user before they have been made: %s', async (provider) => {
  expect(await take(provider)).toEqual({
    status: 400,
    body: { message: 'this sandbox has no demonstration users' },
  });
});

it('the Cognito user starts over, with a fresh token', async () => {
  const { poolId, username, password, accessToken } = seedDemo(sandbox);
  sandbox.cognito.updateUser(poolId, username, {
    password: 'Other-Horse-9',
    status: 'RESET_REQUIRED',
    enabled: false,
  });
  const { status, body } = await take('cognito');
  expect(status).toBe(200);
  expect(body).toEqual({
    provider: 'cognito',
    username,
    accessToken: expect.any(String),
    currentPassword: password,
  });
  expect(body).not.toMatchObject({ accessToken });
  expect(sandbox.cognito.passwordMatches(poolId, username, password)).toBe(true);
});

it('the IAM user starts over, with the same key', async () => {
  const { iamUserName: userName, iamPassword, accessKeyId, secretAccessKey } = seedDemo(sandbox);
  sandbox.iam.updateUser(userName, { password: null, canChangePassword: false, unmodifiable: true });
  expect(await take('iam')).toEqual({
    status: 200,
    body: { provider: 'iam', userName, accessKeyId, secretAccessKey, currentPassword: iamPassword },
  });
  expect(sandbox.iam.passwordMatches(userName, iamPassword)).toBe(true);
});
