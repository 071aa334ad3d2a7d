import type { ErrorTable } from './aws-error.js';

/**
 * Errors that every AWS action may answer ("Common Errors" of the API references), with the statuses that were seen
 * from the Query services. `Throttling` is 400 in IAM although the reference prints other numbers elsewhere.
 */
export const COMMON_ERRORS = {
  AccessDenied: { status: 403, message: 'Access Denied' },
  AccessDeniedException: {
    status: 400,
    message: 'You do not have sufficient access to perform this action.',
  },
  AuthFailure: { status: 401, message: 'AWS was not able to validate the provided access credentials' },
  ExpiredToken: { status: 403, message: 'The security token included in the request is expired' },
  ExpiredTokenException: { status: 400, message: 'The security token included in the request is expired' },
  IncompleteSignature: { status: 400, message: 'The request signature does not conform to AWS standards.' },
  InternalFailure: { status: 500, message: 'The request processing has failed because of an unknown error.' },
  InvalidAction: { status: 400, message: 'Could not find the requested operation.' },
  InvalidAccessKeyId: {
    status: 403,
    message: 'The AWS Access Key Id you provided does not exist in our records.',
  },
  InvalidClientTokenId: { status: 403, message: 'The security token included in the request is invalid' },
  InvalidParameterCombination: {
    status: 400,
    message: 'Parameters that must not be used together were used together.',
  },
  InvalidParameterValue: {
    status: 400,
    message: 'An invalid or out-of-range value was supplied for the input parameter.',
  },
  InvalidQueryParameter: { status: 400, message: 'The AWS query string is malformed.' },
  InvalidSignatureException: {
    status: 400,
    message:
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  },
  MalformedHttpRequestException: { status: 400, message: 'The request body could not be processed.' },
  MalformedInput: { status: 400, message: 'The request body could not be parsed.' },
  MalformedQueryString: { status: 404, message: 'The query string contains a syntax error.' },
  MissingAction: { status: 400, message: 'The request is missing an action or a required parameter.' },
  MissingAuthenticationToken: { status: 403, message: 'Request is missing Authentication Token' },
  MissingParameter: { status: 400, message: 'The request must contain the parameter NewPassword.' },
  NotAuthorized: { status: 400, message: 'You do not have permission to perform this action.' },
  OptInRequired: {
    status: 403,
    message: 'The AWS Access Key Id needs a subscription for the service',
  },
  RequestAbortedException: { status: 400, message: 'The request was aborted before a reply was sent back.' },
  RequestEntityTooLargeException: { status: 413, message: 'The request entity is too large.' },
  RequestExpired: { status: 400, message: 'Request has expired.' },
  RequestTimeoutException: { status: 408, message: 'Timed out reading the request.' },
  SerializationException: { status: 400, message: 'The request could not be deserialized.' },
  ServiceUnavailable: { status: 503, message: 'Service Unavailable' },
  SignatureDoesNotMatch: {
    status: 403,
    message:
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  },
  Throttling: { status: 400, message: 'Rate exceeded' },
  ThrottlingException: { status: 400, message: 'Rate exceeded' },
  UnknownOperationException: { status: 400, message: 'The requested operation is not known.' },
  UnrecognizedClientException: {
    status: 403,
    message: 'The security token included in the request is invalid.',
  },
  ValidationError: { status: 400, message: 'The input fails to satisfy the constraints of the service.' },
} as const satisfies ErrorTable;
