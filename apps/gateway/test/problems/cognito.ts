import { change } from '../support/http.js';
import type { Stack } from '../support/stack.js';
import { cognitoUser, NEW, OLD, WRONG } from '../support/users.js';
import { type ProblemCase, withError, withFault } from './case.js';

/** A change by a user in some state. */
function by(state: Parameters<typeof cognitoUser>[1]): ProblemCase['send'] {
  return (stack) => change(stack, cognitoUser(stack, state).auth);
}

/** A change to this password, under the default policy. */
function to(newPassword: string): ProblemCase['send'] {
  return (stack) => change(stack, cognitoUser(stack).auth, { currentPassword: OLD, newPassword });
}

/** The pool with a password history of 2 and a lockout after 2 wrong passwords; see `problems.e2e-spec.ts`. */
function strictPool({ pools }: Stack): string {
  return pools[1]!.id;
}

/** What Amazon Cognito answers. */
export const COGNITO_CASES: readonly ProblemCase[] = [
  {
    name: 'a wrong current password',
    code: 'current_password_incorrect',
    calls: 1,
    provider: 'cognito',
    confidence: 'inferred',
    next: 'correct_current_password',
    errors: ['/currentPassword incorrect'],
    upstreamError: 'NotAuthorizedException',
    send: (stack) => change(stack, cognitoUser(stack).auth, { currentPassword: WRONG, newPassword: NEW }),
  },
  {
    name: 'no current password, by a user who has one',
    code: 'current_password_required',
    calls: 1,
    provider: 'cognito',
    errors: ['/currentPassword required'],
    upstreamError: 'InvalidParameterException',
    send: (stack) => change(stack, cognitoUser(stack).auth, { newPassword: NEW }),
  },
  {
    name: 'no current password, answered as a wrong one',
    code: 'current_password_required',
    calls: 1,
    errors: ['/currentPassword required'],
    send: (stack) => {
      stack.sandbox.faults.next({ fault: { kind: 'error', code: 'NotAuthorizedException' } });
      return change(stack, cognitoUser(stack).auth, { newPassword: NEW });
    },
  },
  {
    name: 'InvalidParameterException for both passwords',
    code: 'request_invalid',
    calls: 1,
    provider: 'cognito',
    confidence: 'inferred',
    errors: ['/currentPassword too_long', '/newPassword invalid'],
    send: withError(
      'cognito',
      'InvalidParameterException',
      "2 validation errors detected: Value at 'previousPassword' failed to satisfy constraint: Member must have length less than or equal to 256; Value at 'proposedPassword' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\S]+",
    ),
  },
  ...(
    [
      ['Aa1!', 'too_short'],
      ['only-lower-case-1', 'uppercase_missing'],
      ['ONLY-UPPER-CASE-1', 'lowercase_missing'],
      ['No-Numbers-Here', 'number_missing'],
      ['NoSymbolsHere123', 'symbol_missing'],
    ] as const
  ).map(([password, rule]): ProblemCase => ({
    name: `the policy of the pool: ${rule}`,
    code: 'new_password_rejected',
    calls: 1,
    provider: 'cognito',
    next: 'choose_another_password',
    errors: [`/newPassword ${rule}`],
    upstreamError: 'InvalidPasswordException',
    send: to(password),
  })),
  {
    name: 'a password of before, with a history',
    code: 'new_password_reused',
    calls: 1,
    errors: ['/newPassword used_before'],
    upstreamError: 'PasswordHistoryPolicyViolationException',
    send: (stack) => {
      const { poolId, username, auth } = cognitoUser(stack, { password: NEW }, strictPool(stack));
      stack.sandbox.cognito.updateUser(poolId, username, { password: OLD });
      return change(stack, auth);
    },
  },
  {
    name: 'the same password again',
    code: 'new_password_reused',
    calls: 0,
    provider: 'cognito',
    errors: ['/newPassword same_as_current'],
    send: to(OLD),
  },
  {
    name: 'NotAuthorizedException in words that nobody knows',
    code: 'not_authorized',
    calls: 1,
    provider: 'cognito',
    confidence: 'inferred',
    send: withError('cognito', 'NotAuthorizedException', 'Computer says no.'),
  },
  {
    name: 'a disabled user',
    code: 'account_disabled',
    calls: 1,
    confidence: 'inferred',
    send: by({ enabled: false }),
  },
  {
    name: 'an unconfirmed user',
    code: 'account_not_confirmed',
    calls: 1,
    next: 'confirm_account',
    send: by({ status: 'UNCONFIRMED' }),
  },
  {
    name: 'a user whose password must be reset',
    code: 'password_reset_required',
    calls: 1,
    next: 'use_forgot_password',
    send: by({ status: 'RESET_REQUIRED' }),
  },
  {
    name: 'a deleted user',
    code: 'account_not_found',
    calls: 1,
    provider: 'cognito',
    send: (stack) => {
      const { poolId, username, auth } = cognitoUser(stack);
      stack.sandbox.cognito.deleteUser(poolId, username);
      return change(stack, auth);
    },
  },
  {
    name: 'a deleted pool',
    code: 'pool_not_found',
    calls: 1,
    send: (stack) => {
      const doomed = stack.pools[2]!.id;
      const { auth } = cognitoUser(stack, {}, doomed);
      stack.sandbox.cognito.deleteUserPool(doomed);
      return change(stack, auth);
    },
  },
  {
    name: 'too many wrong passwords',
    code: 'attempts_exceeded',
    calls: 1,
    retryAfter: 3600,
    confidence: 'exact',
    detail: /^(?!.*locked).*within an hour/,
    next: 'wait_and_retry',
    upstreamError: 'LimitExceededException',
    send: async (stack) => {
      const { auth } = cognitoUser(stack, {}, strictPool(stack));
      const wrong = { currentPassword: WRONG, newPassword: NEW };
      for (let attempt = 0; attempt < 2; attempt++) await change(stack, auth, wrong);
      stack.sandbox.clearCalls();
      return change(stack, auth);
    },
  },
  {
    name: 'Password attempts exceeded',
    code: 'attempts_exceeded',
    calls: 1,
    retryAfter: 900,
    confidence: 'inferred',
    detail: /locked this user out/,
    send: withError('cognito', 'NotAuthorizedException', 'Password attempts exceeded'),
  },
  {
    name: 'ForbiddenException',
    code: 'blocked_by_firewall',
    calls: 1,
    upstreamError: 'ForbiddenException',
    send: withError('cognito', 'ForbiddenException'),
  },
  {
    name: 'OperationNotEnabledException',
    code: 'permission_denied',
    calls: 1,
    provider: 'cognito',
    detail: /primary region, or here later/,
    send: withError('cognito', 'OperationNotEnabledException'),
  },
  {
    name: 'a resource control policy',
    code: 'permission_denied',
    calls: 1,
    provider: 'cognito',
    next: 'ask_administrator',
    confidence: 'inferred',
    detail: /^A resource control policy denies cognito-idp:ChangePassword/,
    send: withError(
      'cognito',
      'AccessDeniedException',
      'User: anonymous is not authorized to perform: cognito-idp:ChangePassword on resource: arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_A with an explicit deny in a resource control policy',
    ),
  },
  ...(['captcha', 'challenge'] as const).map((challenge): ProblemCase => ({
    name: `AWS WAF asks for a ${challenge}`,
    code: 'blocked_by_firewall',
    calls: 1,
    provider: 'cognito',
    send: withFault('cognito', { kind: 'waf', challenge }),
  })),
  {
    name: 'a user who signs in through another identity provider',
    code: 'account_type_unsupported',
    calls: 1,
    provider: 'cognito',
    confidence: 'inferred',
    detail: /another identity provider/,
    send: withError('cognito', 'NotAuthorizedException', 'User is not authorized to change password.'),
  },
  {
    name: 'a password that is known from leaks',
    code: 'new_password_rejected',
    calls: 1,
    next: 'choose_another_password',
    errors: ['/newPassword compromised'],
    detail: /^(?!.*policy)/,
    send: withError(
      'cognito',
      'InvalidPasswordException',
      'Provided password cannot be used for security reasons.',
    ),
  },
  {
    name: 'a current password that AWS finds too short',
    code: 'request_invalid',
    calls: 1,
    next: 'correct_current_password',
    errors: ['/currentPassword too_short'],
    send: withError(
      'cognito',
      'InvalidParameterException',
      "1 validation error detected: Value at 'previousPassword' failed to satisfy constraint: Member must have length greater than or equal to 6",
    ),
  },
  {
    name: 'a setting of the pool, which is about no field',
    code: 'request_invalid',
    calls: 1,
    next: 'ask_administrator',
    errors: [],
    detail: /^(?!.*errors lists).*PrivateLink/,
    send: withError(
      'cognito',
      'InvalidParameterException',
      'PrivateLink access is disabled for the user pool that has ManagedLogin configured.',
    ),
  },
  ...(
    [
      ['SerializationException', 'request_malformed'],
      ['UnknownOperationException', 'request_malformed'],
      ['InvalidSignatureException', 'signature_mismatch'],
      ['MissingParameter', 'request_invalid'],
      ['RequestEntityTooLargeException', 'request_too_large'],
      ['RequestTimeoutException', 'request_timeout'],
    ] as const
  ).map(([name, code]): ProblemCase => ({
    name: `${name}, a refusal before the work`,
    code,
    calls: 1,
    provider: 'cognito',
    upstreamError: name,
    send: withError('cognito', name),
  })),
  {
    name: 'RequestAbortedException, which may have come during the work',
    code: 'upstream_failed',
    calls: 1,
    provider: 'cognito',
    send: withError('cognito', 'RequestAbortedException'),
  },
  ...['TooManyRequestsException', 'Throttling', 'ThrottlingException'].map((name): ProblemCase => ({
    name,
    code: 'upstream_throttled',
    retryAfter: 1,
    calls: 1,
    provider: 'cognito',
    send: withError('cognito', name),
  })),
  ...['InternalErrorException', 'InternalFailure', 'ServiceUnavailable'].map((name): ProblemCase => ({
    name,
    code: 'upstream_failed',
    calls: 1,
    provider: 'cognito',
    next: 'sign_in_with_new_password_to_find_out',
    send: withError('cognito', name),
  })),
  {
    name: 'an error name that nobody mapped',
    code: 'upstream_error_unrecognised',
    calls: 1,
    provider: 'cognito',
    upstreamError: 'BrandNewException',
    send: withError('cognito', 'BrandNewException'),
  },
  {
    name: 'a part of the new password as an error name',
    code: 'upstream_error_unrecognised',
    calls: 1,
    provider: 'cognito',
    noUpstreamError: true,
    send: withError('cognito', NEW.replace(/[^A-Za-z].*/s, '')),
  },
];
