import { Injectable } from '@nestjs/common';
import { PasswordChangeError, type ProviderName } from '@password-gateway/errors';

import { Charges } from './charges.js';
import { KeyedHash } from './keyed-hash.js';
import { RedisConnection } from './redis-connection.js';

/** Far more than anybody changes a password in a day, and far fewer than a store holds. */
const QUOTA = { points: 1_000, seconds: 24 * 60 * 60 };

/** How many idempotency keys one caller may leave behind, so that nobody fills the store for all. */
@Injectable()
export class KeyQuota {
  private readonly charges: Charges;

  /** Counts in this process, or in Redis when configured. */
  constructor(
    redis: RedisConnection,
    private readonly hash: KeyedHash,
  ) {
    this.charges = new Charges('pgw:keys', QUOTA, redis, (key) => key);
  }

  /**
   * Refuses a caller who has used too many keys; a key that was used before is not asked about.
   *
   * @throws PasswordChangeError `idempotency_unavailable`
   */
  async check(provider: ProviderName, caller: string): Promise<void> {
    const { points, msLeft } = await this.charges.of(this.key(provider, caller));
    if (points < QUOTA.points) return;
    throw new PasswordChangeError('idempotency_unavailable', {
      provider,
      detail: `You have used ${QUOTA.points} idempotency keys within 24 hours, and nothing was sent. Send the request without Idempotency-Key, or later.`,
      retryAfterSeconds: Math.max(1, Math.ceil(msLeft / 1000)),
    });
  }

  /** Counts a key whose answer is kept. */
  async charge(provider: ProviderName, caller: string): Promise<void> {
    await this.charges.add(this.key(provider, caller));
  }

  /** Hashed in this process too: the caller may be a whole access token. */
  private key(provider: ProviderName, caller: string): string {
    return this.hash.of('keys', provider, caller);
  }
}
