import type { NextStep } from './next-step.js';

/** What became of the password: certainly the old one still holds, or nobody can tell from here. */
export type Outcome = 'unchanged' | 'unknown';

/** One row of the taxonomy. */
export interface ProblemDefinition {
  /** HTTP status of the answer (RFC 9110). This table is the only place that knows it. */
  readonly status: number;
  /** Short summary of the problem type (RFC 9457 `title`); never varies between occurrences. */
  readonly title: string;
  /** One sentence for the person who meets this problem, when the occurrence has nothing better to say. */
  readonly detail: string;
  /** What became of the password. Rows that can go either way name the cautious one. */
  readonly outcome: Outcome;
  /** Whether repeating the same request later can succeed. */
  readonly retryable: boolean;
  /** What the caller can do next. */
  readonly next: NextStep;
}

/**
 * Every way in which a password change can fail: one closed table from which the code union, HTTP statuses, titles,
 * OpenAPI responses and problem pages are made.
 *
 * Sources: RFC 9457 (problem details); the ChangePassword references of Amazon Cognito and AWS IAM.
 */
export const PROBLEMS = {
  request_malformed: {
    status: 400,
    title: 'The request cannot be read',
    detail: 'The request is not well-formed.',
    outcome: 'unchanged',
    retryable: false,
    next: 'contact_support',
  },
  request_invalid: {
    status: 422,
    title: 'Fields of the request are invalid',
    detail: 'One or more fields break a rule; errors lists all of them.',
    outcome: 'unchanged',
    retryable: false,
    next: 'choose_another_password',
  },
  request_too_large: {
    status: 413,
    title: 'The request is too large',
    detail: 'The body is larger than 16 KiB.',
    outcome: 'unchanged',
    retryable: false,
    next: 'contact_support',
  },
  media_type_unsupported: {
    status: 415,
    title: 'The media type is not supported',
    detail: 'Send application/json in UTF-8, without a content encoding.',
    outcome: 'unchanged',
    retryable: false,
    next: 'contact_support',
  },
  request_timeout: {
    status: 408,
    title: 'The request did not arrive in time',
    detail: 'The request did not arrive whole in time; the connection is closed.',
    outcome: 'unchanged',
    retryable: true,
    next: 'wait_and_retry',
  },
  headers_too_large: {
    status: 431,
    title: 'The request headers are too large',
    detail: 'The request headers are larger than 16 KiB; the connection is closed.',
    outcome: 'unchanged',
    retryable: false,
    next: 'contact_support',
  },
  route_not_found: {
    status: 404,
    title: 'There is nothing at this address',
    detail: 'Passwords are changed at POST /password/change.',
    outcome: 'unchanged',
    retryable: false,
    next: 'contact_support',
  },
  method_not_allowed: {
    status: 405,
    title: 'The method is not allowed here',
    detail: 'Use one of the methods that the Allow header lists.',
    outcome: 'unchanged',
    retryable: false,
    next: 'contact_support',
  },
  credential_missing: {
    status: 401,
    title: 'No credential was sent',
    detail:
      'Send Authorization: Bearer with a Cognito access token, or Authorization: AWS4-HMAC-SHA256 with the signature of your IAM ChangePassword request.',
    outcome: 'unchanged',
    retryable: false,
    next: 'sign_in_again',
  },
  credential_malformed: {
    status: 401,
    title: 'The credential is malformed',
    detail:
      'The Authorization header is neither one Bearer access token nor one AWS Signature Version 4 signature.',
    outcome: 'unchanged',
    retryable: false,
    next: 'sign_in_again',
  },
  credential_invalid: {
    status: 401,
    title: 'The credential is not valid',
    detail: 'The access token or access key is not valid.',
    outcome: 'unchanged',
    retryable: false,
    next: 'sign_in_again',
  },
  credential_expired: {
    status: 401,
    title: 'The credential has expired',
    detail: 'The access token, the temporary credentials or the signature have expired.',
    outcome: 'unchanged',
    retryable: false,
    next: 'sign_in_again',
  },
  credential_revoked: {
    status: 401,
    title: 'The access token has been revoked',
    detail: 'The user signed out everywhere, or the token was revoked.',
    outcome: 'unchanged',
    retryable: false,
    next: 'sign_in_again',
  },
  signature_mismatch: {
    status: 401,
    title: 'The signature does not match',
    detail:
      'AWS computed another signature than the one sent: the secret key is wrong, or another request was signed than the passwords sent here make.',
    outcome: 'unchanged',
    retryable: false,
    next: 'sign_the_same_body',
  },
  scope_insufficient: {
    status: 403,
    title: 'The access token lacks a scope',
    detail: 'The access token does not have the scope aws.cognito.signin.user.admin.',
    outcome: 'unchanged',
    retryable: false,
    next: 'request_scope',
  },
  pool_not_allowed: {
    status: 403,
    title: 'This gateway does not serve the user pool or partition',
    detail: 'The user pool, region or partition of the credential is not one that this gateway serves.',
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  permission_denied: {
    status: 403,
    title: 'The account does not permit this',
    detail: 'AWS refused because a policy or setting does not allow this user to change the password.',
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  blocked_by_firewall: {
    status: 403,
    title: 'A firewall blocked the request',
    detail: 'The AWS WAF web ACL of the user pool refused the request.',
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  current_password_incorrect: {
    status: 422,
    title: 'The current password is incorrect',
    detail: 'AWS says that the current password is not this one.',
    outcome: 'unchanged',
    retryable: false,
    next: 'correct_current_password',
  },
  current_password_required: {
    status: 422,
    title: 'The current password is required',
    detail: 'The user has a password, so currentPassword must be sent.',
    outcome: 'unchanged',
    retryable: false,
    next: 'correct_current_password',
  },
  new_password_rejected: {
    status: 422,
    title: 'The new password does not meet the password policy',
    detail: 'AWS refused the new password because of the password policy.',
    outcome: 'unchanged',
    retryable: false,
    next: 'choose_another_password',
  },
  new_password_reused: {
    status: 422,
    title: 'The new password was used before',
    detail: 'The new password equals the current one or one that was used before.',
    outcome: 'unchanged',
    retryable: false,
    next: 'choose_another_password',
  },
  not_authorized: {
    status: 403,
    title: 'AWS refused the change',
    detail: 'AWS refused and did not say whether the credential or the current password was the reason.',
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  account_disabled: {
    status: 403,
    title: 'The account is disabled',
    detail: 'The user is disabled.',
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  account_not_confirmed: {
    status: 409,
    title: 'The account is not confirmed',
    detail: 'The user has not confirmed the account yet.',
    outcome: 'unchanged',
    retryable: false,
    next: 'confirm_account',
  },
  account_not_found: {
    status: 404,
    title: 'The account does not exist',
    detail: 'The user does not exist (any more).',
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  account_has_no_password: {
    status: 409,
    title: 'The user has no password',
    detail:
      'The IAM user has no login profile, so there is no password to change; an administrator can create one.',
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  account_type_unsupported: {
    status: 403,
    title: 'This kind of identity has no password to change here',
    detail: 'Only IAM users can change their own password: the root user and role sessions cannot.',
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  account_temporarily_unmodifiable: {
    status: 409,
    title: 'The account cannot be modified right now',
    detail: 'The login profile is being created or changed; it can be modified again in some minutes.',
    outcome: 'unchanged',
    retryable: true,
    next: 'wait_and_retry',
  },
  password_reset_required: {
    status: 409,
    title: 'The password must be reset',
    detail: 'An administrator requires a password reset, which this operation cannot do.',
    outcome: 'unchanged',
    retryable: false,
    next: 'use_forgot_password',
  },
  pool_not_found: {
    status: 404,
    title: 'The user pool does not exist',
    detail: 'AWS cannot find the user pool or application client of the access token.',
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  attempts_exceeded: {
    status: 429,
    title: 'Too many failed attempts',
    detail: 'Amazon Cognito has locked this user out for a while after too many wrong passwords.',
    outcome: 'unchanged',
    retryable: true,
    next: 'wait_and_retry',
  },
  quota_exceeded: {
    status: 409,
    title: 'An account quota is exceeded',
    detail: 'AWS refused because a quota of the account is exceeded; waiting does not help.',
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    detail: 'This gateway refused the request because of its own limit; see Retry-After.',
    outcome: 'unchanged',
    retryable: true,
    next: 'wait_and_retry',
  },
  upstream_throttled: {
    status: 503,
    title: 'AWS is throttling',
    detail: 'AWS refused the request because there are too many requests for this operation.',
    outcome: 'unchanged',
    retryable: true,
    next: 'wait_and_retry',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'The idempotency key belongs to another request',
    detail: 'This Idempotency-Key was sent before with another request; use a new key for a new change.',
    outcome: 'unchanged',
    retryable: false,
    next: 'contact_support',
  },
  request_in_progress: {
    status: 409,
    title: 'The same request is still in progress',
    detail: 'A request with this Idempotency-Key is being carried out; ask again later with the same key.',
    outcome: 'unknown',
    retryable: true,
    next: 'wait_and_retry',
  },
  idempotency_unavailable: {
    status: 503,
    title: 'The idempotency store is unavailable',
    detail: 'An Idempotency-Key was sent and its promise cannot be kept now, so nothing was sent to AWS.',
    outcome: 'unchanged',
    retryable: true,
    next: 'wait_and_retry',
  },
  upstream_unreachable: {
    status: 502,
    title: 'AWS cannot be reached',
    detail: 'No connection to the AWS endpoint could be made; nothing was sent.',
    outcome: 'unchanged',
    retryable: true,
    next: 'wait_and_retry',
  },
  upstream_timeout: {
    status: 504,
    title: 'AWS did not answer in time',
    detail: 'The request was sent and no answer came in time: the password may have changed.',
    outcome: 'unknown',
    retryable: false,
    next: 'sign_in_with_new_password_to_find_out',
  },
  upstream_failed: {
    status: 502,
    title: 'AWS failed',
    detail: 'AWS reported a failure of its own or gave no readable answer: the password may have changed.',
    outcome: 'unknown',
    retryable: false,
    next: 'sign_in_with_new_password_to_find_out',
  },
  upstream_unavailable: {
    status: 503,
    title: 'AWS is unavailable',
    detail: 'Calls to this AWS endpoint fail at present, so nothing was sent.',
    outcome: 'unchanged',
    retryable: true,
    next: 'wait_and_retry',
  },
  outcome_unresolved: {
    status: 409,
    title: 'The outcome of an earlier attempt is unknown',
    detail: 'An earlier attempt at this very change ended without an answer: the password may have changed.',
    outcome: 'unknown',
    retryable: false,
    next: 'sign_in_with_new_password_to_find_out',
  },
  upstream_error_unrecognised: {
    status: 502,
    title: 'AWS answered with an error that this gateway does not know',
    detail: 'AWS answered with an unknown error name: the password may have changed.',
    outcome: 'unknown',
    retryable: false,
    next: 'sign_in_with_new_password_to_find_out',
  },
  gateway_draining: {
    status: 503,
    title: 'This gateway is shutting down',
    detail: 'This instance takes no new requests; another one will.',
    outcome: 'unchanged',
    retryable: true,
    next: 'wait_and_retry',
  },
  internal_error: {
    status: 500,
    title: 'The gateway failed',
    detail: 'A fault in the gateway stopped the request.',
    outcome: 'unknown',
    retryable: false,
    next: 'contact_support',
  },
} as const satisfies Record<string, ProblemDefinition>;

/** The closed union of problem codes; the keys of {@link PROBLEMS}. */
export type ProblemCode = keyof typeof PROBLEMS;

/** All problem codes, in the order of the table. */
export const PROBLEM_CODES = Object.keys(PROBLEMS) as readonly ProblemCode[];

/**
 * The row of a code, widened to the general shape.
 *
 * @param code - a problem code
 */
export function problemDefinition(code: ProblemCode): ProblemDefinition {
  return PROBLEMS[code];
}
