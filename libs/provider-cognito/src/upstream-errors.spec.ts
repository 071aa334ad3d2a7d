import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

import { describe, expect, it } from '@jest/globals';
import { type Confidence, mapUpstreamError, type ProblemCode } from '@password-gateway/errors';

import { COGNITO_ERRORS } from './upstream-errors.js';

const map = (name: string, message: string, sentCurrentPassword = true) =>
  mapUpstreamError('cognito', COGNITO_ERRORS, {
    name,
    message,
    sent: { sentCurrentPassword },
    upstream: { service: 'cognito-idp', error: name },
  });

/** What the SDK's documentation of ChangePassword declares, its base exception left out. */
function declaredExceptions(): string[] {
  const entry = createRequire(import.meta.url).resolve('@aws-sdk/client-cognito-identity-provider');
  const types = new URL('../dist-types/commands/ChangePasswordCommand.d.ts', pathToFileURL(entry));
  const names = [...readFileSync(types, 'utf8').matchAll(/@throws \{@link (\w+)\}/g)].map(
    ([, name]) => name!,
  );
  return names.filter((name) => name !== 'CognitoIdentityProviderServiceException');
}

describe('the exceptions that the SDK declares for ChangePassword', () => {
  const names = declaredExceptions();

  it('are found', () => {
    expect(names.length).toBeGreaterThanOrEqual(13);
  });

  it.each(names)('include %s, which is mapped', (name) => {
    expect(Object.keys(COGNITO_ERRORS)).toContain(name);
    expect(map(name, '').code).not.toBe('upstream_error_unrecognised');
  });
});

type Row = readonly [name: string, message: string, code: ProblemCode, confidence: Confidence];

const ROWS: readonly Row[] = [
  ['NotAuthorizedException', 'Incorrect username or password.', 'current_password_incorrect', 'inferred'],
  ['NotAuthorizedException', 'Invalid Access Token', 'credential_invalid', 'inferred'],
  ['NotAuthorizedException', 'Could not verify signature for Access Token', 'credential_invalid', 'inferred'],
  ['NotAuthorizedException', 'Access Token has been revoked', 'credential_revoked', 'inferred'],
  ['NotAuthorizedException', 'Access Token has expired', 'credential_expired', 'inferred'],
  ['NotAuthorizedException', 'Access Token does not have required scopes', 'scope_insufficient', 'inferred'],
  ['NotAuthorizedException', 'Access Token has expired, sign in', 'credential_expired', 'inferred'],
  ['NotAuthorizedException', 'User is disabled', 'account_disabled', 'inferred'],
  ['NotAuthorizedException', 'Password attempts exceeded', 'attempts_exceeded', 'inferred'],
  [
    'LimitExceededException',
    'Attempt limit exceeded, please try after some time.',
    'attempts_exceeded',
    'exact',
  ],
  ['TooManyRequestsException', 'Too many requests', 'upstream_throttled', 'exact'],
  ['Throttling', 'Rate exceeded', 'upstream_throttled', 'exact'],
  ['ThrottlingException', 'Rate exceeded', 'upstream_throttled', 'exact'],
  [
    'InvalidPasswordException',
    'Password did not conform with policy: Password not long enough',
    'new_password_rejected',
    'exact',
  ],
  [
    'InvalidParameterException',
    "1 validation error detected: Value at 'proposedPassword' failed to satisfy constraint: Member must not be null",
    'request_invalid',
    'inferred',
  ],
  [
    'InvalidParameterException',
    "1 validation error detected: Value at 'accessToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9-_=.]+",
    'credential_malformed',
    'inferred',
  ],
  ['ForbiddenException', 'Request not allowed due to WAF block.', 'blocked_by_firewall', 'exact'],
  ['PasswordHistoryPolicyViolationException', '', 'new_password_reused', 'exact'],
  ['PasswordResetRequiredException', '', 'password_reset_required', 'exact'],
  ['ResourceNotFoundException', '', 'pool_not_found', 'exact'],
  ['OperationNotEnabledException', '', 'permission_denied', 'exact'],
  ['UserNotConfirmedException', '', 'account_not_confirmed', 'exact'],
  ['UserNotFoundException', '', 'account_not_found', 'exact'],
  ['UnrecognizedClientException', '', 'credential_invalid', 'exact'],
  ['InternalErrorException', '', 'upstream_failed', 'exact'],
  ['InternalFailure', '', 'upstream_failed', 'exact'],
  ['ServiceUnavailable', '', 'upstream_failed', 'exact'],
];

describe('COGNITO_ERRORS', () => {
  it.each(ROWS)('makes of %s: %j the code %s, %s', (name, message, code, confidence) => {
    expect(map(name, message)).toMatchObject({ code, confidence, unmappedText: false });
  });

  it.each([
    ['NotAuthorizedException', 'Something new', 'not_authorized', 'inferred'],
    ['NotAuthorizedException', '', 'not_authorized', 'inferred'],
    ['NotAuthorizedException', 'The password is incorrect', 'not_authorized', 'inferred'],
    ['InvalidParameterException', 'Something new', 'request_invalid', 'exact'],
    ['InvalidPasswordException', 'A rule that nobody knows', 'new_password_rejected', 'exact'],
    ['BrandNewException', 'Incorrect username or password.', 'upstream_error_unrecognised', 'exact'],
  ])(
    'counts %s: %j as a text that nobody knows and makes of it %s, %s',
    (name, message, code, confidence) => {
      expect(map(name, message)).toMatchObject({ code, confidence, unmappedText: true });
    },
  );

  it.each([
    ['NotAuthorizedException', 'Incorrect username or password.', ['/currentPassword incorrect']],
    ['InvalidPasswordException', 'Password must have symbol characters', ['/newPassword symbol_missing']],
    ['PasswordHistoryPolicyViolationException', '', ['/newPassword used_before']],
    [
      'InvalidParameterException',
      "2 validation errors detected: Value at 'previousPassword' failed to satisfy constraint: Member must have length " +
        "greater than or equal to 1; Value at 'proposedPassword' failed to satisfy constraint: Member must not be null",
      ['/currentPassword too_short', '/newPassword required'],
    ],
  ])('points to the fields of %s: %j', (name, message, broken) => {
    expect(map(name, message).errors.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(broken);
  });

  it.each([
    ['NotAuthorizedException', 'Incorrect username or password.'],
    [
      'InvalidParameterException',
      "1 validation error detected: Value at 'previousPassword' failed to satisfy constraint: Member must not be null",
    ],
  ])('asks for the current password when none was sent and AWS says %s: %j', (name, message) => {
    expect(map(name, message, false)).toMatchObject({
      code: 'current_password_required',
      confidence: 'inferred',
      errors: [
        { pointer: '/currentPassword', code: 'required', detail: expect.stringMatching(/^[A-Z].+\.$/) },
      ],
    });
    expect(map(name, message, true).code).not.toBe('current_password_required');
  });

  it.each([
    "1 validation error detected: Value at 'proposedPassword' failed to satisfy constraint: Member must not be null",
    "2 validation errors detected: Value at 'previousPassword' failed to satisfy constraint: Member must not be null; " +
      "Value at 'proposedPassword' failed to satisfy constraint: Member must not be null",
  ])('does not ask for it where more or something else is wrong: %j', (message) => {
    expect(map('InvalidParameterException', message, false)).toMatchObject({ code: 'request_invalid' });
  });
});
