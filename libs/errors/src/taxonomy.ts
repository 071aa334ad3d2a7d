import type { NextStep } from './next-step.js';
import type { ProviderName } from './password-change-error.js';

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
  /** When it happens and what is behind it, for a person who looks it up. */
  readonly when: string;
  /**
   * AWS's error names that mean it, by provider, the likeliest provider and name first; where the name alone does not
   * decide, with the start of the text that does. Absent where AWS never says so.
   */
  readonly upstream?: Readonly<Partial<Record<ProviderName, readonly string[]>>>;
  /** What became of the password. Rows that can go either way name the cautious one. */
  readonly outcome: Outcome;
  /** Whether repeating the same request later can succeed. */
  readonly retryable: boolean;
  /** What the caller can do next. */
  readonly next: NextStep;
}

const INVALID_FIELDS = [
  'InvalidInput',
  'InvalidParameterException',
  'InvalidParameterValue',
  'MissingParameter',
  'ValidationException',
] as const;

const UNREADABLE = [
  'InvalidAction',
  'InvalidParameterCombination',
  'InvalidQueryParameter',
  'MalformedHttpRequestException',
  'MalformedInput',
  'MalformedQueryString',
  'MissingAction',
  'SerializationException',
  'UnknownOperationException',
] as const;

const UNKNOWN_KEY = [
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'AuthFailure',
  'InvalidAccessKeyId',
] as const;

const EXPIRED = [
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
] as const;

const NOT_PERMITTED = [
  'NotAuthorized',
  'OptInRequired',
  'SubscriptionRequiredException',
  'UnauthorizedOperation',
] as const;

const DURING_THE_WORK = [
  'InternalError',
  'InternalFailure',
  'InternalServerError',
  'InternalServerException',
  'RequestAbortedException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
] as const;

