// @ts-check
import { TextEncoder } from 'node:util';

const ENCODER = new TextEncoder();

/** Status, AWS's error name and text, by what AWS means. @type {Record<string, [number, string, string]>} */
const COGNITO = {
  incorrect: [400, 'NotAuthorizedException', 'Incorrect username or password.'],
  weak: [400, 'InvalidPasswordException', 'Password did not conform with policy: Password not long enough'],
  unknown_credential: [400, 'NotAuthorizedException', 'Invalid Access Token'],
  token_expired: [400, 'NotAuthorizedException', 'Access Token has expired'],
  throttled: [400, 'TooManyRequestsException', 'Rate exceeded'],
  broken: [500, 'InternalErrorException', 'Something went wrong'],
  unavailable: [503, 'ServiceUnavailable', 'Come back later'],
};

/** The same for IAM. @type {Record<string, [number, string, string]>} */
const IAM = {
  incorrect: [403, 'AccessDenied', 'The old password was incorrect'],
  weak: [400, 'PasswordPolicyViolation', 'Password does not conform to the account password policy'],
  unknown_credential: [403, 'InvalidClientTokenId', 'The security token included in the request is invalid'],
  signature_mismatch: [403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match'],
  signature_expired: [403, 'SignatureDoesNotMatch', 'Signature expired: it is too old'],
  throttled: [400, 'Throttling', 'Rate exceeded'],
  broken: [500, 'ServiceFailure', 'Something went wrong'],
  unavailable: [503, 'ServiceUnavailable', 'Come back later'],
};

/** @type {Map<string, any>} */
const written = new Map();

/**
 * What AWS sends.
 *
 * @param {'cognito' | 'iam'} provider
 * @param {string} verdict what it means
 */
export function wireAnswer(provider, verdict) {
  const name = `${provider} ${verdict}`;
  let answer = written.get(name);
  if (answer === undefined) {
    answer = provider === 'cognito' ? cognito(verdict) : iam(verdict);
    written.set(name, answer);
  }
  return { ...answer, headers: { ...answer.headers } };
}

/** @param {string} verdict */
function cognito(verdict) {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'cognito-request' };
  if (verdict === 'changed') return { statusCode: 200, headers, body: ENCODER.encode('{}') };
  const [statusCode, name, message] = COGNITO[verdict];
  return { statusCode, headers, body: ENCODER.encode(JSON.stringify({ __type: name, message })) };
}

/** @param {string} verdict */
function iam(verdict) {
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': 'iam-request' };
  const space = 'xmlns="https://iam.amazonaws.com/doc/2010-05-08/"';
  if (verdict === 'changed') {
    const body = `<ChangePasswordResponse ${space}><ResponseMetadata><RequestId>iam-request</RequestId></ResponseMetadata></ChangePasswordResponse>`;
    return { statusCode: 200, headers, body: ENCODER.encode(body) };
  }
  const [statusCode, name, message] = IAM[verdict];
  const error = `<Error><Type>Sender</Type><Code>${name}</Code><Message>${message}</Message></Error>`;
  const body = `<ErrorResponse ${space}>${error}<RequestId>iam-request</RequestId></ErrorResponse>`;
  return { statusCode, headers, body: ENCODER.encode(body) };
}
