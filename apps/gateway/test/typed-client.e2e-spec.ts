import { afterAll, beforeAll, expect, it } from '@jest/globals';
import createClient from 'openapi-fetch';

// Made from the exported document by the build, with openapi-typescript.
import type { paths } from '../dist/openapi.js';
import { startStack, type Stack } from './support/stack.js';
import { cognitoUser, NEW, OLD, signed, iamUser } from './support/users.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(() => stack.close());

it('a client with the types of the document changes a password and reads a problem', async () => {
  const client = createClient<paths, 'application/json' | 'application/problem+json'>({ baseUrl: stack.url });
  const { auth } = cognitoUser(stack);
  const change = { headers: auth, body: { currentPassword: OLD, newPassword: NEW } };
  const { data, error } = await client.POST('/password/change', change);
  expect(error).toBeUndefined();
  expect(data?.status).toBe('changed');
  expect(data?.provider).toBe('cognito');

  const wrong = { ...change, body: { ...change.body, currentPassword: 'Wrong-Horse-1' } };
  const again = await client.POST('/password/change', wrong);
  expect(again.data).toBeUndefined();
  expect(again.error?.code).toBe('current_password_incorrect');
  expect(again.error?.errors?.map(({ pointer }) => pointer)).toEqual(['/currentPassword']);
});

it('the headers of an IAM user are parameters that it knows', async () => {
  const client = createClient<paths, 'application/json' | 'application/problem+json'>({ baseUrl: stack.url });
  const { Authorization, ...header } = await signed(iamUser(stack).keys);
  const { data } = await client.POST('/password/change', {
    params: { header },
    headers: { Authorization },
    body: { currentPassword: OLD, newPassword: NEW },
  });
  expect(data?.provider).toBe('iam');
});
