import { PasswordChangeError } from '@password-gateway/errors';
import { isRelayable, readChangePasswordForm, RELAYED_HEADERS } from '@password-gateway/provider-iam';
import { parseSigV4Authorization } from '@password-gateway/validators';
import type { IncomingMessage } from 'node:http';

import { readCredential, type SignedRequestCredential } from '../password/credential.js';
import type { Dialect } from './dialect.js';
import { iamErrorName } from './native-errors.js';
import { nativeIdempotencyKey } from './native-idempotency-key.js';
import { nativeMessage } from './native-message.js';

const TYPE = 'text/xml';

const XMLNS = 'https://iam.amazonaws.com/doc/2010-05-08/';

const MEMBERS = { '/currentPassword': 'OldPassword', '/newPassword': 'NewPassword' };

/**
 * AWS IAM's own dialect (AWS Query), as its SDKs and the AWS CLI speak it: the bytes that were signed are relayed as they
 * came.
 *
 * Source: AWS IAM API reference, ChangePassword.
 */
export const IAM_QUERY_DIALECT: Dialect = {
  read: (raw, body) => {
    if (typeof body !== 'string')
      throw new PasswordChangeError('media_type_unsupported', { provider: 'iam' });
    const { currentPassword, newPassword } = readChangePasswordForm(body);
    const credential = readCredential(raw.headers);
    if (credential.provider !== 'iam') {
      throw new PasswordChangeError('credential_malformed', {
        provider: 'iam',
        detail: 'An IAM request is authorised by an AWS4-HMAC-SHA256 signature.',
      });
    }
    return {
      credential: withForm(credential, raw, body),
      fields: () => ({ currentPassword, newPassword }),
      idempotencyKey: () => nativeIdempotencyKey(raw.headers),
    };
  },
  changed: ({ upstreamRequestId }, requestId) => {
    const id = upstreamRequestId ?? requestId;
    return {
      status: 200,
      headers: { 'Content-Type': TYPE, 'x-amzn-RequestId': id },
      body: `<ChangePasswordResponse xmlns="${XMLNS}"><ResponseMetadata><RequestId>${escapeXml(id)}</RequestId></ResponseMetadata></ChangePasswordResponse>`,
    };
  },
  problem: (error, requestId) => {
    const { name, status } = iamErrorName(error);
    const id = error.upstream?.requestId ?? requestId;
    return {
      status,
      headers: { 'Content-Type': TYPE, 'x-amzn-RequestId': id, 'X-Problem-Code': error.code },
      body: `<ErrorResponse xmlns="${XMLNS}"><Error><Type>Sender</Type><Code>${escapeXml(name)}</Code><Message>${escapeXml(nativeMessage(error, MEMBERS))}</Message></Error><RequestId>${escapeXml(id)}</RequestId></ErrorResponse>`,
    };
  },
};

/** The headers that a client may have signed beside the credential, each once, as they came. */
function withForm(
  credential: SignedRequestCredential,
  raw: IncomingMessage,
  body: string,
): SignedRequestCredential {
  const authorization = parseSigV4Authorization(credential.signedRequest.Authorization);
  const signed = typeof authorization === 'string' ? [] : authorization.signedHeaders;
  const relayed = new Set([...RELAYED_HEADERS, ...signed.filter(isRelayable)]);
  const headers: Record<string, string> = {};
  for (let index = 0; index < raw.rawHeaders.length; index += 2) {
    const name = (raw.rawHeaders[index] ?? '').toLowerCase();
    if (!relayed.has(name)) continue;
    if (Object.hasOwn(headers, name)) {
      throw new PasswordChangeError('credential_malformed', {
        provider: 'iam',
        detail: `The header ${name} was sent more than once.`,
      });
    }
    headers[name] = raw.rawHeaders[index + 1] ?? '';
  }
  return {
    ...credential,
    form: { body, headers, host: raw.headers.host, userAgent: raw.headers['user-agent'] },
  };
}

function escapeXml(text: string): string {
  return text.replace(/[<>&'"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
