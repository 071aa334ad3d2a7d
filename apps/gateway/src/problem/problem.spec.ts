import { describe, expect, it } from '@jest/globals';
import { PROBLEM_CODES, PasswordChangeError, problemDefinition } from '@password-gateway/errors';

import { problemBody } from './problem.js';

const ID = '0b7f3f52-6a0e-4a53-a1b0-5c4bd1f0a4f1';
const URL = 'https://passwords.example';

describe('the body of a failed answer', () => {
  it.each(PROBLEM_CODES)('says what the taxonomy says of %s', (code) => {
    const { status, title, detail, outcome, retryable, next } = problemDefinition(code);
    expect(problemBody(new PasswordChangeError(code), ID, URL, undefined)).toStrictEqual({
      type: `${URL}/problems/${code}`,
      title,
      status,
      detail,
      instance: `urn:uuid:${ID}`,
      code,
      outcome,
      retryable,
      confidence: 'exact',
      next,
      requestId: ID,
    });
  });

  it('says what this failure knows better, and nothing that is not for the caller', () => {
    const known = {
      detail: 'Words of its own.',
      outcome: 'unchanged',
      confidence: 'inferred',
      next: 'contact_support',
      provider: 'iam',
      errors: [{ pointer: '/newPassword', code: 'policy', detail: 'Too plain.' }],
      upstream: { service: 'iam', error: 'AccessDenied', requestId: 'upstream-id' },
    } as const;
    const cause = new Error('canary');
    const error = new PasswordChangeError('internal_error', { ...known, account: '123456789012', cause });
    const body = problemBody(error, ID, '');
    expect(body).toMatchObject({ ...known, type: '/problems/internal_error' });
    expect(JSON.stringify(body)).not.toMatch(/canary|123456789012/);
  });

  it.each([
    ['the failure', 'iam', undefined, 'iam'],
    ['the credential', undefined, 'cognito', 'cognito'],
    ['nobody', undefined, undefined, undefined],
  ] as const)('names the provider as %s does', (_who, told, credential, provider) => {
    const error = new PasswordChangeError('internal_error', { ...(told && { provider: told }) });
    expect(problemBody(error, ID, '', credential)).toEqual(
      provider === undefined
        ? expect.not.objectContaining({ provider: expect.anything() })
        : expect.objectContaining({ provider }),
    );
  });

  it.each([ID.toUpperCase(), '00000000-0000-0000-0000-000000000000'])(
    'makes an instance of the UUID %s',
    (requestId) => {
      const body = problemBody(new PasswordChangeError('internal_error'), requestId, '');
      expect(body).toMatchObject({ instance: `urn:uuid:${requestId}`, requestId });
    },
  );

  it.each(['', 'request-1', `${ID}0`, `0${ID}`, `${ID} `, ID.replaceAll('-', ''), ID.replace('0', 'g')])(
    'makes none of the id %j',
    (requestId) => {
      const body = problemBody(new PasswordChangeError('internal_error'), requestId, '');
      expect(body).not.toHaveProperty('instance');
      expect(body).toMatchObject({ requestId });
    },
  );
});
