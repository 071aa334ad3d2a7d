import type { Answer } from '../service.js';
import { toJwk } from './signing-keys.js';
import type { PoolDirectory } from './user-pool.js';

/** The public documents of the pools: token keys (JWKS) and OpenID configuration. */
export class PoolDocuments {
  /** How often token keys were asked for, failures included. */
  fetches = 0;
  /** While true, the token keys endpoint answers 500. */
  failing = false;

  constructor(private readonly pools: PoolDirectory) {}

  /** The answer to `GET /<poolId>/.well-known/jwks.json`. */
  jwks(poolId: string): Answer {
    if (this.failing) return document(500, { message: 'Internal server error' });
    const pool = this.pools.find(poolId);
    if (!pool || pool.deleted) return notFound(poolId);
    return document(200, { keys: pool.keys.all.map(toJwk) });
  }

  /** The answer to `GET /<poolId>/.well-known/openid-configuration`, with Cognito's own addresses. */
  openIdConfiguration(poolId: string): Answer {
    const pool = this.pools.find(poolId);
    if (!pool || pool.deleted) return notFound(poolId);
    return document(200, {
      id_token_signing_alg_values_supported: ['RS256'],
      issuer: pool.issuer,
      jwks_uri: `${pool.issuer}/.well-known/jwks.json`,
      response_types_supported: ['code', 'token'],
      scopes_supported: ['openid', 'email', 'phone', 'profile'],
      subject_types_supported: ['public'],
    });
  }
}

function notFound(poolId: string): Answer {
  return document(404, { message: `User pool ${poolId} does not exist.` });
}

function document(status: number, body: object): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
