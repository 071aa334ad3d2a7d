import {
  constraintErrors,
  constraintVerdict,
  INCORRECT_PASSWORD,
  passwordPolicyVerdict,
  type ProblemCode,
  type UpstreamRule,
  type UpstreamVerdict,
  USED_BEFORE,
} from '@password-gateway/errors';

/** What was sent, as far as it bears on the meaning of an answer. */
export interface SentChange {
  readonly sentCurrentPassword: boolean;
}

/**
 * Amazon Cognito's error names for ChangePassword and what each means: by name first, by message second.
 *
 * Sources: the `@throws` list of the SDK's ChangePasswordCommand; Cognito API reference, ChangePassword and Common
 * Errors. A test fails when the SDK declares a name that is not here.
 */
export const COGNITO_ERRORS: Readonly<Record<string, UpstreamRule<SentChange>>> = {
  ForbiddenException: 'blocked_by_firewall',
  InternalErrorException: 'upstream_failed',
  InvalidParameterException: invalidParameter,
  InvalidPasswordException: passwordPolicyVerdict,
  LimitExceededException: 'attempts_exceeded',
  NotAuthorizedException: notAuthorized,
  OperationNotEnabledException: 'permission_denied',
  PasswordHistoryPolicyViolationException: () => ({
    code: 'new_password_reused',
    confidence: 'exact',
    errors: [USED_BEFORE],
  }),
  PasswordResetRequiredException: 'password_reset_required',
  ResourceNotFoundException: 'pool_not_found',
  TooManyRequestsException: 'upstream_throttled',
  UserNotConfirmedException: 'account_not_confirmed',
  UserNotFoundException: 'account_not_found',
  // Errors common to all actions.
  InternalFailure: 'upstream_failed',
  ServiceUnavailable: 'upstream_failed',
  Throttling: 'upstream_throttled',
  ThrottlingException: 'upstream_throttled',
  UnrecognizedClientException: 'credential_invalid',
};

const NOT_AUTHORIZED_TEXTS: readonly (readonly [start: string, code: ProblemCode])[] = [
  ['Invalid Access Token', 'credential_invalid'],
  ['Could not verify signature for Access Token', 'credential_invalid'],
  ['Access Token has been revoked', 'credential_revoked'],
  ['Access Token has expired', 'credential_expired'],
  ['Access Token does not have required scopes', 'scope_insufficient'],
  ['User is disabled', 'account_disabled'],
  ['Password attempts exceeded', 'attempts_exceeded'],
];

function notAuthorized(message: string, { sentCurrentPassword }: SentChange): UpstreamVerdict {
  if (message.startsWith('Incorrect username or password')) {
    // A user who sent no password cannot have sent a wrong one.
    if (!sentCurrentPassword) return CURRENT_PASSWORD_REQUIRED;
    return { code: 'current_password_incorrect', confidence: 'inferred', errors: [INCORRECT_PASSWORD] };
  }
  const known = NOT_AUTHORIZED_TEXTS.find(([start]) => message.startsWith(start));
  return known
    ? { code: known[1], confidence: 'inferred' }
    : { code: 'not_authorized', confidence: 'inferred', unmappedText: true };
}

const CURRENT_PASSWORD_REQUIRED: UpstreamVerdict = {
  code: 'current_password_required',
  confidence: 'inferred',
  errors: [{ pointer: '/currentPassword', code: 'required', detail: 'The user has a password.' }],
};

const POINTERS: Readonly<Record<string, string>> = {
  previousPassword: '/currentPassword',
  proposedPassword: '/newPassword',
};

function invalidParameter(message: string, { sentCurrentPassword }: SentChange): UpstreamVerdict {
  const members = constraintErrors(message).map(({ member }) => member);
  if (members.includes('accessToken')) return { code: 'credential_malformed', confidence: 'inferred' };
  if (members.length === 1 && members[0] === 'previousPassword' && !sentCurrentPassword) {
    return CURRENT_PASSWORD_REQUIRED;
  }
  return constraintVerdict(message, POINTERS);
}
