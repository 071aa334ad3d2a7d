import type { PasswordChangeError, ProblemCode } from '@password-gateway/errors';

/** How a failure is named in AWS's own dialects: the closest exception that the service's clients know. */
interface NativeName {
  /** Amazon Cognito's exception. */
  readonly cognito: string;
  /** AWS IAM's error code. */
  readonly iam: string;
}

/** Failures whose outcome is unknown: with a status below 500, so that no SDK repeats the call by itself. */
const UNKNOWN: NativeName = { cognito: 'InternalErrorException', iam: 'ServiceFailure' };

const INVALID: NativeName = { cognito: 'InvalidParameterException', iam: 'ValidationError' };
const REFUSED: NativeName = { cognito: 'NotAuthorizedException', iam: 'AccessDenied' };
/** Nothing was changed and a later repetition can succeed, so SDKs may repeat it. */
const LATER: NativeName = { cognito: 'TooManyRequestsException', iam: 'Throttling' };

const NAMES: Readonly<Record<ProblemCode, NativeName>> = {
  request_malformed: INVALID,
  request_invalid: INVALID,
  request_too_large: INVALID,
  media_type_unsupported: INVALID,
  request_timeout: INVALID,
  headers_too_large: INVALID,
  route_not_found: INVALID,
  method_not_allowed: INVALID,
  credential_missing: { cognito: 'NotAuthorizedException', iam: 'MissingAuthenticationToken' },
  credential_malformed: { cognito: 'NotAuthorizedException', iam: 'IncompleteSignature' },
  credential_invalid: { cognito: 'NotAuthorizedException', iam: 'InvalidClientTokenId' },
  credential_expired: { cognito: 'NotAuthorizedException', iam: 'ExpiredToken' },
  credential_revoked: { cognito: 'NotAuthorizedException', iam: 'InvalidClientTokenId' },
  signature_mismatch: { cognito: 'NotAuthorizedException', iam: 'SignatureDoesNotMatch' },
  scope_insufficient: REFUSED,
  pool_not_allowed: REFUSED,
  permission_denied: REFUSED,
  blocked_by_firewall: { cognito: 'ForbiddenException', iam: 'AccessDenied' },
  current_password_incorrect: REFUSED,
  current_password_required: INVALID,
  new_password_rejected: { cognito: 'InvalidPasswordException', iam: 'PasswordPolicyViolation' },
  new_password_reused: { cognito: 'PasswordHistoryPolicyViolationException', iam: 'PasswordPolicyViolation' },
  not_authorized: REFUSED,
  account_disabled: REFUSED,
  account_not_confirmed: { cognito: 'UserNotConfirmedException', iam: 'AccessDenied' },
  account_not_found: { cognito: 'UserNotFoundException', iam: 'NoSuchEntity' },
  account_has_no_password: { cognito: 'UserNotFoundException', iam: 'NoSuchEntity' },
  account_type_unsupported: { cognito: 'NotAuthorizedException', iam: 'InvalidUserType' },
  account_temporarily_unmodifiable: {
    cognito: 'TooManyRequestsException',
    iam: 'EntityTemporarilyUnmodifiable',
  },
  password_reset_required: { cognito: 'PasswordResetRequiredException', iam: 'AccessDenied' },
  pool_not_found: { cognito: 'ResourceNotFoundException', iam: 'NoSuchEntity' },
  attempts_exceeded: { cognito: 'LimitExceededException', iam: 'Throttling' },
  quota_exceeded: { cognito: 'LimitExceededException', iam: 'LimitExceeded' },
  rate_limited: LATER,
  upstream_throttled: LATER,
  idempotency_key_reused: INVALID,
  request_in_progress: UNKNOWN,
  idempotency_unavailable: LATER,
  upstream_unreachable: LATER,
  upstream_timeout: UNKNOWN,
  upstream_failed: UNKNOWN,
  upstream_unavailable: LATER,
  outcome_unresolved: UNKNOWN,
  upstream_error_unrecognised: UNKNOWN,
  gateway_draining: LATER,
  internal_error: UNKNOWN,
};

/** Statuses of AWS IAM other than 400. None is 5xx. */
const IAM_STATUS: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  EntityTemporarilyUnmodifiable: 409,
  ExpiredToken: 403,
  InvalidClientTokenId: 403,
  LimitExceeded: 409,
  MissingAuthenticationToken: 403,
  NoSuchEntity: 404,
  SignatureDoesNotMatch: 403,
};

/**
 * Amazon Cognito's name for a failure: AWS's own where it gave one, else the closest.
 *
 * @param error the failure
 */
export function cognitoErrorName(error: PasswordChangeError): string {
  return nativeName(error, 'cognito-idp') ?? ownName(error).cognito;
}

/**
 * AWS IAM's code and HTTP status for a failure: AWS's own where it gave one, else the closest.
 *
 * @param error the failure
 */
export function iamErrorName(error: PasswordChangeError): { readonly name: string; readonly status: number } {
  // A signature that is too old is not a session that has ended: it is signed anew, with a clock that is right.
  const isTooOld = error.code === 'credential_expired' && error.next === 'sign_the_same_body';
  const own = isTooOld ? 'RequestExpired' : ownName(error).iam;
  const name = nativeName(error, 'iam') ?? own;
  return { name, status: IAM_STATUS[name] ?? 400 };
}

/** No SDK may repeat by itself what may have changed the password, whatever the code. */
function ownName({ code, outcome }: PasswordChangeError): NativeName {
  return outcome === 'unknown' ? UNKNOWN : NAMES[code];
}

function nativeName(error: PasswordChangeError, service: string): string | undefined {
  // A name that means a failure of AWS's own makes SDKs repeat the call, whatever the status.
  if (error.outcome === 'unknown' || error.upstream?.service !== service) return undefined;
  return error.upstream.error;
}
