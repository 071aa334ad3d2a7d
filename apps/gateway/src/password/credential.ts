import { PasswordChangeError } from '@password-gateway/errors';
import type { SignedIamForm, SignedIamRequest } from '@password-gateway/provider-iam';
import { cognitoAccessTokenViolations, SIGV4_ALGORITHM } from '@password-gateway/validators';
import type { IncomingHttpHeaders } from 'node:http';

/** The caller's credential, by its form; it picks the provider. */
export type Credential = AccessTokenCredential | SignedRequestCredential;

/** An Amazon Cognito access token. */
export interface AccessTokenCredential {
  readonly provider: 'cognito';
  readonly accessToken: string;
  /** `User-Agent` of an AWS client, when one made the request. */
  readonly userAgent?: string | undefined;
}

/** The caller's signature of an IAM ChangePassword request. */
export interface SignedRequestCredential {
  readonly provider: 'iam';
  readonly signedRequest: SignedIamRequest;
  /** The native request, when an AWS client made it. */
  readonly form?: SignedIamForm;
}

const BEARER = /^Bearer +(\S+)$/i;

/**
 * Reads the credential out of the headers, by form alone.
 *
 * @param headers the request headers; none of those read here came twice
 * @throws PasswordChangeError `credential_missing` or `credential_malformed`
 */
export function readCredential(headers: IncomingHttpHeaders): Credential {
  const { authorization } = headers;
  if (authorization === undefined || authorization === '')
    throw new PasswordChangeError('credential_missing');
  return /^AWS/i.test(authorization)
    ? signedIamRequest(authorization, headers)
    : accessToken(authorization, headers);
}

function accessToken(authorization: string, headers: IncomingHttpHeaders): Credential {
  const [, token] = BEARER.exec(authorization) ?? [];
  if (token === undefined || cognitoAccessTokenViolations(token).length > 0) {
    throw new PasswordChangeError('credential_malformed', {
      detail:
        'Authorization must read: Bearer and one Cognito access token, or an AWS4-HMAC-SHA256 signature.',
    });
  }
  if (headers['x-amz-date'] !== undefined || headers['x-amz-security-token'] !== undefined) {
    throw new PasswordChangeError('credential_malformed', {
      detail: 'Two credentials were sent: a Bearer token, and headers of a signed IAM request.',
    });
  }
  return { provider: 'cognito', accessToken: token };
}

function signedIamRequest(authorization: string, headers: IncomingHttpHeaders): Credential {
  const date = single(headers['x-amz-date']);
  if (date === undefined) {
    throw new PasswordChangeError('credential_malformed', {
      provider: 'iam',
      detail: `${SIGV4_ALGORITHM} needs the header X-Amz-Date, as it was signed; Date does not stand in for it.`,
    });
  }
  const token = single(headers['x-amz-security-token']);
  const contentHash = single(headers['x-amz-content-sha256']);
  return {
    provider: 'iam',
    signedRequest: {
      Authorization: authorization,
      'X-Amz-Date': date,
      ...(token !== undefined && { 'X-Amz-Security-Token': token }),
      ...(contentHash !== undefined && { 'X-Amz-Content-Sha256': contentHash }),
    },
  };
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
