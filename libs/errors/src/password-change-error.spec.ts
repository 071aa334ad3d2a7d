import { describe, expect, it } from '@jest/globals';

import { PasswordChangeError, type PasswordChangeErrorOptions } from './password-change-error.js';
import { problemDefinition } from './taxonomy.js';

describe('PasswordChangeError', () => {
  it('is an Error with a name of its own', () => {
    const error = new PasswordChangeError('rate_limited');
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('PasswordChangeError');
    expect(error.stack).toContain('PasswordChangeError');
  });

  it('takes what the occurrence leaves out from the taxonomy', () => {
    const { detail, outcome, retryable, next } = problemDefinition('upstream_timeout');
    expect(new PasswordChangeError('upstream_timeout')).toMatchObject({
      code: 'upstream_timeout',
      message: detail,
      outcome,
      retryable,
      next,
      confidence: 'exact',
      errors: [],
      provider: undefined,
      upstream: undefined,
      retryAfterSeconds: undefined,
      account: undefined,
      unmappedText: false,
    });
  });

  it('keeps what the occurrence knows better', () => {
    const options = {
      provider: 'iam',
      outcome: 'unchanged',
      confidence: 'inferred',
      next: 'wait_and_retry',
      errors: [{ pointer: '/newPassword', code: 'policy', detail: 'Does not fit.' }],
      upstream: { service: 'iam', error: 'Oops', requestId: '1' },
      retryAfterSeconds: 7,
      account: '123456789012',
      unmappedText: true,
    } satisfies PasswordChangeErrorOptions;
    const error = new PasswordChangeError('internal_error', { ...options, detail: 'A sentence.' });
    expect(error).toMatchObject({ ...options, message: 'A sentence.', retryable: false });
  });

  it('keeps its cause, and has none of its own accord', () => {
    const cause = new Error('below');
    expect(new PasswordChangeError('upstream_failed', { cause }).cause).toBe(cause);
    expect(new PasswordChangeError('upstream_failed')).not.toHaveProperty('cause');
  });
});
