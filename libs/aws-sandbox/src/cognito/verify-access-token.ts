import { verify } from 'node:crypto';
import { cognitoError } from './errors.js';
import { ADMIN_SCOPE } from './tokens.js';
import type { PoolDirectory, PoolUser, UserPool } from './user-pool.js';

const ISSUER = /^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/([\w-]+_[0-9a-zA-Z]+)$/u;

/** Whose token it is. */
export interface TokenOwner {
  readonly pool: UserPool;
  readonly user: PoolUser;
}

interface DecodedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signed: string;
  readonly signature: string;
}

/**
 * Checks an access token as Cognito does for the operations of a signed-in user.
 *
 * @throws AwsError `NotAuthorizedException` with Cognito's text for what is wrong, `ResourceNotFoundException` for a
 *   deleted pool, `UserNotFoundException` for a deleted user
 */
export function verifyAccessToken(pools: PoolDirectory, token: string, now: Date): TokenOwner {
  const { header, claims, signed, signature } = decode(token);
  const pool = pools.find(poolIdOf(claims['iss']));
  const { kid, alg } = header;
  const key = typeof kid === 'string' && alg === 'RS256' ? pool?.keys.find(kid) : undefined;
  if (
    !pool ||
    !key ||
    claims['iss'] !== pool.issuer ||
    !verify('RSA-SHA256', Buffer.from(signed), key.publicKey, Buffer.from(signature, 'base64url')) ||
    claims['token_use'] !== 'access'
  ) {
    throw invalidToken();
  }
  const { exp, iat, username, scope } = claims;
  if (typeof exp !== 'number' || typeof iat !== 'number') throw invalidToken();
  if (exp * 1000 <= now.getTime()) throw cognitoError('NotAuthorizedException', 'Access Token has expired');
  if (pool.deleted) {
    throw cognitoError('ResourceNotFoundException', `User pool ${pool.id} does not exist.`);
  }
  const user = typeof username === 'string' ? pool.users.get(username) : undefined;
  if (user?.sub !== claims['sub'] || !user) throw cognitoError('UserNotFoundException');
  if (user.isRevoked(claims['origin_jti'], iat)) {
    throw cognitoError('NotAuthorizedException', 'Access Token has been revoked');
  }
  if (typeof scope !== 'string' || !scope.split(' ').includes(ADMIN_SCOPE)) {
    throw cognitoError('NotAuthorizedException', 'Access Token does not have required scopes');
  }
  return { pool, user };
}

function poolIdOf(issuer: unknown): string {
  return typeof issuer === 'string' ? (ISSUER.exec(issuer)?.[1] ?? '') : '';
}

function decode(token: string): DecodedToken {
  const [head = '', payload = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0 || signature === '') throw invalidToken();
  return {
    header: decodePart(head),
    claims: decodePart(payload),
    signed: `${head}.${payload}`,
    signature,
  };
}

function decodePart(part: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Not JSON: refused below like every other broken token.
  }
  throw invalidToken();
}

function invalidToken(): Error {
  return cognitoError('NotAuthorizedException', 'Invalid Access Token');
}
