import { randomBytes, randomUUID, sign } from 'node:crypto';
import type { SigningKey } from './signing-keys.js';
import type { PoolUser, UserPool } from './user-pool.js';

/** The scope that Cognito wants for every operation of a signed-in user. */
export const ADMIN_SCOPE = 'aws.cognito.signin.user.admin';

/** The three tokens of a sign-in. */
export interface IssuedTokens {
  /** A JWT with `token_use` `access`. */
  readonly accessToken: string;
  /** A JWT with `token_use` `id`. */
  readonly idToken: string;
  /** Opaque, as in Cognito. */
  readonly refreshToken: string;
}

/** What may be odd about tokens. */
export interface IssueTokensOptions {
  /** Space-separated scopes of the access token; default `aws.cognito.signin.user.admin`. */
  readonly scope?: string | undefined;
  /** Lifetime, default 3600; negative: expired since so many seconds. */
  readonly expiresInSeconds?: number | undefined;
  /** App client id; default the pool's first. */
  readonly clientId?: string | undefined;
  /** Key id in the header, whichever key signs; default the signing key's own. */
  readonly kid?: string | undefined;
  /** Claims of the access token to replace or add; undefined removes one. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** Header members of the access token to replace or add; undefined removes one. */
  readonly header?: Readonly<Record<string, unknown>> | undefined;
}

/** Makes a signed JWT (RS256, compact form) of exactly this header and payload. */
export function signJwt(key: SigningKey, header: object, payload: object): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${sign('RSA-SHA256', Buffer.from(input), key.privateKey).toString('base64url')}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** Issues tokens with the claims of Cognito's own ("Understanding the access token" in the developer guide). */
export function issueTokens(
  pool: UserPool,
  user: PoolUser,
  now: Date,
  options: IssueTokensOptions = {},
): IssuedTokens {
  const lifetime = options.expiresInSeconds ?? 3600;
  const nowSeconds = Math.floor(now.getTime() / 1000);
  const exp = nowSeconds + lifetime;
  // An expired token was issued before it ended.
  const iat = lifetime > 0 ? nowSeconds : exp - 3600;
  const clientId = options.clientId ?? pool.clientIds[0] ?? '';
  const originJti = randomUUID();
  const shared = {
    sub: user.sub,
    iss: pool.issuer,
    origin_jti: originJti,
    event_id: randomUUID(),
    auth_time: iat,
    exp,
    iat,
  };
  const access = {
    ...shared,
    client_id: clientId,
    token_use: 'access',
    scope: options.scope ?? ADMIN_SCOPE,
    jti: randomUUID(),
    username: user.username,
    ...options.claims,
  };
  const id = {
    ...shared,
    email_verified: true,
    'cognito:username': user.username,
    aud: clientId,
    token_use: 'id',
    jti: randomUUID(),
    email: user.email,
  };
  const key = pool.keys.current;
  const header = { kid: options.kid ?? key.kid, alg: 'RS256' };
  user.addSignIn(originJti);
  return {
    accessToken: signJwt(key, { ...header, ...options.header }, access),
    idToken: signJwt(key, header, id),
    refreshToken: `eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ.${randomBytes(96).toString('base64url')}`,
  };
}
