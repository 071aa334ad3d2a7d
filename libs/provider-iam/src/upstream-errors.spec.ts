import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

import { describe, expect, it } from '@jest/globals';
import {
  type Confidence,
  mapUpstreamError,
  type ProblemCode,
  problemDefinition,
} from '@password-gateway/errors';

import { IAM_ERRORS } from './upstream-errors.js';

const map = (name: string, message = '', sentSecurityToken = false) =>
  mapUpstreamError('iam', IAM_ERRORS, {
    name,
    message,
    sent: { sentSecurityToken },
    upstream: { service: 'iam', error: name },
  });

/** What the SDK's documentation of ChangePassword declares, its base exception left out, by their names in the XML. */
function declaredErrors(): string[] {
  const entry = createRequire(import.meta.url).resolve('@aws-sdk/client-iam');
  const types = new URL('../dist-types/commands/ChangePasswordCommand.d.ts', pathToFileURL(entry));
  const names = [...readFileSync(types, 'utf8').matchAll(/@throws \{@link (\w+)\}/g)].map(
    ([, name]) => name!,
  );
  return names.filter((name) => name !== 'IAMServiceException').map((name) => name.replace(/Exception$/, ''));
}

describe('the exceptions that the SDK declares for ChangePassword', () => {
  const names = declaredErrors();

  it('are found', () => {
    expect(names.length).toBeGreaterThanOrEqual(6);
  });

  it.each(names)('include %s, which is mapped', (name) => {
    expect(Object.keys(IAM_ERRORS)).toContain(name);
    expect(map(name).code).not.toBe('upstream_error_unrecognised');
  });
});

const NOT_AUTHORIZED =
  'User: arn:aws:iam::123456789012:user/X is not authorized to perform: iam:ChangePassword';

type Row = readonly [name: string, message: string, code: ProblemCode, confidence: Confidence];

const ROWS: readonly Row[] = [
  ['NoSuchEntity', 'Login Profile for User X cannot be found.', 'account_has_no_password', 'inferred'],
  ['NoSuchEntity', 'The user with name X cannot be found.', 'account_not_found', 'inferred'],
  [
    'EntityTemporarilyUnmodifiable',
    'Login Profile for User X cannot be modified',
    'account_temporarily_unmodifiable',
    'exact',
  ],
  [
    'PasswordPolicyViolation',
    'Password does not conform to the account password policy.',
    'new_password_rejected',
    'exact',
  ],
  [
    'PasswordPolicyViolation',
    'Policy constraint violation with password reuse prevention during password change.',
    'new_password_reused',
    'inferred',
  ],
  ['InvalidUserType', '', 'account_type_unsupported', 'exact'],
  ['LimitExceeded', '', 'quota_exceeded', 'exact'],
  ['ServiceFailure', '', 'upstream_failed', 'exact'],
  ['InternalFailure', '', 'upstream_failed', 'exact'],
  ['ServiceUnavailable', '', 'upstream_failed', 'exact'],
  ['AccessDenied', 'The old password was incorrect.', 'current_password_incorrect', 'inferred'],
  ['AccessDenied', 'Only IAM Users can change their own password', 'account_type_unsupported', 'inferred'],
  [
    'AccessDenied',
    'Only IAM Users can change their own password, others cannot',
    'account_type_unsupported',
    'inferred',
  ],
  ['AccessDenied', NOT_AUTHORIZED, 'permission_denied', 'inferred'],
  ['AccessDeniedException', NOT_AUTHORIZED, 'permission_denied', 'inferred'],
  ['OptInRequired', '', 'permission_denied', 'exact'],
  ['ExpiredToken', 'The security token included in the request is expired', 'credential_expired', 'exact'],
  ['ExpiredTokenException', '', 'credential_expired', 'exact'],
  ['RequestExpired', '', 'credential_expired', 'exact'],
  [
    'InvalidClientTokenId',
    'The security token included in the request is invalid',
    'credential_invalid',
    'inferred',
  ],
  ['UnrecognizedClientException', '', 'credential_invalid', 'inferred'],
  ['MissingAuthenticationToken', '', 'credential_missing', 'exact'],
  ['IncompleteSignature', '', 'credential_malformed', 'exact'],
  [
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided.',
    'signature_mismatch',
    'exact',
  ],
  [
    'SignatureDoesNotMatch',
    'Signature expired: 20261120T000000Z is now earlier than 20261120T000001Z',
    'credential_expired',
    'inferred',
  ],
  [
    'SignatureDoesNotMatch',
    'Signature not yet current: 20261120T000002Z is still later than',
    'credential_expired',
    'inferred',
  ],
  [
    'SignatureDoesNotMatch',
    "Credential should be scoped to a valid Region, not 'eu-west-1'.",
    'credential_malformed',
    'inferred',
  ],
  [
    'SignatureDoesNotMatch',
    'Date in Credential scope does not match YYYYMMDD from ISO-8601',
    'credential_malformed',
    'inferred',
  ],
  ['Throttling', 'Rate exceeded', 'upstream_throttled', 'exact'],
  ['ThrottlingException', 'Rate exceeded', 'upstream_throttled', 'exact'],
  [
    'ValidationError',
    "1 validation error detected: Value at 'newPassword' failed to satisfy constraint: Member must not be null",
    'request_invalid',
    'inferred',
  ],
];

