import { expect } from '@jest/globals';
import type { ProblemCode } from '@password-gateway/errors';

import type { Answer } from './answer.js';
import { ERRORS_TABLE } from './errors-table.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What an occurrence of a problem has beyond its code. */
export interface ProblemExpectation {
  readonly outcome?: 'unchanged' | 'unknown';
  /** Broken rules as `<pointer> <code>`, in any order; none unless given. */
  readonly errors?: readonly string[];
  readonly next?: string;
  readonly confidence?: 'exact' | 'inferred';
  readonly provider?: 'cognito' | 'iam';
  /** AWS's error name. */
  readonly upstreamError?: string;
  /** AWS named an error in a way that must not be told. */
  readonly noUpstreamError?: boolean;
  /** The detail must say this. */
  readonly detail?: RegExp;
}

/** Expects a problem of that code, whole and with the headers that every problem has. */
export function expectProblem(answer: Answer, code: ProblemCode, expected: ProblemExpectation = {}): void {
  const { status, headers, body } = answer;
  const [expectedStatus, outcome, retryable] = ERRORS_TABLE[code];
  expect({ status, code: body.code }).toEqual({ status: expectedStatus, code });
  expect(body).toMatchObject({
    type: `/problems/${code}`,
    title: expect.stringMatching(/./),
    status: expectedStatus,
    detail: expect.stringMatching(expected.detail ?? /./),
    outcome: expected.outcome ?? outcome,
    retryable,
    confidence: expected.confidence ?? expect.stringMatching(/^(?:exact|inferred)$/),
    next: expected.next ?? expect.stringMatching(/^[a-z_]+$/),
    ...(expected.provider && { provider: expected.provider }),
    ...(expected.upstreamError !== undefined && { upstream: { error: expected.upstreamError } }),
  });
  if (expected.noUpstreamError) expect(body.upstream).not.toHaveProperty('error');
  const errors = (body.errors ?? []).map((error) => `${error.pointer} ${error.code}`);
  expect(errors.sort()).toEqual([...(expected.errors ?? [])].sort());
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json(?:;|$)/);
  expect(headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer, AWS4-HMAC-SHA256' : null);
  if (status === 405) expect(headers.get('allow')).toMatch(/^[A-Z]+(?:, [A-Z]+)*$/);
  expectOwnHeaders(answer);
  expect(body.requestId).toBe(headers.get('x-request-id'));
  if (UUID.test(body.requestId ?? '')) expect(body.instance).toBe(`urn:uuid:${body.requestId ?? ''}`);
}

/** Expects that the password was changed. */
export function expectChanged(answer: Answer, provider: 'cognito' | 'iam'): void {
  expect(answer.body).toEqual({
    status: 'changed',
    provider,
    requestId: answer.headers.get('x-request-id'),
    upstreamRequestId: expect.stringMatching(UUID),
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json(?:;|$)/);
  expectOwnHeaders(answer);
}

/** Expects the two headers that every answer has. */
export function expectOwnHeaders({ headers }: Answer): void {
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-request-id')).toMatch(/^[\w.-]{1,128}$/);
}
