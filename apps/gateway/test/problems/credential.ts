import { signJwt } from '@password-gateway/aws-sandbox';

import { callCognito, change } from '../support/http.js';
import { bearer, cognitoUser, iamUser, signed, WRONG } from '../support/users.js';
import { type ProblemCase, withError } from './case.js';

/** Credentials that the gateway or AWS refuses. */
export const CREDENTIAL_CASES: readonly ProblemCase[] = [
  {
    name: 'no Authorization',
    code: 'credential_missing',
    calls: 0,
    send: (stack) => change(stack, {}),
  },
  {
    name: 'MissingAuthenticationToken',
    code: 'credential_missing',
    calls: 1,
    upstreamError: 'MissingAuthenticationToken',
    send: withError('iam', 'MissingAuthenticationToken'),
  },
  {
    name: 'a Bearer token that is no JWT',
    code: 'credential_malformed',
    calls: 0,
    provider: 'cognito',
    send: (stack) => change(stack, bearer('opaque-access-token')),
  },
  {
    name: 'a SigV4 header without a signature',
    code: 'credential_malformed',
    calls: 0,
    provider: 'iam',
    send: async (stack) => {
      const headers = await signed(iamUser(stack).keys);
      return change(stack, {
        ...headers,
        Authorization: headers.Authorization.replace(/, Signature=.*/, ''),
      });
    },
  },
  {
    name: 'IncompleteSignature',
    code: 'credential_malformed',
    calls: 1,
    send: withError('iam', 'IncompleteSignature'),
  },
  {
    name: 'a token that nobody signed',
    code: 'credential_invalid',
    calls: 0,
    provider: 'cognito',
    send: (stack) => {
      const { accessToken } = cognitoUser(stack);
      return change(stack, bearer(accessToken.replace(/[^.]{20}$/, 'A'.repeat(20))));
    },
  },
  {
    name: 'an ID token',
    code: 'credential_invalid',
    calls: 0,
    provider: 'cognito',
    detail: /access token, not the ID token/,
    send: (stack) => change(stack, bearer(cognitoUser(stack).idToken)),
  },
  {
    name: 'Invalid Access Token',
    code: 'credential_invalid',
    calls: 1,
    confidence: 'inferred',
    upstreamError: 'NotAuthorizedException',
    send: withError('cognito', 'NotAuthorizedException', 'Invalid Access Token'),
  },
  {
    name: 'an access key that was deleted',
    code: 'credential_invalid',
    calls: 1,
    provider: 'iam',
    upstreamError: 'InvalidClientTokenId',
    send: (stack) => {
      const { keys } = iamUser(stack);
      stack.sandbox.iam.deleteAccessKey(keys.accessKeyId);
      return signed(keys).then((headers) => change(stack, headers));
    },
  },
  {
    name: 'UnrecognizedClientException',
    code: 'credential_invalid',
    calls: 1,
    send: withError('iam', 'UnrecognizedClientException'),
  },
  {
    name: 'a token that has expired',
    code: 'credential_expired',
    calls: 0,
    provider: 'cognito',
    next: 'sign_in_again',
    send: (stack) => {
      const { poolId, username } = cognitoUser(stack);
      const tokens = stack.sandbox.cognito.issueTokens(poolId, username, { expiresInSeconds: -1 });
      return change(stack, bearer(tokens.accessToken));
    },
  },
  {
    name: 'Access Token has expired',
    code: 'credential_expired',
    calls: 1,
    confidence: 'inferred',
    send: withError('cognito', 'NotAuthorizedException', 'Access Token has expired'),
  },
  {
    name: 'temporary keys that have expired',
    code: 'credential_expired',
    calls: 1,
    upstreamError: 'ExpiredToken',
    send: async (stack) => {
      const session = stack.sandbox.iam.createSession(iamUser(stack).userName, { expiresInSeconds: -1 });
      return change(stack, await signed(session));
    },
  },
  {
    name: 'a signature of sixteen minutes ago',
    code: 'credential_expired',
    calls: 0,
    provider: 'iam',
    next: 'sign_the_same_body',
    send: async (stack) =>
      change(stack, await signed(iamUser(stack).keys, {}, new Date(Date.now() - 16 * 60_000))),
  },
  {
    name: 'RequestExpired',
    code: 'credential_expired',
    calls: 1,
    next: 'sign_the_same_body',
    send: withError('iam', 'RequestExpired'),
  },
  {
    name: 'Signature expired',
    code: 'credential_expired',
    calls: 1,
    confidence: 'inferred',
    upstreamError: 'SignatureDoesNotMatch',
    send: withError(
      'iam',
      'SignatureDoesNotMatch',
      'Signature expired: 20261120T100000Z is now earlier than 20261120T104500Z (20261120T110000Z - 15 min.)',
    ),
  },
  {
    name: 'a user who signed out everywhere',
    code: 'credential_revoked',
    calls: 1,
    confidence: 'inferred',
    send: async (stack) => {
      const { accessToken, auth } = cognitoUser(stack);
      await callCognito(stack, 'GlobalSignOut', { AccessToken: accessToken });
      stack.sandbox.clearCalls();
      return change(stack, auth);
    },
  },
  {
    name: 'other passwords signed than sent',
    code: 'signature_mismatch',
    calls: 1,
    next: 'sign_the_same_body',
    upstreamError: 'SignatureDoesNotMatch',
    send: async (stack) => change(stack, await signed(iamUser(stack).keys, { newPassword: WRONG })),
  },
  {
    name: 'another secret key',
    code: 'signature_mismatch',
    calls: 1,
    send: async (stack) => {
      const [{ keys }, other] = [iamUser(stack), iamUser(stack)];
      return change(stack, await signed({ ...keys, secretAccessKey: other.keys.secretAccessKey }));
    },
  },
  {
    name: 'the content hash of another body',
    code: 'signature_mismatch',
    calls: 0,
    next: 'sign_the_same_body',
    send: async (stack) => {
      const headers = await signed(iamUser(stack).keys);
      return change(stack, { ...headers, 'X-Amz-Content-Sha256': 'a'.repeat(64) });
    },
  },
  {
    name: 'a token without the scope',
    code: 'scope_insufficient',
    calls: 0,
    next: 'request_scope',
    send: (stack) => {
      const { poolId, username } = cognitoUser(stack);
      const tokens = stack.sandbox.cognito.issueTokens(poolId, username, { scope: 'openid profile' });
      return change(stack, bearer(tokens.accessToken));
    },
  },
  {
    name: 'Access Token does not have required scopes',
    code: 'scope_insufficient',
    calls: 1,
    confidence: 'inferred',
    send: withError('cognito', 'NotAuthorizedException', 'Access Token does not have required scopes'),
  },
  {
    name: 'a token of another pool',
    code: 'pool_not_allowed',
    calls: 0,
    provider: 'cognito',
    send: (stack) => change(stack, cognitoUser(stack, {}, stack.sandbox.cognito.createUserPool().id).auth),
  },
  {
    name: 'a token of another region',
    code: 'pool_not_allowed',
    calls: 0,
    provider: 'cognito',
    send: (stack) => {
      const pool = stack.sandbox.cognito.createUserPool({ region: 'eu-central-1' });
      return change(stack, cognitoUser(stack, {}, pool.id).auth);
    },
  },
  {
    name: 'a signature for another partition',
    code: 'pool_not_allowed',
    calls: 0,
    provider: 'iam',
    send: async (stack) => {
      const headers = await signed(iamUser(stack).keys);
      const Authorization = headers.Authorization.replace('/us-east-1/', '/cn-north-1/');
      return change(stack, { ...headers, Authorization });
    },
  },
  {
    name: 'a token whose issuer is not Cognito',
    code: 'credential_invalid',
    calls: 0,
    provider: 'cognito',
    send: (stack) => {
      const key = stack.sandbox.cognito.signingKey(stack.pool.id);
      const claims = { iss: 'https://login.example.com', token_use: 'access', exp: Date.now() };
      return change(stack, bearer(signJwt(key, { kid: key.kid, alg: 'RS256' }, claims)));
    },
  },
];
