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
    ['InvalidParameterException', 'Something new', 'request_invalid', 'inferred'],
    ['InvalidPasswordException', 'A rule that nobody knows', 'new_password_rejected', 'inferred'],
    ['AccessDeniedException', 'Something new', 'not_authorized', 'inferred'],
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

const ARN = 'arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_A';
const ANONYMOUS = `User: anonymous is not authorized to perform: cognito-idp:ChangePassword on resource: ${ARN}`;

describe('what is told of', () => {
  it('a limit of calls, which is no lock-out', () => {
    const error = map('LimitExceededException', 'Attempt limit exceeded, please try after some time.');
    expect(error).toMatchObject({ code: 'attempts_exceeded', confidence: 'exact' });
    expect(error.message).toMatch(/too many changes or attempts .* within an hour/);
    expect(error.message).not.toMatch(/locked|wrong password/);
    expect(error.retryAfterSeconds).toBeUndefined();
  });

  it.each(['NotAuthorizedException', 'TooManyFailedAttemptsException'])('a lock-out (%s)', (name) => {
    const error = map(name, 'Password attempts exceeded');
    expect(error).toMatchObject({
      code: 'attempts_exceeded',
      confidence: 'inferred',
      retryAfterSeconds: 900,
    });
    expect(error.message).toMatch(/locked this user out/);
  });

  it('a user of another identity provider', () => {
    const error = map('NotAuthorizedException', 'User is not authorized to change password.');
    expect(error).toMatchObject({
      code: 'account_type_unsupported',
      confidence: 'inferred',
      next: 'ask_administrator',
      unmappedText: false,
    });
    expect(error.message).toMatch(/another identity provider/);
    expect(error.message).not.toMatch(/IAM/);
  });

  it('a password that is known from leaks', () => {
    const error = map('InvalidPasswordException', 'Provided password cannot be used for security reasons.');
    expect(error).toMatchObject({
      code: 'new_password_rejected',
      next: 'choose_another_password',
      errors: [{ pointer: '/newPassword', code: 'compromised' }],
    });
    expect(error.message).not.toMatch(/policy/);
  });

  it('a region that changes no passwords', () => {
    const error = map('OperationNotEnabledException', '');
    expect(error).toMatchObject({
      code: 'permission_denied',
      confidence: 'exact',
      next: 'ask_administrator',
    });
    expect(error.message).toMatch(/not possible in this region.* now.*primary region, or here later/);
    expect(error.message).not.toMatch(/policy/);
  });

  it.each([
    [
      'AccessDeniedException',
      `${ANONYMOUS} with an explicit deny in a resource control policy`,
      'A resource control policy denies',
    ],
    [
      'AccessDeniedException',
      `${ANONYMOUS} because no VPC endpoint policy allows it`,
      'No VPC endpoint policy allows',
    ],
    ['AccessDenied', `${ANONYMOUS} with an explicit deny`, 'A policy denies'],
    [
      'NotAuthorizedException',
      `${ANONYMOUS} with an explicit deny in a resource-based policy`,
      'A resource-based policy denies',
    ],
  ])('a policy: %s, %j', (name, message, start) => {
    expect(map(name, message)).toMatchObject({
      code: 'permission_denied',
      confidence: 'inferred',
      next: 'ask_administrator',
      message: expect.stringMatching(
        new RegExp(`^${start} cognito-idp:ChangePassword to the users of this pool(?: explicitly)?\\.$`),
      ),
      unmappedText: false,
    });
  });

  it('sufficient access that is missing', () => {
    const text = 'You do not have sufficient access to perform this action.';
    expect(map('AccessDeniedException', text)).toMatchObject({
      code: 'permission_denied',
      unmappedText: false,
    });
  });

  it.each([
    [
      'PrivateLink access is disabled for the user pool that has ManagedLogin configured.',
      /PrivateLink/,
      false,
    ],
    ['Something about no field', /named no field/, true],
  ])('a request that breaks no rule of a field: %j', (message, detail, unmappedText) => {
    const error = map('InvalidParameterException', message);
    expect(error).toMatchObject({
      code: 'request_invalid',
      next: 'ask_administrator',
      errors: [],
      unmappedText,
    });
    expect(error.message).toMatch(detail);
    expect(error.message).not.toMatch(/errors lists/);
  });

  it.each([
    ['Member must have length greater than or equal to 6', 'too_short', 'Must have at least 6 characters.'],
    [
      'Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$',
      'invalid',
      'Must have at least 2 characters, no white space at either end and no line break inside.',
    ],
  ])('a current password that cannot be one: %j', (constraint, code, detail) => {
    const text = `1 validation error detected: Value at 'previousPassword' failed to satisfy constraint: ${constraint}`;
    expect(map('InvalidParameterException', text)).toMatchObject({
      code: 'request_invalid',
      next: 'correct_current_password',
      message: expect.stringMatching(/is not the current password\.$/),
      errors: [{ pointer: '/currentPassword', code, detail }],
    });
  });

  it.each(['SignatureDoesNotMatch', 'InvalidSignatureException'])(
    'a signature that was not sent: %s',
    (name) => {
      expect(map(name, '')).toMatchObject({
        code: 'signature_mismatch',
        confidence: 'inferred',
        next: 'contact_support',
        message: expect.stringMatching(/carry none/),
      });
    },
  );
});

/** Names that AWS's pages and the SDKs show, beside those of the operation: refusals before the work. */
it.each([
  ['SerializationException', 'request_malformed'],
  ['UnknownOperationException', 'request_malformed'],
  ['InvalidAction', 'request_malformed'],
  ['MalformedQueryString', 'request_malformed'],
  ['MissingParameter', 'request_invalid'],
  ['InvalidParameterValue', 'request_invalid'],
  ['InvalidInput', 'request_invalid'],
  ['ValidationError', 'request_invalid'],
  ['AuthFailure', 'credential_invalid'],
  ['InvalidAccessKeyId', 'credential_invalid'],
  ['InvalidClientTokenId', 'credential_invalid'],
  ['ExpiredTokenException', 'credential_expired'],
  ['MissingAuthenticationToken', 'credential_missing'],
  ['IncompleteSignature', 'credential_malformed'],
  ['NotAuthorized', 'permission_denied'],
  ['OptInRequired', 'permission_denied'],
  ['RequestEntityTooLargeException', 'request_too_large'],
  ['RequestTimeoutException', 'request_timeout'],
  ['RequestThrottled', 'upstream_throttled'],
])('%s is %s, and the password is unchanged', (name, code) => {
  expect(map(name, '')).toMatchObject({ code, outcome: 'unchanged' });
});

it.each(['RequestAbortedException', 'ServiceUnavailableException', 'InternalServerError'])(
  '%s may have come during the work',
  (name) => {
    expect(map(name, '')).toMatchObject({ code: 'upstream_failed', outcome: 'unknown' });
  },
);
