import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import type { Answer } from './support/answer.js';
import { expectChanged, expectOwnHeaders, expectProblem } from './support/expect-problem.js';
import { change, PASSWORDS, request } from './support/http.js';
import { ordinary, sendBytes, sendRequest } from './support/raw-socket.js';
import { startStack, type Stack } from './support/stack.js';
import { cognitoUser, iamUser, signed } from './support/users.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterEach(() => {
  stack.sandbox.reset();
});

afterAll(() => stack.close());

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Answers from every part of the gateway that can answer. */
const ANSWERS: readonly (readonly [name: string, status: number, send: () => Promise<Answer>])[] = [
  ['a change', 200, () => change(stack, cognitoUser(stack).auth)],
  ['an IAM change', 200, async () => change(stack, await signed(iamUser(stack).keys))],
  ['a problem of the service', 401, () => change(stack, {})],
  ['a problem of the fields', 422, () => change(stack, cognitoUser(stack).auth, {})],
  ['a problem of the body', 400, () => change(stack, {}, 'text')],
  ['a problem of the media type', 415, () => change(stack, { 'Content-Type': 'text/plain' })],
  ['a problem of the size', 413, () => change(stack, {}, 'x'.repeat(17 * 1024))],
  ['a problem of the headers', 400, () => sendRequest(stack, { headers: ordinary('Host: other') })],
  ['a problem of the target', 400, () => request(stack, '/password/%zz')],
  [
    'a problem of the framing, by the HTTP parser',
    400,
    () => sendRequest(stack, { headers: ordinary('Content-Length: 5') }),
  ],
  [
    'headers too large, by the HTTP parser',
    431,
    () => sendRequest(stack, { headers: ordinary(`X-Large: ${'x'.repeat(17 * 1024)}`) }),
  ],
  [
    'no HTTP at all',
    400,
    () => sendBytes(stack, Buffer.from('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'latin1')),
  ],
  ['an expectation', 400, () => sendRequest(stack, { headers: ordinary('Expect: 200-maybe') })],
  ['nothing there', 404, () => request(stack, '/nowhere')],
  ['another method', 405, () => request(stack, '/password/change', { method: 'DELETE' })],
  ['health', 200, () => request(stack, '/health/live')],
  ['readiness', 200, () => request(stack, '/health/ready')],
  ['the OpenAPI document', 200, () => request(stack, '/openapi.json')],
  ['the documentation', 200, () => request(stack, '/docs')],
  ['a file of the documentation', 200, () => request(stack, '/docs/page.css')],
];

describe('X-Request-Id and Cache-Control: no-store', () => {
  it.each(ANSWERS)('%s, %d', async (_name, status, send) => {
    const answer = await send();
    expect(answer.status).toBe(status);
    expectOwnHeaders(answer);
    expect(answer.headers.get('x-request-id')).toMatch(UUID);
    if (status >= 400)
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json(?:;|$)/);
  });
});

describe("the caller's X-Request-Id", () => {
  it.each(['a', 'order-1.b_C', 'x'.repeat(128), '0b7f3f52-6a0e-4a53-a1b0-5c4bd1f0a4f1'])(
    '%s comes back',
    async (id) => {
      const [changed, refused] = [
        await change(stack, { ...cognitoUser(stack).auth, 'X-Request-Id': id }),
        await change(stack, { 'X-Request-Id': id }),
      ];
      expectChanged(changed, 'cognito');
      expectProblem(refused, 'credential_missing');
      for (const { headers, body } of [changed, refused]) {
        expect(headers.get('x-request-id')).toBe(id);
        expect(body.requestId).toBe(id);
      }
      expect(refused.body.instance).toBe(UUID.test(id) ? `urn:uuid:${id}` : undefined);
    },
  );

  it.each(['two words', '', 'x'.repeat(129), '<script>', 'a;b', 'a,b', '"quoted"', '../../etc'])(
    'the insane %j does not',
    async (id) => {
      const answer = await change(stack, { 'X-Request-Id': id });
      expectProblem(answer, 'credential_missing');
      expect(answer.headers.get('x-request-id')).toMatch(UUID);
    },
  );

  it('two of them do not', async () => {
    const answer = await sendRequest(stack, { headers: ordinary('X-Request-Id: a', 'X-Request-Id: b') });
    expect(answer.headers.get('x-request-id')).toMatch(UUID);
  });
});

describe('methods', () => {
  it.each([
    ['GET', '/password/change', 'POST'],
    ['PUT', '/password/change', 'POST'],
    ['PATCH', '/password/change', 'POST'],
    ['DELETE', '/password/change', 'POST'],
    ['POST', '/health/live', 'GET, HEAD'],
  ])('%s %s -> 405 with Allow: %s', async (method, path, allow) => {
    const answer = await request(stack, path, { method });
    expectProblem(answer, 'method_not_allowed');
    expect(answer.headers.get('allow')).toBe(allow);
  });

  it('HEAD -> 405 without a body', async () => {
    const answer = await fetch(`${stack.url}/password/change`, { method: 'HEAD' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
    expect(await answer.text()).toBe('');
  });
});

it('Expect: 100-continue works', async () => {
  const body = JSON.stringify(PASSWORDS);
  const headers = {
    ...cognitoUser(stack).auth,
    'Content-Type': 'application/json',
    'Content-Length': body.length,
    Expect: '100-continue',
  };
  const sent = httpRequest(`${stack.url}/password/change`, { method: 'POST', headers });
  sent.flushHeaders();
  await once(sent, 'continue');
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(200);
  expect(stack.sandbox.callCount).toBe(1);
});

it('with PUBLIC_URL the type of a problem is absolute, also when the HTTP parser refused', async () => {
  const own = await startStack({ environment: { PUBLIC_URL: 'https://passwords.example.com/api/' } });
  try {
    const answers = [
      await change(own, {}),
      await sendRequest(own, { headers: ordinary('Content-Length: 5') }),
      await sendRequest(own, { headers: ordinary('Expect: 200-maybe') }),
    ];
    for (const { body } of answers) {
      expect(body.type).toBe(`https://passwords.example.com/api/problems/${body.code ?? ''}`);
    }
  } finally {
    await own.close();
  }
});
