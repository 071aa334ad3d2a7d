import { PasswordChangeError } from '@password-gateway/errors';
import { cognitoAccessTokenViolations, parseSigV4Authorization } from '@password-gateway/validators';
import type { IncomingHttpHeaders } from 'node:http';

import type { AccessTokenCredential } from '../password/credential.js';
import type { Dialect } from './dialect.js';
import { cognitoErrorName } from './native-errors.js';
import { nativeIdempotencyKey } from './native-idempotency-key.js';
import { nativeMessage } from './native-message.js';

/** The one operation of Amazon Cognito that is taken. */
const TARGET = 'AWSCognitoIdentityProviderService.ChangePassword';

const TYPE = 'application/x-amz-json-1.1';

/** A second credential beside the token in the body. */
const SIGNATURE_HEADERS = ['authorization', 'x-amz-date', 'x-amz-security-token'] as const;

/** Member of the AWS request to field of ours; the third member is the credential. */
const FIELDS: Readonly<Record<string, string>> = {
  PreviousPassword: 'currentPassword',
  ProposedPassword: 'newPassword',
};

/**
 * Members that clients send beside them and that ChangePassword does not use, each with a client that was shown to send it.
 *
 * Source: `ClientMetadata`: amazon-cognito-identity-js, `changePassword(…, clientMetadata)`; aws-amplify/amplify-js#4149.
 * `SecretHash`: clients that add it to every call of an application client with a secret.
 */
const LEFT_OUT: ReadonlySet<string> = new Set(['ClientMetadata', 'SecretHash']);

const MEMBERS = { '/currentPassword': 'PreviousPassword', '/newPassword': 'ProposedPassword' };

/**
 * Amazon Cognito's own dialect (AWS JSON 1.1), as its SDKs and the AWS CLI speak it.
 *
 * Source: Amazon Cognito API reference, ChangePassword.
 */
export const COGNITO_DIALECT: Dialect = {
  read: ({ headers }, body) => {
    if (headers['x-amz-target'] !== TARGET) {
      throw refused('request_malformed', `The only X-Amz-Target that is taken is ${TARGET}.`);
    }
    if (typeof body === 'string') throw refused('media_type_unsupported', `Send ${TYPE}.`);
    const { AccessToken, ...members } = body;
    return {
      credential: credential(AccessToken, headers),
      fields: () => fields(members),
      idempotencyKey: () => nativeIdempotencyKey(headers),
    };
  },
  changed: ({ upstreamRequestId }, requestId) => ({
    status: 200,
    headers: { 'Content-Type': TYPE, 'x-amzn-RequestId': upstreamRequestId ?? requestId },
    body: '{}',
  }),
  problem: (error, requestId) => {
    const name = cognitoErrorName(error);
    return {
      status: 400,
      headers: {
        'Content-Type': TYPE,
        'x-amzn-RequestId': error.upstream?.requestId ?? requestId,
        'x-amzn-errortype': name,
        'X-Problem-Code': error.code,
      },
      body: JSON.stringify({ __type: name, message: nativeMessage(error, MEMBERS) }),
    };
  },
};

function credential(token: unknown, headers: IncomingHttpHeaders): AccessTokenCredential {
  if (!isSignedForCognito(headers) && SIGNATURE_HEADERS.some((name) => headers[name] !== undefined)) {
    throw refused(
      'credential_malformed',
      'Two credentials were sent: an AccessToken, and Authorization or headers of a signed IAM request.',
    );
  }
  if (token === undefined || token === null) throw refused('credential_missing', 'AccessToken is required.');
  if (typeof token !== 'string' || cognitoAccessTokenViolations(token).length > 0) {
    throw refused('credential_malformed', 'AccessToken is not an access token.');
  }
  return { provider: 'cognito', accessToken: token, userAgent: headers['user-agent'] };
}

/**
 * Some clients sign every call. Amazon Cognito takes a signed ChangePassword and looks at the token alone, so the signature is
 * left out. A signature for another service, such as IAM, is a second credential.
 *
 * Source: boto/boto3#1703.
 */
function isSignedForCognito({ authorization = '' }: IncomingHttpHeaders): boolean {
  const signature = parseSigV4Authorization(authorization);
  return typeof signature !== 'string' && signature.service === 'cognito-idp';
}

function fields(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [member, value] of Object.entries(members)) {
    const field = Object.hasOwn(FIELDS, member) ? FIELDS[member] : undefined;
    if (field === undefined) {
      if (LEFT_OUT.has(member)) continue;
      throw refused('request_invalid', 'Only AccessToken, PreviousPassword and ProposedPassword are taken.');
    }
    // AWS JSON writes a member that is left out as null too.
    if (value !== null) result[field] = value;
  }
  return result;
}

function refused(code: PasswordChangeError['code'], detail: string): PasswordChangeError {
  return new PasswordChangeError(code, { provider: 'cognito', detail });
}