const THROTTLED = [
  'TooManyRequestsException',
  'Throttling',
  'ThrottlingException',
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'PriorRequestNotComplete',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
] as const;

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
    when: 'The body is not JSON in UTF-8, names a key twice, is nested too deeply or is no object; a header that may come once came twice; or the HTTP framing is broken. The connection is closed. Or AWS could not read the request that the gateway made of it.',
    upstream: { cognito: UNREADABLE, iam: UNREADABLE },
    outcome: 'unchanged',
    retryable: false,
    next: 'contact_support',
  },
  request_invalid: {
    status: 422,
    title: 'The request is not valid',
    detail: 'One or more fields break a rule; errors lists all of them.',
    when: 'A field is missing, of the wrong type, too short or too long, holds characters that the provider does not take, or is unknown. errors[] lists every broken rule at once, each with a JSON pointer to its field. It is empty where AWS refuses the request without naming a field: then a setting of the account or user pool is the reason, and an administrator can change it.',
    upstream: {
      cognito: [
        "InvalidParameterException: 1 validation error detected: Value at 'proposedPassword' failed to satisfy constraint",
        'InvalidParameterException: PrivateLink access is disabled for the user pool',
        ...INVALID_FIELDS,
        'ValidationError',
      ],
      iam: [
        "ValidationError: 1 validation error detected: Value at 'newPassword' failed to satisfy constraint",
        'ValidationError: The specified value for newPassword is invalid',
        ...INVALID_FIELDS,
      ],
    },
    outcome: 'unchanged',
    retryable: false,
    next: 'choose_another_password',
  },
  request_too_large: {
    status: 413,
    title: 'The request is too large',
    detail: 'The body is larger than 16 KiB.',
    when: 'Two passwords never need this much: most often something else was sent to this address by mistake. AWS has limits of its own, which only a very large token meets.',
    upstream: {
      cognito: ['RequestEntityTooLarge', 'RequestEntityTooLargeException'],
      iam: ['RequestEntityTooLarge', 'RequestEntityTooLargeException'],
    },
    outcome: 'unchanged',
    retryable: false,
    next: 'contact_support',
  },
  media_type_unsupported: {
    status: 415,
    title: 'The media type is not supported',
    detail: 'Send application/json in UTF-8, without a content encoding.',
    when: 'The Content-Type is missing or another one, names another charset than UTF-8, or the body is compressed.',
    outcome: 'unchanged',
    retryable: false,
    next: 'contact_support',
  },
  request_timeout: {
    status: 408,
    title: 'The request did not arrive in time',
    detail: 'The request did not arrive whole in time; the connection is closed.',
    when: 'The connection was too slow or broke off, here or on the way to AWS. Nothing of the request was used.',
    upstream: {
      cognito: ['RequestTimeout', 'RequestTimeoutException'],
      iam: ['RequestTimeout', 'RequestTimeoutException'],
    },
    outcome: 'unchanged',
    retryable: true,
    next: 'wait_and_retry',
  },
  headers_too_large: {
    status: 431,
    title: 'The request headers are too large',
    detail: 'The request headers are larger than 16 KiB; the connection is closed.',
    when: 'Most often the access token or a session token is larger than such tokens are, or a proxy adds headers of its own.',
    outcome: 'unchanged',
    retryable: false,
    next: 'contact_support',
  },
  route_not_found: {
    status: 404,
    title: 'There is nothing at this address',
    detail: 'Passwords are changed at POST /password/change.',
    when: 'The path is not one of this gateway. Behind a proxy, look whether the proxy adds or removes a prefix.',
    outcome: 'unchanged',
    retryable: false,
    next: 'contact_support',
  },
  method_not_allowed: {
    status: 405,
    title: 'The method is not allowed here',
    detail: 'Use one of the methods that the Allow header lists.',
    when: 'The path exists, with another method.',
    outcome: 'unchanged',
    retryable: false,
    next: 'contact_support',
  },
  credential_missing: {
    status: 401,
    title: 'No credential was sent',
    detail:
      'Send Authorization: Bearer with a Cognito access token, or Authorization: AWS4-HMAC-SHA256 with the signature of your IAM ChangePassword request.',
    when: 'No Authorization header arrived. Some proxies remove it. Who has only a temporary password, from an administrator, has no access token yet, and this is not the place: the password is set during the sign-in, which asks for it with the challenge NEW_PASSWORD_REQUIRED. A user who forgot the password uses the forgot-password flow of the application.',
    upstream: {
      cognito: ['MissingAuthenticationToken', 'MissingAuthenticationTokenException'],
      iam: ['MissingAuthenticationToken', 'MissingAuthenticationTokenException'],
    },
    outcome: 'unchanged',
    retryable: false,
    next: 'sign_in_again',
  },
  credential_malformed: {
    status: 401,
    title: 'The credential is malformed',
    detail:
      'The Authorization header is neither one Bearer access token nor one AWS Signature Version 4 signature.',
    when: 'The header has another scheme, is not a token or signature at all, names a wrong date, service or region in the credential scope, signs headers that do not belong to the request, or came together with a second credential.',
    upstream: {
      cognito: [
        "InvalidParameterException: 1 validation error detected: Value at 'accessToken' failed to satisfy constraint",
        'IncompleteSignature',
        'IncompleteSignatureException',
      ],
      iam: [
        'IncompleteSignature',
        'IncompleteSignatureException',
        'SignatureDoesNotMatch: Credential should be scoped to a valid Region',
      ],
    },
    outcome: 'unchanged',
    retryable: false,
    next: 'sign_in_again',
  },
  credential_invalid: {
    status: 401,
    title: 'The credential is not valid',
    detail: 'The access token or access key is not valid.',
    when: 'An ID token was sent instead of the access token, the token was changed or comes from elsewhere, or the access key does not exist, is inactive or was made moments ago. AWS IAM answers the same to temporary credentials that were made without an MFA code, for every operation.',
    upstream: {
      cognito: [
        'NotAuthorizedException: Invalid Access Token',
        'NotAuthorizedException: Could not verify signature for Access Token',
        ...UNKNOWN_KEY,
      ],
      iam: UNKNOWN_KEY,
    },
    outcome: 'unchanged',
    retryable: false,
    next: 'sign_in_again',
  },
  credential_expired: {
    status: 401,
    title: 'The credential has expired',
    detail: 'The access token, the temporary credentials or the signature have expired.',
    when: 'Access tokens live for an hour unless the pool says otherwise. A signature is taken for 15 minutes: an older one, or one from a computer whose clock is wrong, must be made again.',
    upstream: {
      cognito: ['NotAuthorizedException: Access Token has expired', ...EXPIRED],
      iam: [
        ...EXPIRED,
        'InvalidSignatureException: Signature expired',
        'SignatureDoesNotMatch: Signature expired',
        'SignatureDoesNotMatch: Signature not yet current',
      ],
    },
    outcome: 'unchanged',
    retryable: false,
    next: 'sign_in_again',
  },
  credential_revoked: {
    status: 401,
    title: 'The access token has been revoked',
    detail: 'The user signed out everywhere, or the token was revoked.',
    when: 'A global sign-out or a revocation of the refresh token ends access tokens before they expire.',
    upstream: { cognito: ['NotAuthorizedException: Access Token has been revoked'] },
    outcome: 'unchanged',
    retryable: false,
    next: 'sign_in_again',
  },
  signature_mismatch: {
    status: 401,
    title: 'The signature does not match',
    detail:
      'AWS computed another signature than the one sent: the secret key is wrong, or another request was signed than the passwords sent here make.',
    when: 'The caller signs the request that goes to AWS, and the gateway makes that request again from the JSON fields. One differing byte, such as a space encoded as +, makes another signature.',
    upstream: {
      iam: [
        'SignatureDoesNotMatch: The request signature we calculated does not match',
        'InvalidSignatureException: The request signature we calculated does not match',
      ],
      cognito: ['InvalidSignatureException', 'SignatureDoesNotMatch'],
    },
    outcome: 'unchanged',
    retryable: false,
    next: 'sign_the_same_body',
  },
  scope_insufficient: {
    status: 403,
    title: 'The access token lacks a scope',
    detail: 'The access token does not have the scope aws.cognito.signin.user.admin.',
    when: 'Tokens of the hosted sign-in page carry only the scopes that the application asked for, and an application client may not be allowed this one.',
    upstream: { cognito: ['NotAuthorizedException: Access Token does not have required scopes'] },
    outcome: 'unchanged',
    retryable: false,
    next: 'request_scope',
  },
  pool_not_allowed: {
    status: 403,
    title: 'This gateway does not serve the user pool or partition',
    detail: 'The user pool, region or partition of the credential is not one that this gateway serves.',
    when: 'The gateway serves the user pools, regions and partitions of its configuration and no others. Nothing was sent to AWS.',
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  permission_denied: {
    status: 403,
    title: 'The account does not permit this',
    detail: 'AWS refused because a policy or setting does not allow this user to change the password.',
    when: "For IAM: a policy of the user, a boundary, or the account's password settings do not allow iam:ChangePassword, or allow it only after signing in with MFA; some accounts answer so although the new password does not meet the password policy, so another password is worth a try. For Cognito: a resource policy or VPC endpoint policy denies it, or the operation is not possible in this region: a copy of a user pool of several regions changes no passwords. Also: your network may not use this gateway.",
    upstream: {
      iam: [
        'AccessDenied: User is not authorized to perform: iam:ChangePassword',
        'AccessDenied: Either user is not authorized to perform iam:ChangePassword or entered password does not comply with account password policy',
        'AccessDeniedException: User is not authorized to perform: iam:ChangePassword',
        ...NOT_PERMITTED,
      ],
      cognito: [
        'OperationNotEnabledException',
        'AccessDenied: User is not authorized to perform: cognito-idp:ChangePassword',
        'AccessDeniedException: User is not authorized to perform: cognito-idp:ChangePassword',
        ...NOT_PERMITTED,
      ],
    },
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  blocked_by_firewall: {
    status: 403,
    title: 'A firewall blocked the request',
    detail: 'The AWS WAF web ACL of the user pool refused the request.',
    when: 'A rule of the web ACL that protects the user pool matched: an address, a country, a rate, or a pattern. A rule that asks for a CAPTCHA or a silent challenge blocks too, because only the sign-in page of a browser can answer it.',
    upstream: { cognito: ['ForbiddenException'] },
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  current_password_incorrect: {
    status: 422,
    title: 'The current password is incorrect',
    detail: 'AWS says that the current password is not this one.',
    when: 'Each one counts: too many of them lock the user out for a while, at AWS or here.',
    upstream: {
      cognito: ['NotAuthorizedException: Incorrect username or password.'],
      iam: ['AccessDenied: The old password was incorrect.'],
    },
    outcome: 'unchanged',
    retryable: false,
    next: 'correct_current_password',
  },
  current_password_required: {
    status: 422,
    title: 'The current password is required',
    detail: 'The user has a password, so currentPassword must be sent.',
    when: 'IAM always needs it. In Cognito only a user who has no password yet leaves it out.',
    upstream: { cognito: ['NotAuthorizedException: Incorrect username or password.'] },
    outcome: 'unchanged',
    retryable: false,
    next: 'correct_current_password',
  },
  new_password_rejected: {
    status: 422,
    title: 'The new password does not meet the password policy',
    detail: 'AWS refused the new password because of the password policy.',
    when: "The password policy of the user pool or account decides, and only AWS knows it. errors[] names each rule that AWS's answer reveals. A password that is known from leaks is refused too, where the user pool looks for those.",
    upstream: {
      cognito: ['InvalidPasswordException'],
      iam: ['PasswordPolicyViolation: Password does not conform to the account password policy.'],
    },
    outcome: 'unchanged',
    retryable: false,
    next: 'choose_another_password',
  },
  new_password_reused: {
    status: 422,
    title: 'The new password was used before',
    detail: 'The new password equals the current one or one that was used before.',
    when: 'The history setting of the user pool or account forbids earlier passwords. The current one is refused before AWS is asked.',
    upstream: {
      cognito: ['PasswordHistoryPolicyViolationException'],
      iam: ['PasswordPolicyViolation: Policy constraint violation with password reuse prevention'],
    },
    outcome: 'unchanged',
    retryable: false,
    next: 'choose_another_password',
  },
  not_authorized: {
    status: 403,
    title: 'AWS refused the change',
    detail: 'AWS refused and did not say whether the credential or the current password was the reason.',
    when: 'AWS gave a reason that this gateway does not know, so it does not guess: it may be the credential, the current password or the state of the account. Counts like a wrong password.',
    upstream: {
      cognito: [
        'NotAuthorizedException: (any other text)',
        'AccessDenied: (any other text)',
        'AccessDeniedException: (any other text)',
      ],
      iam: ['AccessDenied: (any other text)', 'AccessDeniedException: (any other text)'],
    },
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  account_disabled: {
    status: 403,
    title: 'The account is disabled',
    detail: 'The user is disabled.',
    when: 'An administrator disabled the user after the token was issued.',
    upstream: { cognito: ['NotAuthorizedException: User is disabled'] },
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  account_not_confirmed: {
    status: 409,
    title: 'The account is not confirmed',
    detail: 'The user has not confirmed the account yet.',
    when: 'The user signed up and has not entered the confirmation code.',
    upstream: { cognito: ['UserNotConfirmedException'] },
    outcome: 'unchanged',
    retryable: false,
    next: 'confirm_account',
  },
  account_not_found: {
    status: 404,
    title: 'The account does not exist',
    detail: 'The user does not exist (any more).',
    when: 'The user was deleted after the credential was issued.',
    upstream: { cognito: ['UserNotFoundException'], iam: ['NoSuchEntity: The user with name'] },
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  account_has_no_password: {
    status: 409,
    title: 'The user has no password',
    detail:
      'The IAM user has no login profile, so there is no password to change; an administrator can create one.',
    when: 'The user has access keys and cannot sign in to the console.',
    upstream: { iam: ['NoSuchEntity: Login Profile for User'] },
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  account_type_unsupported: {
    status: 403,
    title: 'This kind of identity has no password to change here',
    detail: 'Only IAM users can change their own password: the root user and role sessions cannot.',
    when: 'Roles, federated users and service accounts have no password of their own; the root user changes it in the console. A user of a user pool who signs in through another identity provider changes the password there.',
    upstream: {
      iam: [
        'InvalidUserType',
        'AccessDenied: Only IAM Users can change their own password',
        'AccessDenied: User: arn:aws:sts::123456789012:assumed-role/Admin/session is not authorized to perform: iam:ChangePassword',
        'ValidationError: Must specify userName when calling with non-User credentials',
      ],
      cognito: ['NotAuthorizedException: User is not authorized to change password.'],
    },
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  account_temporarily_unmodifiable: {
    status: 409,
    title: 'The account cannot be modified right now',
    detail: 'The login profile is being created or changed; it can be modified again in some minutes.',
    when: 'IAM is still spreading an earlier change of this user.',
    upstream: {
      iam: ['EntityTemporarilyUnmodifiable', 'ConcurrentModification', 'ConcurrentModificationException'],
      cognito: ['ConcurrentModification', 'ConcurrentModificationException'],
    },
    outcome: 'unchanged',
    retryable: true,
    next: 'wait_and_retry',
  },
  password_reset_required: {
    status: 409,
    title: 'The password must be reset',
    detail: 'An administrator requires a password reset, which this operation cannot do.',
    when: 'The user enters the code that Cognito sent in the forgot-password flow, and sets a new password there.',
    upstream: { cognito: ['PasswordResetRequiredException'] },
    outcome: 'unchanged',
    retryable: false,
    next: 'use_forgot_password',
  },
  pool_not_found: {
    status: 404,
    title: 'The user pool does not exist',
    detail: 'AWS cannot find the user pool or application client of the access token.',
    when: 'The user pool or its application client was deleted after the token was issued.',
    upstream: { cognito: ['ResourceNotFoundException'] },
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  attempts_exceeded: {
    status: 429,
    title: 'Too many changes or attempts',
    detail:
      'Amazon Cognito takes no more changes of this user for now: too many changes or attempts were made within an hour.',
    when: 'Amazon Cognito counts the calls of each user, right and wrong ones: 5 an hour, by its page of quotas. After too many wrong passwords it also locks the user out, for up to 15 minutes: then even the right password is refused. Retry-After says how long it can take at most.',
    upstream: {
      cognito: [
        'LimitExceededException',
        'NotAuthorizedException: Password attempts exceeded',
        'TooManyFailedAttemptsException',
      ],
    },
    outcome: 'unchanged',
    retryable: true,
    next: 'wait_and_retry',
  },
  quota_exceeded: {
    status: 409,
    title: 'An account quota is exceeded',
    detail: 'AWS refused because a quota of the account is exceeded; waiting does not help.',
    when: 'IAM names a quota of the account, not a rate.',
    upstream: { iam: ['LimitExceeded'] },
    outcome: 'unchanged',
    retryable: false,
    next: 'ask_administrator',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    detail: 'This gateway refused the request because of its own limit; see Retry-After.',
    when: 'Too many credentials that prove nothing came from this address, or too many wrong passwords from this user, or too many other requests under one of its keys. Nothing was sent to AWS. Where an earlier attempt may have changed the password, outcome is unknown.',
    outcome: 'unchanged',
    retryable: true,
    next: 'wait_and_retry',
  },
  upstream_throttled: {
    status: 503,
    title: 'AWS is throttling',
    detail: 'AWS refused the request because there are too many requests for this operation.',
    when: 'The account or region as a whole sends too many requests. AWS did not look at the passwords.',
    upstream: {
      cognito: THROTTLED,
      iam: THROTTLED,
    },
    outcome: 'unchanged',
    retryable: true,
    next: 'wait_and_retry',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'The idempotency key belongs to another request',
    detail: 'This Idempotency-Key was sent before with another request; use a new key for a new change.',
    when: 'The key was sent with other passwords or another signature. For IAM only the very same signed request is the same request. This request was not sent to AWS; outcome is unchanged where the first request under the key is known to have changed nothing, and otherwise unknown.',
    outcome: 'unknown',
    retryable: false,
    next: 'contact_support',
  },
  request_in_progress: {
    status: 409,
    title: 'The same request is still in progress',
    detail: 'A request with this Idempotency-Key is being carried out; ask again later with the same key.',
    when: 'The first request with this key has not ended yet, so its outcome is not known.',
    outcome: 'unknown',
    retryable: true,
    next: 'wait_and_retry',
  },
  idempotency_unavailable: {
    status: 503,
    title: 'The idempotency store is unavailable',
    detail: 'An Idempotency-Key was sent and its promise cannot be kept now, so nothing was sent to AWS.',
    when: 'The store of keys cannot be reached, or this user has left too many keys. Whether an earlier request under the key has changed the password is not known then. Without the header the request would be served, unprotected.',
    outcome: 'unknown',
    retryable: true,
    next: 'wait_and_retry',
  },
  upstream_unreachable: {
    status: 502,
    title: 'AWS cannot be reached',
    detail: 'No connection to the AWS endpoint could be made; nothing was sent.',
    when: 'The name was not found, the connection was refused, or TLS failed: no byte of the request left.',
    outcome: 'unchanged',
    retryable: true,
    next: 'wait_and_retry',
  },
  upstream_timeout: {
    status: 504,
    title: 'AWS did not answer in time',
    detail: 'The request was sent and no answer came in time: the password may have changed.',
    when: 'The request may have arrived and been carried out. Repeating it could answer that the current password is incorrect, which would be a lie.',
    outcome: 'unknown',
    retryable: false,
    next: 'sign_in_with_new_password_to_find_out',
  },
  upstream_failed: {
    status: 502,
    title: 'AWS failed',
    detail: 'AWS reported a failure of its own or gave no readable answer: the password may have changed.',
    when: 'A failure on the side of AWS, a connection that broke in the middle of the answer, or an answer that cannot be read.',
    upstream: {
      cognito: ['InternalErrorException', ...DURING_THE_WORK],
      iam: ['ServiceFailure', ...DURING_THE_WORK],
    },
    outcome: 'unknown',
    retryable: false,
    next: 'sign_in_with_new_password_to_find_out',
  },
  upstream_unavailable: {
    status: 503,
    title: 'AWS is unavailable',
    detail: 'Calls to this AWS endpoint fail at present, so nothing was sent.',
    when: 'Many calls in a row failed in transport, so the gateway waits some seconds before it tries again; or the keys that prove access tokens cannot be fetched.',
    outcome: 'unchanged',
    retryable: true,
    next: 'wait_and_retry',
  },
  outcome_unresolved: {
    status: 409,
    title: 'The outcome of an earlier attempt is unknown',
    detail: 'An earlier attempt may have changed the password, and how it ended is not known.',
    when: 'An earlier attempt with the same current password broke off, runs at the same time, or has made this very change within the last hour, and now AWS says that the current password is incorrect: most likely because that attempt has worked.',
    outcome: 'unknown',
    retryable: false,
    next: 'sign_in_with_new_password_to_find_out',
  },
  upstream_error_unrecognised: {
    status: 502,
    title: 'AWS answered with an error that this gateway does not know',
    detail: 'AWS answered with an unknown error name: the password may have changed.',
    when: 'AWS added an error, or something between the gateway and AWS answered in its place.',
    outcome: 'unknown',
    retryable: false,
    next: 'sign_in_with_new_password_to_find_out',
  },
  gateway_draining: {
    status: 503,
    title: 'This gateway is shutting down',
    detail: 'This instance takes no new requests; another one will.',
    when: 'It happens for some seconds while the gateway is being replaced. A repeat of an earlier request gets its answer all the same; where an earlier attempt may have changed the password, outcome is unknown.',
    outcome: 'unchanged',
    retryable: true,
    next: 'wait_and_retry',
  },
  internal_error: {
    status: 500,
    title: 'The gateway failed',
    detail: 'A fault in the gateway stopped the request.',
    when: 'This is a bug. outcome says unchanged where the fault came before AWS was called.',
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
