import { describe, expect, it } from '@jest/globals';

import { NEXT_STEPS } from './next-step.js';
import { type Outcome, PROBLEM_CODES, type ProblemCode, problemDefinition, PROBLEMS } from './taxonomy.js';

type Row = readonly [code: ProblemCode, status: number, outcome: Outcome, retryable: 'yes' | 'no'];

const TABLE: readonly Row[] = [
  ['request_malformed', 400, 'unchanged', 'no'],
  ['request_invalid', 422, 'unchanged', 'no'],
  ['request_too_large', 413, 'unchanged', 'no'],
  ['media_type_unsupported', 415, 'unchanged', 'no'],
  ['request_timeout', 408, 'unchanged', 'yes'],
  ['headers_too_large', 431, 'unchanged', 'no'],
  ['route_not_found', 404, 'unchanged', 'no'],
  ['method_not_allowed', 405, 'unchanged', 'no'],
  ['credential_missing', 401, 'unchanged', 'no'],
  ['credential_malformed', 401, 'unchanged', 'no'],
  ['credential_invalid', 401, 'unchanged', 'no'],
  ['credential_expired', 401, 'unchanged', 'no'],
  ['credential_revoked', 401, 'unchanged', 'no'],
  ['signature_mismatch', 401, 'unchanged', 'no'],
  ['scope_insufficient', 403, 'unchanged', 'no'],
  ['pool_not_allowed', 403, 'unchanged', 'no'],
  ['permission_denied', 403, 'unchanged', 'no'],
  ['blocked_by_firewall', 403, 'unchanged', 'no'],
  ['current_password_incorrect', 422, 'unchanged', 'no'],
  ['current_password_required', 422, 'unchanged', 'no'],
  ['new_password_rejected', 422, 'unchanged', 'no'],
  ['new_password_reused', 422, 'unchanged', 'no'],
  ['not_authorized', 403, 'unchanged', 'no'],
  ['account_disabled', 403, 'unchanged', 'no'],
  ['account_not_confirmed', 409, 'unchanged', 'no'],
  ['account_not_found', 404, 'unchanged', 'no'],
  ['account_has_no_password', 409, 'unchanged', 'no'],
  ['account_type_unsupported', 403, 'unchanged', 'no'],
  ['account_temporarily_unmodifiable', 409, 'unchanged', 'yes'],
  ['password_reset_required', 409, 'unchanged', 'no'],
  ['pool_not_found', 404, 'unchanged', 'no'],
  ['attempts_exceeded', 429, 'unchanged', 'yes'],
  ['quota_exceeded', 409, 'unchanged', 'no'],
  ['rate_limited', 429, 'unchanged', 'yes'],
  ['upstream_throttled', 503, 'unchanged', 'yes'],
  ['idempotency_key_reused', 422, 'unknown', 'no'],
  ['request_in_progress', 409, 'unknown', 'yes'],
  ['idempotency_unavailable', 503, 'unknown', 'yes'],
  ['upstream_unreachable', 502, 'unchanged', 'yes'],
  ['upstream_timeout', 504, 'unknown', 'no'],
  ['upstream_failed', 502, 'unknown', 'no'],
  ['upstream_unavailable', 503, 'unchanged', 'yes'],
  ['outcome_unresolved', 409, 'unknown', 'no'],
  ['upstream_error_unrecognised', 502, 'unknown', 'no'],
  ['gateway_draining', 503, 'unchanged', 'yes'],
  ['internal_error', 500, 'unknown', 'no'],
];

describe('the taxonomy', () => {
  it.each(TABLE)('says of %s: status %i, %s, retryable %s', (code, status, outcome, retryable) => {
    expect(problemDefinition(code)).toMatchObject({ status, outcome, retryable: retryable === 'yes' });
  });

  it('has no other codes', () => {
    expect(PROBLEM_CODES).toEqual(TABLE.map(([code]) => code));
  });

  it.each(PROBLEM_CODES)('gives %s a failure status, words and a next step', (code) => {
    const { status, title, detail, next } = problemDefinition(code);
    expect(status >= 400 && status <= 599).toBe(true);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(detail).toMatch(/^[A-Z].*\.$/);
    expect(NEXT_STEPS).toHaveProperty(next);
  });

  it('gives every code a title of its own', () => {
    const titles = Object.values(PROBLEMS).map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('asks to repeat blindly only while the password is certain or the key protects the repetition', () => {
    const blind = PROBLEM_CODES.map((code) => ({ code, ...problemDefinition(code) })).filter(
      ({ outcome, retryable }) => outcome === 'unknown' && retryable,
    );
    expect(blind.map(({ code }) => code)).toEqual(['request_in_progress', 'idempotency_unavailable']);
  });

  it('says wait_and_retry exactly where a repetition can succeed', () => {
    for (const { next, retryable } of Object.values(PROBLEMS)) {
      expect(next === 'wait_and_retry').toBe(retryable);
    }
  });
});
