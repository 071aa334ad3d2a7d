import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  type RateLimiterRes,
} from 'rate-limiter-flexible';

import type { Limit } from '../config/config.js';
import type { RedisConnection } from './redis-connection.js';

/** Points that were charged to a key. */
export interface Charged {
  readonly points: number;
  /** Until they are gone, in milliseconds; 0 without any. */
  readonly msLeft: number;
}

/**
 * Points that stay charged for a fixed time: in Redis when configured, and in this process what Redis does not take. Both
 * count, because a Redis in the middle of a failover may be read and not be written.
 */
export class Charges {
  private readonly own: RateLimiterAbstract;
  private readonly shared: RateLimiterAbstract | undefined;

  /**
   * @param keyPrefix of the keys in Redis
   * @param limit how long points stay
   * @param redis shared by replicas when configured
   * @param hidden what Redis gets to see of a key
   */
  constructor(
    keyPrefix: string,
    { points, seconds }: Limit,
    redis: RedisConnection,
    private readonly hidden: (key: string) => string,
  ) {
    const options = { points, duration: seconds, keyPrefix };
    this.own = new RateLimiterMemory(options);
    this.shared =
      redis.client &&
      new RateLimiterRedis({ ...options, storeClient: redis.client, rejectIfRedisNotReady: true });
  }

  /** Charges a point. Never rejects: what AWS has answered must reach the caller. */
  async add(key: string): Promise<Charged> {
    const taken = await this.shared?.penalty(this.hidden(key)).catch(() => undefined);
    // A copy: what was cut out of a header would keep all of the header.
    if (taken === undefined) await this.own.penalty(Buffer.from(key).toString());
    return this.of(key);
  }

  /** What is charged. Never rejects. */
  of(key: string): Promise<Charged> {
    const own = this.own.get(key);
    if (this.shared === undefined) return own.then((inOwn) => together(inOwn, null));
    const shared = this.shared.get(this.hidden(key)).catch(() => null);
    return Promise.all([own, shared]).then(([inOwn, inShared]) => together(inOwn, inShared));
  }
}

/** Neither holds what the other has taken; at worst a point counts twice that Redis took and was slow to say so. */
function together(own: RateLimiterRes | null, shared: RateLimiterRes | null): Charged {
  return {
    points: (own?.consumedPoints ?? 0) + (shared?.consumedPoints ?? 0),
    msLeft: Math.max(own?.msBeforeNext ?? 0, shared?.msBeforeNext ?? 0),
  };
}