describe('IAM_ERRORS', () => {
  it.each(ROWS)('makes of %s: %j the code %s, %s', (name, message, code, confidence) => {
    expect(map(name, message)).toMatchObject({ code, confidence, unmappedText: false });
  });

  it.each([
    ['AccessDenied', 'Something new', 'not_authorized', 'inferred'],
    ['AccessDenied', 'Your password is incorrect.', 'not_authorized', 'inferred'],
    ['NoSuchEntity', 'Something new', 'account_not_found', 'inferred'],
    ['ValidationError', 'Something new', 'request_invalid', 'inferred'],
    ['PasswordPolicyViolation', 'A rule that nobody knows', 'new_password_rejected', 'inferred'],
    ['SignatureDoesNotMatch', 'Something new', 'signature_mismatch', 'inferred'],
    ['BrandNew', 'The old password was incorrect.', 'upstream_error_unrecognised', 'exact'],
  ])(
    'counts %s: %j as a text that nobody knows and makes of it %s, %s',
    (name, message, code, confidence) => {
      expect(map(name, message)).toMatchObject({ code, confidence, unmappedText: true });
    },
  );

  it.each([
    ['AccessDenied', 'The old password was incorrect.', ['/currentPassword incorrect']],
    [
      'PasswordPolicyViolation',
      'Policy constraint violation with password reuse prevention',
      ['/newPassword used_before'],
    ],
    [
      'PasswordPolicyViolation',
      'Password should meet 1 more of the following requirements: Password should have at least one uppercase letter',
      ['/newPassword uppercase_missing'],
    ],
    [
      'ValidationError',
      "2 validation errors detected: Value at 'oldPassword' failed to satisfy constraint: Member must have length less than " +
        "or equal to 128; Value at 'newPassword' failed to satisfy constraint: Member must not be null",
      ['/currentPassword too_long', '/newPassword required'],
    ],
  ])('points to the fields of %s: %j', (name, message, broken) => {
    expect(map(name, message).errors.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(broken);
  });

  it.each(['The text: Signature expired', 'The text: Credential should be scoped', 'Date in scope'])(
    'reads %j, which says it elsewhere, as another signature',
    (message) => {
      expect(map('SignatureDoesNotMatch', message)).toMatchObject({ code: 'signature_mismatch' });
    },
  );

  it.each([
    ['RequestExpired', ''],
    ['SignatureDoesNotMatch', 'Signature expired: now'],
    ['SignatureDoesNotMatch', 'The request signature we calculated does not match'],
  ])('asks for a new signature after %s: %j', (name, message) => {
    expect(map(name, message).next).toBe('sign_the_same_body');
  });

  it('says how long a login profile in the making takes', () => {
    expect(map('EntityTemporarilyUnmodifiable').retryAfterSeconds).toBe(300);
  });
});

describe('a missing permission', () => {
  const explicit = `${NOT_AUTHORIZED} on resource: user X with an explicit deny in`;

  it.each([
    [
      `${NOT_AUTHORIZED} because no identity-based policy allows it`,
      false,
      'No identity-based policy allows iam:ChangePassword to this user.',
    ],
    [
      `${NOT_AUTHORIZED} because no permissions boundary allows it`,
      false,
      'No permissions boundary allows iam:ChangePassword to this user.',
    ],
    [
      `${explicit} a service control policy`,
      false,
      'A service control policy denies iam:ChangePassword to this user explicitly.',
    ],
    [
      `${explicit} a session policy`,
      true,
      'A session policy denies iam:ChangePassword to this user explicitly.',
    ],
    [
      `${explicit} an identity-based policy`,
      true,
      'An identity-based policy denies iam:ChangePassword to this user explicitly.',
    ],
  ])('is told by the kind of policy: %j', (message, sentSecurityToken, detail) => {
    expect(map('AccessDenied', message, sentSecurityToken)).toMatchObject({
      code: 'permission_denied',
      confidence: 'inferred',
      next: 'ask_administrator',
      message: detail,
    });
  });

  it('points a long-term key with an explicit deny to MFA', () => {
    expect(map('AccessDenied', `${explicit} an identity-based policy`)).toMatchObject({
      code: 'permission_denied',
      confidence: 'inferred',
      next: 'get_mfa_session',
      message: expect.stringMatching(/ until the user signs in with MFA\.$/),
    });
  });

  it('is told in general words where AWS names no policy', () => {
    expect(map('AccessDenied', NOT_AUTHORIZED).message).toBe(problemDefinition('permission_denied').detail);
  });

  it.each([
    ['aws:iam::123456789012:user/X', '123456789012'],
    ['aws-us-gov:sts::210987654321:assumed-role/X/Y', '210987654321'],
    ['aws:iam::12345:user/X', undefined],
    ['aws:s3::123456789012:X', undefined],
  ])('notes the account of arn:%s', (arn, account) => {
    const message = `User: arn:${arn} is not authorized to perform: iam:ChangePassword`;
    expect(map('AccessDenied', message).account).toBe(account);
  });

  it('repeats nothing of what AWS says', () => {
    expect(map('AccessDenied', `${explicit} an identity-based policy`, true).message).not.toContain('arn:');
  });
});

describe('who is no IAM user', () => {
  it.each([
    'User: arn:aws:sts::123456789012:assumed-role/Admin/session is not authorized to perform: iam:ChangePassword',
    'User: arn:aws-cn:sts::123456789012:assumed-role/Admin/s is not authorized to perform: iam:ChangePassword because no identity-based policy allows it',
    'User: arn:aws:sts::123456789012:federated-user/Bob is not authorized to perform: iam:ChangePassword with an explicit deny in a service control policy',
    'User: arn:aws:iam::123456789012:root is not authorized to perform: iam:ChangePassword with an explicit deny in a service control policy',
  ])('is told so: %j', (message) => {
    for (const name of ['AccessDenied', 'AccessDeniedException']) {
      expect(map(name, message, true)).toMatchObject({
        code: 'account_type_unsupported',
        confidence: 'inferred',
        account: '123456789012',
        unmappedText: false,
      });
    }
  });

  it('is told so by a ValidationError', () => {
    expect(
      map('ValidationError', 'Must specify userName when calling with non-User credentials', true),
    ).toMatchObject({
      code: 'account_type_unsupported',
      confidence: 'inferred',
      errors: [],
      unmappedText: false,
    });
  });

  it.each(['user/assumed-role/X', 'user/root', 'user/federated-user'])(
    'is not told so of arn:…:%s, whose name only looks like it',
    (name) => {
      const text = `User: arn:aws:iam::123456789012:${name} is not authorized to perform: iam:ChangePassword`;
      expect(map('AccessDenied', text).code).toBe('permission_denied');
    },
  );
});

describe('a key that AWS does not know', () => {
  const NAMES = ['InvalidClientTokenId', 'UnrecognizedClientException', 'InvalidAccessKeyId', 'AuthFailure'];

  it.each(NAMES)('may be of moments ago: %s', (name) => {
    const error = map(name, 'The security token included in the request is invalid');
    expect(error).toMatchObject({ code: 'credential_invalid', confidence: 'inferred', unmappedText: false });
    expect(error.message).toMatch(/or was made moments ago/);
  });

  it.each(NAMES)('of a session lacks MFA most often: %s', (name) => {
    const error = map(name, 'The security token included in the request is invalid', true);
    expect(error).toMatchObject({
      code: 'credential_invalid',
      confidence: 'inferred',
      next: 'get_mfa_session',
    });
    expect(error.message).toMatch(/MFA/);
  });
});

describe('a deny of AWS', () => {
  it.each(['', ' on resource: user X'])('without a kind of policy points to MFA too%s', (resource) => {
    const text = `${NOT_AUTHORIZED}${resource} with an explicit deny`;
    expect(map('AccessDenied', text)).toMatchObject({ code: 'permission_denied', next: 'get_mfa_session' });
    expect(map('AccessDenied', text, true)).toMatchObject({ next: 'ask_administrator' });
  });

  it('because of a leaked key says that, and not MFA', () => {
    const text = `${NOT_AUTHORIZED} on resource: user X with an explicit deny in an identity-based policy: arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV2`;
    const error = map('AccessDenied', text);
    expect(error).toMatchObject({
      code: 'permission_denied',
      next: 'ask_administrator',
      account: '123456789012',
    });
    expect(error.message).toMatch(/key of this user leaked/);
    expect(error.message).not.toMatch(/MFA/);
  });
});

it.each([
  'Either user is not authorized to perform iam:ChangePassword or entered password does not comply with account password policy set by administrator',
  'You may not be authorized to perform iam:ChangePassword, or the new password does not comply with the account password policy',
])('%j names two reasons, and a step for each', (message) => {
  const error = map('AccessDenied', message);
  expect(error).toMatchObject({
    code: 'permission_denied',
    confidence: 'inferred',
    next: 'choose_another_password',
    errors: [],
    unmappedText: false,
  });
  expect(error.message).toMatch(/password policy: choose another one\..*ask an administrator/);
});

it.each([
  'The specified value for newPassword is invalid. It must contain only printable ASCII characters',
  "1 validation error detected: Value at 'newPassword' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
])('%j says what the constraint wants', (message) => {
  expect(map('ValidationError', message)).toMatchObject({
    code: 'request_invalid',
    next: 'choose_another_password',
    errors: [
      {
        pointer: '/newPassword',
        code: 'character_not_allowed',
        detail: expect.stringMatching(/^Must hold only /),
      },
    ],
  });
});

it('an either-or of the account policy is one error', () => {
  const text =
    'Password should meet 1 more of the following requirements: Password should have at least one uppercase letter, Password should have at least one symbol';
  expect(map('PasswordPolicyViolation', text).errors).toEqual([
    { pointer: '/newPassword', code: 'policy', detail: 'Must have either an upper-case letter or a symbol.' },
  ]);
});

it('a text that names no field never promises a list of them', () => {
  const error = map('ValidationError', 'Something about no field');
  expect(error).toMatchObject({ code: 'request_invalid', next: 'ask_administrator', errors: [] });
  expect(error.message).not.toMatch(/errors lists/);
});

/** Names that AWS's pages and the SDKs show, beside those of the operation: refusals before the work. */
it.each([
  ['SerializationException', 'request_malformed'],
  ['UnknownOperationException', 'request_malformed'],
  ['InvalidAction', 'request_malformed'],
  ['MalformedQueryString', 'request_malformed'],
  ['MissingAction', 'request_malformed'],
  ['MissingParameter', 'request_invalid'],
  ['InvalidParameterValue', 'request_invalid'],
  ['InvalidInput', 'request_invalid'],
  ['InvalidSignatureException', 'signature_mismatch'],
  ['NotAuthorized', 'permission_denied'],
  ['RequestEntityTooLargeException', 'request_too_large'],
  ['RequestTimeoutException', 'request_timeout'],
  ['RequestLimitExceeded', 'upstream_throttled'],
])('%s is %s, and the password is unchanged', (name, code) => {
  expect(map(name)).toMatchObject({ code, outcome: 'unchanged' });
});

it.each(['RequestAbortedException', 'ServiceUnavailableException', 'InternalServerError'])(
  '%s may have come during the work',
  (name) => {
    expect(map(name)).toMatchObject({ code: 'upstream_failed', outcome: 'unknown' });
  },
);
