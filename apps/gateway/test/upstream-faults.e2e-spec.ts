import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '@password-gateway/aws-sandbox';
import type { ProblemCode } from '@password-gateway/errors';

import type { Answer } from './support/answer.js';
import { expectChanged, expectProblem } from './support/expect-problem.js';
import { change } from './support/http.js';
import { startStack, type Stack } from './support/stack.js';
import { startTrap, type Trap } from './support/trap.js';
import { cognitoUser, iamUser, NEW, signed } from './support/users.js';

const DEADLINE_MS = 1_000;

let stack: Stack;
let trap: Trap;

beforeAll(async () => {
  trap = await startTrap();
});

// A gateway for each test: the circuit breaker counts the failures of one.
beforeEach(async () => {
  stack = await startStack({ environment: { UPSTREAM_TIMEOUT_MS: String(DEADLINE_MS) } });
});

afterEach(() => stack.close());

afterAll(() => trap.close());

interface Subject {
  readonly change: () => Promise<Answer>;
  readonly hasNewPassword: () => boolean;
}

const SUBJECTS = [
  {
    provider: 'cognito' as const,
    service: 'cognito-idp' as const,
    subject: (): Promise<Subject> => {
      const { poolId, username, auth } = cognitoUser(stack);
      return Promise.resolve({
        change: () => change(stack, auth),
        hasNewPassword: () => stack.sandbox.cognito.passwordMatches(poolId, username, NEW),
      });
    },
  },
  {
    provider: 'iam' as const,
    service: 'iam' as const,
    subject: async (): Promise<Subject> => {
      const { userName, keys } = iamUser(stack);
      const headers = await signed(keys);
      return {
        change: () => change(stack, headers),
        hasNewPassword: () => stack.sandbox.iam.passwordMatches(userName, NEW),
      };
    },
  },
];

/** What goes wrong after the request was sent; `committed`: AWS had changed the password before it did. */
const FAULTS: readonly (readonly [
  name: string,
  code: ProblemCode,
  committed: boolean,
  fault: () => Fault,
])[] = [
  ['a 302', 'upstream_failed', false, () => ({ kind: 'redirect', location: trap.url })],
  [
    'a 307 after the change',
    'upstream_failed',
    true,
    () => ({ kind: 'redirect', status: 307, location: trap.url, commit: true }),
  ],
  ['HTML with 200', 'upstream_failed', false, () => ({ kind: 'html' })],
  ['HTML with 200 after the change', 'upstream_failed', true, () => ({ kind: 'html', commit: true })],
  ["a load balancer's 502", 'upstream_failed', false, () => ({ kind: 'status', status: 502 })],
  [
    "a load balancer's 503 after the change",
    'upstream_failed',
    true,
    () => ({ kind: 'status', status: 503, commit: true }),
  ],
  ["a firewall's 403 in HTML", 'upstream_failed', false, () => ({ kind: 'status', status: 403 })],
  ['a 201', 'upstream_failed', true, () => ({ kind: 'status', status: 201, commit: true })],
  [
    'JSON that is none, with 200',
    'upstream_failed',
    true,
    () => ({
      kind: 'status',
      status: 200,
      contentType: 'application/x-amz-json-1.1',
      body: '{"a":',
      commit: true,
    }),
  ],
  [
    'XML of another operation, with 200',
    'upstream_failed',
    true,
    () => ({
      kind: 'status',
      status: 200,
      contentType: 'text/xml',
      body: '<DeleteUserResponse/>',
      commit: true,
    }),
  ],
  ['an answer cut short', 'upstream_failed', true, () => ({ kind: 'truncated' })],
  ['a reset before the body', 'upstream_failed', false, () => ({ kind: 'reset' })],
  ['a reset after the change', 'upstream_failed', true, () => ({ kind: 'commit-then-reset' })],
  ['10 MB', 'upstream_failed', true, () => ({ kind: 'large', bytes: 10_000_000 })],
  ['a hang', 'upstream_timeout', false, () => ({ kind: 'hang' })],
  ['a hang after the change', 'upstream_timeout', true, () => ({ kind: 'commit-then-hang' })],
  ['one byte a second', 'upstream_timeout', true, () => ({ kind: 'slow-drip' })],
];

