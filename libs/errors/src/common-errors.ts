import type { ProblemCode } from './taxonomy.js';
import type { UpstreamRow, UpstreamTable, UpstreamVerdict } from './upstream-mapping.js';

const TYPES = 'AWS API references (IAM, Amazon Cognito user pools), "Common Error Types"';
const QUERY = 'AWS API references of the Query services, "Common Errors"';
const JSON_SERVICES = 'AWS SDKs and re:Post, services of the JSON protocol';
const EC2 = 'Amazon EC2 API reference, "Error codes": client error codes for all API actions';
const S3 = 'Amazon S3 API reference, "Error responses"';
const RETRYABLE = '@smithy/core, service-error-classification: CLOCK_SKEW, THROTTLING and TRANSIENT names';

const only = (means: UpstreamRow<unknown>['means'], source: string): readonly UpstreamRow<unknown>[] => [
  { means, source },
];

/** AWS could not read the request that was made here, so something changed it on its way. */
const UNREADABLE: UpstreamVerdict = {
  code: 'request_malformed',
  confidence: 'exact',
  detail:
    'AWS could not read the request: something between the gateway and AWS may have changed it, or the endpoint is another service.',
};

const TOO_LARGE: UpstreamVerdict = {
  code: 'request_too_large',
  confidence: 'exact',
  detail:
    'AWS refused the request as too large: the access token or session token may be larger than AWS takes.',
};

/** The request was not read whole, so nothing was done with it. */
const NOT_READ_IN_TIME: UpstreamVerdict = {
  code: 'request_timeout',
  confidence: 'exact',
  detail: 'AWS did not get the whole request in time, so nothing was changed.',
};

/** Nobody knows how far the work had come. */
const ABORTED: UpstreamVerdict = {
  code: 'upstream_failed',
  confidence: 'exact',
  detail: 'AWS broke the request off before it answered: the password may have changed.',
};

/** The very same request, sent again, is too old again. */
const TOO_OLD: UpstreamVerdict = {
  code: 'credential_expired',
  confidence: 'exact',
  next: 'sign_the_same_body',
};

const NOT_SUBSCRIBED: UpstreamVerdict = {
  code: 'permission_denied',
  confidence: 'exact',
  detail: 'The AWS account is not signed up for the service.',
};

const MODIFIED_NOW: UpstreamVerdict = {
  code: 'account_temporarily_unmodifiable',
  confidence: 'exact',
  detail: 'Another change of this account is being made; it can be modified again in a moment.',
  retryAfterSeconds: 1,
};

/**
 * What either service may answer to any action, and means the same in both: refusals before the work leave the password
 * unchanged; those that may have come during the work leave it unknown. The names that name fields, signatures and
 * policies are in the tables of the services.
 */
export const COMMON_ERRORS: UpstreamTable<unknown> = {
  // Credentials.
  ExpiredToken: only('credential_expired', QUERY),
  ExpiredTokenException: only('credential_expired', TYPES),
  IncompleteSignature: only('credential_malformed', TYPES),
  IncompleteSignatureException: only('credential_malformed', JSON_SERVICES),
  MissingAuthenticationToken: only('credential_missing', QUERY),
  MissingAuthenticationTokenException: only('credential_missing', JSON_SERVICES),
  RequestExpired: only(TOO_OLD, QUERY),
  RequestInTheFuture: only(TOO_OLD, RETRYABLE),
  RequestTimeTooSkewed: only(TOO_OLD, S3),
  // Permissions.
  NotAuthorized: only('permission_denied', TYPES),
  OptInRequired: only(NOT_SUBSCRIBED, TYPES),
  SubscriptionRequiredException: only(NOT_SUBSCRIBED, JSON_SERVICES),
  UnauthorizedOperation: only('permission_denied', EC2),
  // Requests that AWS cannot read.
  InvalidAction: only(UNREADABLE, QUERY),
  InvalidParameterCombination: only(UNREADABLE, QUERY),
  InvalidQueryParameter: only(UNREADABLE, QUERY),
  MalformedHttpRequestException: only(UNREADABLE, TYPES),
  MalformedInput: only(UNREADABLE, 'AWS IAM, Query services: a body that is no form'),
  MalformedQueryString: only(UNREADABLE, QUERY),
  MissingAction: only(UNREADABLE, QUERY),
  SerializationException: only(UNREADABLE, JSON_SERVICES),
  UnknownOperationException: only(UNREADABLE, TYPES),
  RequestEntityTooLarge: only(TOO_LARGE, S3),
  RequestEntityTooLargeException: only(TOO_LARGE, TYPES),
  RequestTimeout: only(NOT_READ_IN_TIME, S3),
  RequestTimeoutException: only(NOT_READ_IN_TIME, TYPES),
  // Another change at the same time.
  ConcurrentModification: only(MODIFIED_NOW, 'AWS IAM API reference, other operations'),
  ConcurrentModificationException: only(MODIFIED_NOW, 'Amazon Cognito API reference, other operations'),
  // During the work, for all that the name says.
  InternalError: only('upstream_failed', S3),
  InternalFailure: only('upstream_failed', TYPES),
  InternalServerError: only('upstream_failed', JSON_SERVICES),
  InternalServerException: only('upstream_failed', JSON_SERVICES),
  RequestAbortedException: only(ABORTED, TYPES),
  ServiceUnavailable: only('upstream_failed', TYPES),
  ServiceUnavailableException: only('upstream_failed', JSON_SERVICES),
  // Throttling.
  ...throttling([
    ['Throttling', QUERY],
    ['ThrottlingException', TYPES],
    ['BandwidthLimitExceeded', RETRYABLE],
    ['EC2ThrottledException', RETRYABLE],
    ['PriorRequestNotComplete', RETRYABLE],
    ['RequestLimitExceeded', RETRYABLE],
    ['RequestThrottled', RETRYABLE],
    ['RequestThrottledException', RETRYABLE],
    ['SlowDown', RETRYABLE],
    ['ThrottledException', RETRYABLE],
    ['TooManyRequestsException', RETRYABLE],
  ]),
};

function throttling(names: readonly (readonly [name: string, source: string])[]): UpstreamTable<unknown> {
  const code: ProblemCode = 'upstream_throttled';
  return Object.fromEntries(names.map(([name, source]) => [name, only(code, source)]));
}
