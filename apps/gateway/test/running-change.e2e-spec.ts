import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { expectChanged } from './support/expect-problem.js';
import { change, PASSWORDS } from './support/http.js';
import { ordinary, sendRequest } from './support/raw-socket.js';
import { startStack, type Stack } from './support/stack.js';
import { cognitoUser } from './support/users.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterEach(() => {
  stack.sandbox.reset();
});

afterAll(() => stack.close());

const BODY = JSON.stringify(PASSWORDS);

describe('what follows a change on its connection, in the same packet, does not answer for it', () => {
  it.each([
    ['one more bracket', '}'],
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['a request with bad framing', 'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: xchunked\r\n\r\n'],
    ['a request with headers that are too large', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
  ])('%s', async (_name, tail) => {
    const user = cognitoUser(stack);
    const answer = await sendRequest(stack, {
      headers: ordinary(`Authorization: ${user.auth.Authorization}`),
      body: BODY + tail,
    });
    expectChanged(answer, 'cognito');
    expect(answer.closed).toBe(true);
    expect(stack.sandbox.callCount).toBe(1);
  });
});

it('a caller who closes its half of the connection after the request still gets the answer', async () => {
  const user = cognitoUser(stack);
  stack.sandbox.faults.next({ fault: { kind: 'delay', ms: 300 } });
  const { hostname, port } = new URL(stack.url);
  const socket = connect(Number(port), hostname);
  const head = ['POST /password/change HTTP/1.1', ...ordinary(`Authorization: ${user.auth.Authorization}`)];
  socket.end(`${head.join('\r\n')}\r\n\r\n${BODY}`);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*"status":"changed"/);
});

describe('two of the same change at once', () => {
  it('say of none that the current password was wrong: one was made, the other cannot know', async () => {
    const user = cognitoUser(stack);
    stack.sandbox.faults.next({ fault: { kind: 'delay', ms: 1_000 }, times: 2 });
    const answers = await Promise.all([change(stack, user.auth), change(stack, user.auth)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.text).toContain('"outcome_unresolved"');
  });
});