describe.each(SUBJECTS)('$provider', ({ provider, service, subject }) => {
  it.each(FAULTS)('%s -> %s, unknown, exactly one call', async (_name, code, committed, fault) => {
    const user = await subject();
    stack.sandbox.faults.next({ service, fault: fault() });
    const startedAt = Date.now();
    const answer = await user.change();
    const tookMs = Date.now() - startedAt;
    expectProblem(answer, code, {
      provider,
      outcome: 'unknown',
      next: 'sign_in_with_new_password_to_find_out',
    });
    expect(answer.body.upstream?.service).toBe(service);
    expect(stack.sandbox.callCount).toBe(1);
    expect(user.hasNewPassword()).toBe(committed);
    expect(trap.hits()).toBe(0);
    if (code === 'upstream_timeout') expect(tookMs).toBeGreaterThanOrEqual(DEADLINE_MS - 20);
    expect(tookMs).toBeLessThan(DEADLINE_MS + 1_500);
  });

  it('an answer within the deadline is waited for', async () => {
    const user = await subject();
    stack.sandbox.faults.next({ service, fault: { kind: 'delay', ms: DEADLINE_MS / 2 } });
    expectChanged(await user.change(), provider);
  });

  it('after a fault the next change works', async () => {
    stack.sandbox.faults.next({ service, fault: { kind: 'truncated' } });
    await (await subject()).change();
    expectChanged(await (await subject()).change(), provider);
  });

  it('refused -> 502 unchanged, no byte sent', async () => {
    const user = await subject();
    const { bytesRead } = stack.sandbox.connections;
    await stack.sandbox.refuse();
    const answer = await user.change();
    await stack.sandbox.accept();
    expectProblem(answer, 'upstream_unreachable', { provider, outcome: 'unchanged', next: 'wait_and_retry' });
    expect(stack.sandbox.callCount).toBe(0);
    expect(stack.sandbox.connections.bytesRead).toBe(bytesRead);
    expect(user.hasNewPassword()).toBe(false);
    expectChanged(await user.change(), provider);
  });

  it('refused, and back within the deadline -> the change is sent once', async () => {
    const user = await subject();
    await stack.sandbox.refuse();
    const answer = user.change();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await stack.sandbox.accept();
    expectChanged(await answer, provider);
    expect(stack.sandbox.callCount).toBe(1);
  });
});

it('IAM, an answer that is whole on the wire and cut in the document -> unknown', async () => {
  stack.sandbox.faults.next({ service: 'iam', fault: { kind: 'truncated', framing: 'intact' } });
  const { keys } = iamUser(stack);
  expectProblem(await change(stack, await signed(keys)), 'upstream_failed', { outcome: 'unknown' });
  expect(stack.sandbox.callCount).toBe(1);
});

describe('before anything is sent', () => {
  it.each([
    ['a name that does not resolve', 'https://cognito-idp.invalid'],
    ['a TLS handshake that fails', 'sandbox'],
  ])('%s -> 502 unchanged', async (_name, endpoint) => {
    const url = endpoint === 'sandbox' ? stack.sandbox.url.replace('http:', 'https:') : endpoint;
    const own = await startStack({
      environment: { AWS_ENDPOINT_URL_IAM: url, UPSTREAM_TIMEOUT_MS: '2000' },
    });
    try {
      const answer = await change(own, await signed(iamUser(own).keys));
      expectProblem(answer, 'upstream_unreachable', { provider: 'iam', outcome: 'unchanged' });
      expect(own.sandbox.callCount + stack.sandbox.callCount).toBe(0);
    } finally {
      await own.close();
    }
  });
});
