import { Injectable } from '@nestjs/common';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  type RateLimiterRes,
} from 'rate-limiter-flexible';

import { GatewayConfig, type Limit } from '../config/config.js';
import { KeyedHash } from '../fingerprint/keyed-hash.js';
import { networkOf } from '../transport/client-address.js';
import { type LimitState, limitState, RateLimited } from './limit-state.js';
import { RedisConnection } from '../redis/redis-connection.js';

const KEY_PREFIX = 'pgw:limit:address';

/**
 * The limit of an address: how many credentials that prove nothing it may try. In Redis when configured, and in this process
 * what Redis does not take; both count, because a Redis in the middle of a failover may be read and not be written.
 */
@Injectable()
export class AddressLimit {
  private readonly limit: Limit | undefined;
  private readonly own: RateLimiterAbstract | undefined;
  private readonly shared: RateLimiterAbstract | undefined;

  /** @param config for points and seconds */
  constructor(
    config: GatewayConfig,
    redis: RedisConnection,
    private readonly hash: KeyedHash,
  ) {
    this.limit = config.limits.address;
    if (this.limit === undefined) return;
    const options = { points: this.limit.points, duration: this.limit.seconds, keyPrefix: KEY_PREFIX };
    this.own = new RateLimiterMemory(options);
    this.shared =
      redis.client &&
      new RateLimiterRedis({ ...options, storeClient: redis.client, rejectIfRedisNotReady: true });
  }

  /**
   * Refuses an address that has used up its points.
   *
   * @throws PasswordChangeError `rate_limited`
   */
  async check(address: string): Promise<LimitState | undefined> {
    if (this.limit === undefined) return undefined;
    const key = networkOf(address);
    const [own, shared] = await Promise.all([
      this.own?.get(key),
      this.shared?.get(this.hidden(key)).catch(() => null),
    ]);
    const state = this.state(this.limit, own, shared);
    if (state.remaining <= 0) throw new RateLimited(state.resetSeconds ?? 1, state);
    return state;
  }

  /** Charges a point. Never rejects: the answer must reach the caller. */
  async charge(address: string): Promise<LimitState | undefined> {
    if (this.limit === undefined) return undefined;
    const key = networkOf(address);
    const shared = await this.shared?.penalty(this.hidden(key)).catch(() => undefined);
    const own = shared === undefined ? await this.own?.penalty(copied(key)) : await this.own?.get(key);
    return this.state(this.limit, own, shared);
  }

  private state(
    limit: Limit,
    own: RateLimiterRes | null | undefined,
    shared: RateLimiterRes | null | undefined,
  ): LimitState {
    const points = (own?.consumedPoints ?? 0) + (shared?.consumedPoints ?? 0);
    return limitState('address', limit, points, Math.max(own?.msBeforeNext ?? 0, shared?.msBeforeNext ?? 0));
  }

  /** What Redis gets to see. */
  private hidden(network: string): string {
    return this.hash.of('address', network);
  }
}

/** What was cut out of a header would keep all of the header. */
function copied(text: string): string {
  return Buffer.from(text).toString();
}
