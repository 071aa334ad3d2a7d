import { PasswordChangeError, type ProblemCode } from '@password-gateway/errors';
import {
  CognitoJwtInvalidTokenUseError,
  JwtExpiredError,
  JwtInvalidScopeError,
  JwtParseError,
  ParameterValidationError,
} from 'aws-jwt-verify/error';
import { decomposeUnverifiedJwt } from 'aws-jwt-verify/jwt';

import { POOL_ID } from '../config/environment.js';

/** The scope that ChangePassword needs. Source: Amazon Cognito API reference, ChangePassword. */
export const REQUIRED_SCOPE = 'aws.cognito.signin.user.admin';

/** The user behind an access token. */
export interface CognitoIdentity {
  readonly sub: string;
  readonly poolId: string;
  readonly region: string;
  /** Whether the token's signature was verified; not so with any pool allowed. */
  readonly proven: boolean;
  /** What an expired token is refused with. */
  readonly expired?: PasswordChangeError | undefined;
}

/** A UUID as Cognito makes them; wider, but no text that an unverified token could write into the audit. */
const SUB = /^[\w:-]{1,128}$/;

/** Cognito's two issuer forms. `iss` is never used as a URL: only region and pool id are taken out of it. */
const ISSUER =
  /^https:\/\/(?:issuer-)?cognito-idp\.(?<region>[a-z0-9-]+)\.amazonaws\.com\/(?<poolId>[\w-]+)$/;

/**
 * Region and pool id out of an issuer.
 *
 * @returns `undefined` when it is not an issuer of Amazon Cognito
 */
export function readIssuer(
  issuer: unknown,
): { readonly region: string; readonly poolId: string } | undefined {
  if (typeof issuer !== 'string') return undefined;
  const { region = '', poolId = '' } = ISSUER.exec(issuer)?.groups ?? {};
  return POOL_ID.exec(poolId)?.groups?.['region'] === region ? { region, poolId } : undefined;
}

/**
 * What a token's verifier refused, in the words of the taxonomy.
 *
 * @param token the refused token
 * @param error what aws-jwt-verify threw
 */
export function tokenRefusal(token: string, error: unknown): PasswordChangeError {
  if (error instanceof PasswordChangeError) return error;
  if (error instanceof JwtExpiredError) return refusedToken('credential_expired');
  if (error instanceof JwtParseError) return refusedToken('credential_malformed', NOT_A_JWT);
  if (error instanceof CognitoJwtInvalidTokenUseError || isIdToken(token, error))
    return refusedToken('credential_invalid', NOT_AN_ACCESS_TOKEN);
  if (error instanceof JwtInvalidScopeError) return refusedToken('scope_insufficient');
  if (error instanceof ParameterValidationError) {
    return readIssuer(decomposeUnverifiedJwt(token).payload.iss)
      ? refusedToken('pool_not_allowed')
      : refusedToken('credential_invalid', NOT_COGNITO);
  }
  return refusedToken('credential_invalid');
}

/** The verifier looks at the scope before `token_use`, and ID tokens have none. */
function isIdToken(token: string, error: unknown): boolean {
  return (
    error instanceof JwtInvalidScopeError && decomposeUnverifiedJwt(token).payload['token_use'] !== 'access'
  );
}

/**
 * Checks what a token says of itself, without its signature: for gateways that allow any pool, where only Amazon
 * Cognito judges the signature.
 *
 * @param token the access token
 * @param regions regions that a token may come from
 * @param now the time to judge `exp` by
 * @throws PasswordChangeError as {@link tokenRefusal}; that the token has expired is returned
 */
export function readUnverifiedToken(token: string, regions: readonly string[], now: Date): CognitoIdentity {
  const { header, payload } = decompose(token);
  if (header.alg !== 'RS256') throw refusedToken('credential_invalid');
  const issuer = readIssuer(payload.iss);
  if (issuer === undefined) throw refusedToken('credential_invalid', NOT_COGNITO);
  if (!regions.includes(issuer.region)) throw refusedToken('pool_not_allowed');
  if (payload['token_use'] !== 'access') throw refusedToken('credential_invalid', NOT_AN_ACCESS_TOKEN);
  const expired = expiryOf(payload, now);
  if (!(payload.scope ?? '').split(' ').includes(REQUIRED_SCOPE)) {
    throw expired ?? refusedToken('scope_insufficient');
  }
  const { sub } = payload;
  if (sub === undefined || !SUB.test(sub)) throw refusedToken('credential_invalid');
  return { sub, ...issuer, proven: false, expired };
}

/**
 * What a token is refused with that has expired, or that has no end at all; undefined for any other.
 *
 * @param payload its claims
 * @param now the time to judge by
 */
export function expiryOf({ exp }: { readonly exp?: unknown }, now: Date): PasswordChangeError | undefined {
  const isValid = typeof exp === 'number' && exp * 1000 > now.getTime();
  return isValid ? undefined : refusedToken('credential_expired');
}

function decompose(token: string): ReturnType<typeof decomposeUnverifiedJwt> {
  try {
    return decomposeUnverifiedJwt(token);
  } catch {
    throw refusedToken('credential_malformed', NOT_A_JWT);
  }
}

const NOT_A_JWT = 'The Bearer token is not a JSON Web Token.';
const NOT_AN_ACCESS_TOKEN = 'This is not an access token. Send the access token, not the ID token.';
const NOT_COGNITO = 'The token was not issued by Amazon Cognito.';

function refusedToken(code: ProblemCode, detail?: string): PasswordChangeError {
  return new PasswordChangeError(code, { provider: 'cognito', ...(detail !== undefined && { detail }) });
}
