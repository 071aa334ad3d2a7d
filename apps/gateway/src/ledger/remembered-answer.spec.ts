import { describe, expect, it } from '@jest/globals';
import { PasswordChangeError } from '@password-gateway/errors';

import { type FirstAnswer, readAnswer, writeAnswer } from './remembered-answer.js';

const again = (answer: FirstAnswer) => readAnswer(writeAnswer(answer));

describe('an answer that is given again', () => {
  it.each([['upstream-id'], [undefined]])('a change, with upstream id %j', (upstreamRequestId) => {
    const answer = { requestId: 'first', changed: { provider: 'iam' as const, upstreamRequestId } };
    expect(again(answer)).toEqual(answer);
  });

  it.each([
    ['with nothing of its own', new PasswordChangeError('internal_error')],
    [
      'with everything that the caller was shown',
      new PasswordChangeError('not_authorized', {
        detail: 'Words of its own.',
        outcome: 'unknown',
        next: 'wait_and_retry',
        confidence: 'inferred',
        provider: 'iam',
        errors: [{ pointer: '/newPassword', code: 'policy', detail: 'Too plain.' }],
        upstream: { service: 'iam', error: 'AccessDenied', requestId: 'upstream-id' },
      }),
    ],
  ])('a failure %s', (_what, error) => {
    const answer = again({ requestId: 'first', error });
    if (!('error' in answer)) throw new Error('the failure was lost');
    expect(answer.requestId).toBe('first');
    expect(answer.error).toBeInstanceOf(PasswordChangeError);
    for (const field of [
      'code',
      'message',
      'outcome',
      'next',
      'confidence',
      'provider',
      'errors',
      'upstream',
    ] as const)
      expect([field, answer.error[field]]).toEqual([field, error[field]]);
  });

  it('keeps nothing that the caller was not shown', () => {
    const error = new PasswordChangeError('internal_error', { cause: new Error('canary') });
    expect(writeAnswer({ requestId: 'first', error })).not.toContain('canary');
  });
});
