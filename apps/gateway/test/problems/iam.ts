import { change } from '../support/http.js';
import type { Stack } from '../support/stack.js';
import { iamUser, NEW, OLD, signed, WRONG } from '../support/users.js';
import type { Answer } from '../support/answer.js';
import { type ProblemCase, withError } from './case.js';

/** A change by a user in some state. */
function by(state: Parameters<typeof iamUser>[1]): ProblemCase['send'] {
  return async (stack) => change(stack, await signed(iamUser(stack, state).keys));
}

/** A change to this password, under an account password policy. */
function under(
  policy: Parameters<Stack['sandbox']['iam']['setPasswordPolicy']>[0],
  newPassword: string,
): ProblemCase['send'] {
  return async (stack): Promise<Answer> => {
    stack.sandbox.iam.setPasswordPolicy(policy);
    try {
      const passwords = { currentPassword: OLD, newPassword };
      return await change(stack, await signed(iamUser(stack).keys, passwords), passwords);
    } finally {
      stack.sandbox.iam.setPasswordPolicy(null);
    }
  };
}

/** What AWS IAM answers. */
export const IAM_CASES: readonly ProblemCase[] = [
  {
    name: 'an IAM change without the current password',
    code: 'current_password_required',
    calls: 0,
    provider: 'iam',
    errors: ['/currentPassword required'],
    send: async (stack) => change(stack, await signed(iamUser(stack).keys), { newPassword: NEW }),
  },
  {
    name: 'the right signature and a wrong current password',
    code: 'current_password_incorrect',
    calls: 1,
    provider: 'iam',
    confidence: 'inferred',
    errors: ['/currentPassword incorrect'],
    upstreamError: 'AccessDenied',
    send: async (stack) => {
      const passwords = { currentPassword: WRONG, newPassword: NEW };
      return change(stack, await signed(iamUser(stack).keys, passwords), passwords);
    },
  },
  {
    name: 'the same password again',
    code: 'new_password_reused',
    calls: 0,
    provider: 'iam',
    errors: ['/newPassword same_as_current'],
    send: async (stack) => {
      const passwords = { currentPassword: OLD, newPassword: OLD };
      return change(stack, await signed(iamUser(stack).keys, passwords), passwords);
    },
  },
  {
    name: 'ValidationError',
    code: 'request_invalid',
    calls: 1,
    provider: 'iam',
    errors: ['/currentPassword required', '/newPassword too_long'],
    send: withError(
      'iam',
      'ValidationError',
      "2 validation errors detected: Value at 'oldPassword' failed to satisfy constraint: Member must not be null; Value at 'newPassword' failed to satisfy constraint: Member must have length less than or equal to 128",
    ),
  },
  {
    name: 'the default policy: too short',
    code: 'new_password_rejected',
    calls: 1,
    provider: 'iam',
    errors: ['/newPassword policy'],
    upstreamError: 'PasswordPolicyViolation',
    send: under(null, 'Aa1!'),
  },
  {
    name: 'a policy that wants every kind of character',
    code: 'new_password_rejected',
    calls: 1,
    next: 'choose_another_password',
    errors: ['/newPassword uppercase_missing', '/newPassword number_missing', '/newPassword symbol_missing'],
    send: under(
      {
        requireUppercaseCharacters: true,
        requireLowercaseCharacters: true,
        requireNumbers: true,
        requireSymbols: true,
      },
      'only lower case letters',
    ),
  },
  {
    name: 'a policy that leaves a choice',
    code: 'new_password_rejected',
    calls: 1,
    errors: ['/newPassword policy'],
    send: withError(
      'iam',
      'PasswordPolicyViolation',
      'Password should meet 1 more of the following requirements: Password should have at least one uppercase letter, Password should have at least one symbol',
    ),
  },
  {
    name: 'a password of before, with reuse prevention',
    code: 'new_password_reused',
    calls: 1,
    confidence: 'inferred',
    errors: ['/newPassword used_before'],
    send: async (stack) => {
      const { userName, keys } = iamUser(stack, { password: NEW });
      stack.sandbox.iam.updateUser(userName, { password: OLD });
      stack.sandbox.iam.setPasswordPolicy({ passwordReusePrevention: 5 });
      try {
        return await change(stack, await signed(keys));
      } finally {
        stack.sandbox.iam.setPasswordPolicy(null);
      }
    },
  },
  {
    name: 'no permission',
    code: 'permission_denied',
    calls: 1,
    provider: 'iam',
    next: 'ask_administrator',
    confidence: 'inferred',
    detail: /identity-based policy/,
    send: by({ canChangePassword: false }),
  },
  {
    name: 'an explicit deny for keys without MFA',
    code: 'permission_denied',
    calls: 1,
    next: 'get_mfa_session',
    confidence: 'inferred',
    send: by({ canChangePassword: 'with-mfa' }),
  },
  {
    name: 'an account whose users may not change their passwords',
    code: 'permission_denied',
    calls: 1,
    send: under({ allowUsersToChangePassword: false }, NEW),
  },
  {
    name: 'a key that AWS has found leaked',
    code: 'permission_denied',
    calls: 1,
    next: 'ask_administrator',
    detail: /leaked/,
    send: withError(
      'iam',
      'AccessDenied',
      'User: arn:aws:iam::123456789012:user/X is not authorized to perform: iam:ChangePassword on resource: user X with an explicit deny in an identity-based policy: arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV2',
    ),
  },
  {
    name: 'an explicit deny of no kind',
    code: 'permission_denied',
    calls: 1,
    next: 'get_mfa_session',
    send: withError(
      'iam',
      'AccessDenied',
      'User: arn:aws:iam::123456789012:user/X is not authorized to perform: iam:ChangePassword on resource: user X with an explicit deny',
    ),
  },
  {
    name: 'two reasons at once',
    code: 'permission_denied',
    calls: 1,
    next: 'choose_another_password',
    detail: /choose another one\..*ask an administrator/,
    send: withError(
      'iam',
      'AccessDenied',
      'Either user is not authorized to perform iam:ChangePassword or entered password does not comply with account password policy set by administrator',
    ),
  },
  {
    name: 'OptInRequired',
    code: 'permission_denied',
    calls: 1,
    confidence: 'exact',
    send: withError('iam', 'OptInRequired'),
  },
  {
    name: 'AccessDenied in words that nobody knows',
    code: 'not_authorized',
    calls: 1,
    provider: 'iam',
    upstreamError: 'AccessDenied',
    send: withError('iam', 'AccessDenied', 'Computer says no.'),
  },
  {
    name: 'NoSuchEntity of another kind',
    code: 'account_not_found',
    calls: 1,
    provider: 'iam',
    send: withError('iam', 'NoSuchEntity', 'The user with name bob cannot be found.'),
  },
  {
    name: 'a user without a login profile',
    code: 'account_has_no_password',
    calls: 1,
    provider: 'iam',
    confidence: 'inferred',
    send: by({ password: undefined }),
  },
  {
    name: 'the root user',
    code: 'account_type_unsupported',
    calls: 1,
    provider: 'iam',
    upstreamError: 'InvalidUserType',
    send: async (stack) => change(stack, await signed(stack.sandbox.iam.createAccessKey('root'))),
  },
  {
    name: 'a role session',
    code: 'account_type_unsupported',
    calls: 1,
    send: async (stack) =>
      change(stack, await signed(stack.sandbox.iam.createSession({ assumedRole: 'Admin' }))),
  },
  {
    name: 'Only IAM Users can change their own password, as AccessDenied',
    code: 'account_type_unsupported',
    calls: 1,
    confidence: 'inferred',
    send: withError('iam', 'AccessDenied', 'Only IAM Users can change their own password'),
  },
  {
    name: 'a role session that a policy denies',
    code: 'account_type_unsupported',
    calls: 1,
    confidence: 'inferred',
    send: withError(
      'iam',
      'AccessDenied',
      'User: arn:aws:sts::123456789012:assumed-role/Admin/session is not authorized to perform: iam:ChangePassword',
    ),
  },
  {
    name: 'credentials of no user',
    code: 'account_type_unsupported',
    calls: 1,
    send: withError('iam', 'ValidationError', 'Must specify userName when calling with non-User credentials'),
  },
  {
    name: 'a key that AWS does not know',
    code: 'credential_invalid',
    calls: 1,
    confidence: 'inferred',
    detail: /or was made moments ago/,
    send: withError('iam', 'InvalidClientTokenId'),
  },
  {
    name: 'a session without MFA',
    code: 'credential_invalid',
    calls: 1,
    next: 'get_mfa_session',
    confidence: 'inferred',
    send: async (stack) => {
      stack.sandbox.faults.next({ service: 'iam', fault: { kind: 'error', code: 'InvalidClientTokenId' } });
      const session = stack.sandbox.iam.createSession(iamUser(stack).userName);
      return change(stack, await signed(session));
    },
  },
  {
    name: 'a login profile that is being created',
    code: 'account_temporarily_unmodifiable',
    calls: 1,
    retryAfter: 300,
    next: 'wait_and_retry',
    upstreamError: 'EntityTemporarilyUnmodifiable',
    send: by({ unmodifiable: true }),
  },
  {
    name: 'LimitExceeded, which is no throttling',
    code: 'quota_exceeded',
    calls: 1,
    provider: 'iam',
    send: withError('iam', 'LimitExceeded'),
  },
  ...['Throttling', 'ThrottlingException'].map((name): ProblemCase => ({
    name,
    code: 'upstream_throttled',
    retryAfter: 1,
    calls: 1,
    provider: 'iam',
    send: withError('iam', name),
  })),
  ...['ServiceFailure', 'InternalFailure', 'ServiceUnavailable'].map((name): ProblemCase => ({
    name,
    code: 'upstream_failed',
    calls: 1,
    provider: 'iam',
    next: 'sign_in_with_new_password_to_find_out',
    send: withError('iam', name),
  })),
  ...(
    [
      ['InvalidAction', 'request_malformed'],
      ['MalformedQueryString', 'request_malformed'],
      ['SerializationException', 'request_malformed'],
      ['InvalidInput', 'request_invalid'],
      ['InvalidSignatureException', 'signature_mismatch'],
      ['AuthFailure', 'credential_invalid'],
      ['InvalidAccessKeyId', 'credential_invalid'],
      ['RequestEntityTooLargeException', 'request_too_large'],
      ['RequestTimeoutException', 'request_timeout'],
    ] as const
  ).map(([name, code]): ProblemCase => ({
    name: `${name}, a refusal before the work`,
    code,
    calls: 1,
    provider: 'iam',
    upstreamError: name,
    send: withError('iam', name),
  })),
  {
    name: 'an error name that nobody mapped',
    code: 'upstream_error_unrecognised',
    calls: 1,
    provider: 'iam',
    upstreamError: 'BrandNewFault',
    send: withError('iam', 'BrandNewFault'),
  },
  {
    name: 'a part of the new password as an error name',
    code: 'upstream_error_unrecognised',
    calls: 1,
    provider: 'iam',
    noUpstreamError: true,
    send: withError('iam', NEW.replace(/[^A-Za-z].*/s, '')),
  },
  {
    name: 'hasOwnProperty as an error name',
    code: 'upstream_error_unrecognised',
    calls: 1,
    upstreamError: 'hasOwnProperty',
    send: withError('iam', 'hasOwnProperty'),
  },
];
