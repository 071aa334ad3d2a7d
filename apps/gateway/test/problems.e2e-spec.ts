import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { PROBLEM_CODES, type ProblemCode } from '@password-gateway/errors';

import type { ProblemCase } from './problems/case.js';
import { COGNITO_CASES } from './problems/cognito.js';
import { CREDENTIAL_CASES } from './problems/credential.js';
import { IAM_CASES } from './problems/iam.js';
import { REQUEST_CASES } from './problems/request.js';
import { TRANSPORT_CASES } from './problems/transport.js';
import { expectProblem } from './support/expect-problem.js';
import { startStack, type Stack } from './support/stack.js';
import { NEW, WRONG } from './support/users.js';

const TABLES: Readonly<Record<string, readonly ProblemCase[]>> = {
  request: REQUEST_CASES,
  credential: CREDENTIAL_CASES,
  cognito: COGNITO_CASES,
  iam: IAM_CASES,
  transport: TRANSPORT_CASES,
};

/** Codes whose way to them is tested with rate limits, idempotency and shutdown. */
const TESTED_ELSEWHERE: readonly ProblemCode[] = [
  'gateway_draining',
  'idempotency_key_reused',
  'idempotency_unavailable',
  'outcome_unresolved',
  'rate_limited',
  'request_in_progress',
];

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    environment: { UPSTREAM_TIMEOUT_MS: '1500' },
    pools: [
      {},
      {
        passwordPolicy: { passwordHistorySize: 2 },
        attemptLimit: { attempts: 2, firstLockoutMs: 600_000 },
      },
      {},
    ],
  });
});

afterEach(() => {
  jest.restoreAllMocks();
  stack.sandbox.reset();
});

afterAll(() => stack.close());

describe.each(Object.entries(TABLES))('%s', (_table, cases) => {
  it.each(cases)(
    '$code: $name',
    async ({ code, calls, send, retryAfter, ...expected }) => {
      const answer = await send(stack);
      expectProblem(answer, code, expected);
      expect(stack.sandbox.callCount).toBe(calls);
      if (retryAfter !== undefined) expect(Number(answer.headers.get('retry-after'))).toBe(retryAfter);
      const [call] = stack.sandbox.calls;
      if (answer.body.outcome === 'unchanged') expect(call?.committed ?? false).toBe(false);
      if (answer.body.upstream?.requestId !== undefined) {
        expect(answer.body.upstream.requestId).toBe(call?.requestId);
      }
      for (const secret of [NEW, WRONG]) expect(answer.text).not.toContain(secret);
    },
    15_000,
  );
});

it('every code that can be reached is in a table', () => {
  const covered = new Set(Object.values(TABLES).flatMap((cases) => cases.map(({ code }) => code)));
  const reachable = PROBLEM_CODES.filter((code) => !TESTED_ELSEWHERE.includes(code));
  expect([...covered].sort()).toEqual([...reachable].sort());
});
