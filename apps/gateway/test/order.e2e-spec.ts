import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemCode } from '@password-gateway/errors';

import { expectChanged, expectProblem } from './support/expect-problem.js';
import { changeWithBytes, PASSWORDS } from './support/http.js';
import { startStack, type Stack } from './support/stack.js';
import { bearer, cognitoUser, iamUser, signed } from './support/users.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterEach(() => {
  stack.sandbox.reset();
});

afterAll(() => stack.close());

const ENOUGH = JSON.stringify(PASSWORDS);
const BAD_FIELDS = JSON.stringify({ newPassword: 5, Action: 'DeleteUser' });

/** A repair of the request, and what is still wrong with it then. */
interface Step {
  readonly repair: string;
  readonly headers?: object;
  readonly body?: string;
  readonly code: ProblemCode;
  readonly errors?: readonly string[];
}

/** Mends a request step by step; each answer must name the first thing that is still wrong. */
async function mend(
  spoilt: { readonly headers: object; readonly body: string },
  steps: readonly Step[],
): Promise<{ readonly headers: object; readonly body: string }> {
  let { headers, body } = spoilt;
  for (const step of steps) {
    headers = { ...headers, ...step.headers };
    body = step.body ?? body;
    expectProblem(
      await changeWithBytes(stack, headers, body),
      step.code,
      step.errors && { errors: step.errors },
    );
  }
  expect(stack.sandbox.callCount).toBe(0);
  return { headers, body };
}

const SPOILT = {
  headers: {
    Accept: 'caf\u00e9',
    'Content-Type': 'application/json; charset=utf-16',
    Authorization: 'Bearer a, b',
  },
  body: '{"newPassword":',
};

const TRANSPORT_STEPS: readonly Step[] = [
  { repair: 'nothing yet: the transport', code: 'request_malformed' },
  { repair: 'the header', headers: { Accept: 'cafe' }, code: 'media_type_unsupported' },
  { repair: 'the media type', headers: { 'Content-Type': 'application/json' }, code: 'request_malformed' },
  { repair: 'the JSON', body: BAD_FIELDS, code: 'credential_malformed' },
];

describe('of several faults the first in the documented order is answered', () => {
  it('Cognito', async () => {
    const { idToken, auth } = cognitoUser(stack);
    const { headers } = await mend(SPOILT, [
      ...TRANSPORT_STEPS,
      { repair: 'the grammar of the credential', headers: bearer(idToken), code: 'credential_invalid' },
      {
        repair: 'the credential',
        headers: auth,
        code: 'request_invalid',
        errors: ['/Action unknown_field', '/newPassword not_a_string'],
      },
    ]);
    expectChanged(await changeWithBytes(stack, headers, ENOUGH), 'cognito');
  });

  it('IAM', async () => {
    const { keys } = iamUser(stack);
    const late = await signed(keys, {}, new Date(Date.now() - 16 * 60_000));
    const { headers, body } = await mend(
      { ...SPOILT, headers: { ...SPOILT.headers, 'X-Amz-Content-Sha256': 'a'.repeat(64) } },
      [
        ...TRANSPORT_STEPS,
        { repair: 'the grammar of the credential', headers: late, code: 'credential_expired' },
        {
          repair: 'the date',
          headers: await signed(keys),
          code: 'request_invalid',
          errors: ['/Action unknown_field', '/currentPassword required', '/newPassword not_a_string'],
        },
        { repair: 'the fields', body: ENOUGH, code: 'signature_mismatch' },
      ],
    );
    const good = Object.entries(headers).filter(([name]) => name !== 'X-Amz-Content-Sha256');
    expectChanged(await changeWithBytes(stack, Object.fromEntries(good), body), 'iam');
  });
});
