import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { PasswordChangeError } from '@password-gateway/errors';
import { CognitoJwtVerifier } from 'aws-jwt-verify/cognito-verifier';
import { JwtExpiredError, JwtInvalidSignatureAlgorithmError } from 'aws-jwt-verify/error';

import { GatewayConfig } from '../config/config.js';
import {
  type CognitoIdentity,
  expiryOf,
  readIssuer,
  readUnverifiedToken,
  REQUIRED_SCOPE,
  tokenRefusal,
} from './access-token.js';
import { PoolKeys } from './pool-keys.js';
import { REMEMBER_MS } from '../ledger/ledger.js';

/**
 * How long a token that has expired is still verified: what the ledger remembers is told to its owner as long as it is
 * remembered. Nothing is sent with it.
 */
const EXPIRED_FOR_SECONDS = REMEMBER_MS / 1000;

/** Verifies access tokens of the configured pools, before anything goes upstream. */
@Injectable()
export class AccessTokenVerifier implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly verifier;
  private readonly keys: PoolKeys;
  /** Pools whose keys have not been fetched yet. */
  private readonly cold: Set<string>;

  /** @param config for pools and regions */
  constructor(private readonly config: GatewayConfig) {
    const pools = config.cognito.userPoolIds.map((userPoolId) => ({
      userPoolId,
      tokenUse: 'access' as const,
      // Any application client of an allowed pool may change its user's password, as in Cognito itself.
      clientId: null,
      scope: REQUIRED_SCOPE,
      graceSeconds: EXPIRED_FOR_SECONDS,
      customJwtCheck: ({ header, payload }: { header: { alg?: string }; payload: { exp?: number } }) => {
        if (header.alg !== 'RS256') throw new JwtInvalidSignatureAlgorithmError('', header.alg, 'RS256');
        // The verifier takes a token without an end for one that never ends.
        if (payload.exp === undefined) throw new JwtExpiredError('', payload.exp, 'a time');
      },
    }));
    this.keys = new PoolKeys(config.cognito.endpoint);
    this.cold = new Set(config.cognito.userPoolIds);
    this.verifier = pools.length > 0 ? CognitoJwtVerifier.create(pools, { jwksCache: this.keys }) : undefined;
  }

  /** Fetches the keys, so that the first change does not wait for them. Failing is no reason not to start. */
  onApplicationBootstrap(): void {
    void this.ready();
  }

  /** Closes what keys were fetched over. */
  async onApplicationShutdown(): Promise<void> {
    await this.keys.close();
  }

  /** Whether the keys of every configured pool are there. */
  async ready(): Promise<boolean> {
    const fetched = [...this.cold].map(async (poolId) => {
      await this.keys.fetchPool(poolId);
      this.cold.delete(poolId);
    });
    await Promise.allSettled(fetched);
    return this.cold.size === 0;
  }

  /**
   * Verifies a token: signature, `token_use`, `exp`, scope and pool. With any pool allowed, everything but the signature.
   * That it has expired within a day is returned, not thrown.
   *
   * @throws PasswordChangeError a `credential_…` code, `scope_insufficient`, `pool_not_allowed`, or
   * `upstream_unavailable` while the keys cannot be fetched
   */
  async verify(token: string): Promise<CognitoIdentity> {
    const { allowAnyPool, regions } = this.config.cognito;
    if (allowAnyPool) return readUnverifiedToken(token, regions, new Date());
    if (this.verifier === undefined)
      throw new PasswordChangeError('pool_not_allowed', { provider: 'cognito' });
    try {
      const payload = await this.verifier.verify(token);
      const { sub, iss } = payload;
      const issuer = readIssuer(iss);
      if (issuer === undefined) throw new Error('the verifier accepted a foreign issuer');
      return { sub, ...issuer, proven: true, expired: expiryOf(payload, new Date()) };
    } catch (error) {
      throw tokenRefusal(token, error);
    }
  }
}
