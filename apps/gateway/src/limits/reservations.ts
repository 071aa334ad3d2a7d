import { RateLimiterRedis } from 'rate-limiter-flexible';

import type { RedisConnection } from './redis-connection.js';

/** A point that is held for a call in flight. */
export interface Reserved {
  /** Points of the key that are held now, this one included. */
  readonly points: number;
  /** Gives the point back. Never rejects: what AWS has answered must reach the caller. */
  readonly release: () => Promise<void>;
}

/**
 * Points that calls in flight hold: exactly those of this process, and with Redis those of all replicas as well as they can
 * be told.
 */
export class Reservations {
  private readonly own = new Map<string, number>();
  private readonly shared: RateLimiterRedis | undefined;

  /**
   * @param keyPrefix of the keys in Redis
   * @param seconds how long Redis holds points of a process that was killed; longer than a call
   * @param redis shared by replicas when configured
   */
  constructor(keyPrefix: string, seconds: number, redis: RedisConnection) {
    this.shared =
      redis.client &&
      new RateLimiterRedis({
        keyPrefix,
        // Counted, never compared here.
        points: 1,
        duration: seconds,
        storeClient: redis.client,
        rejectIfRedisNotReady: true,
      });
  }

  /** Holds a point. */
  async hold(key: string): Promise<Reserved> {
    const here = this.add(key, 1);
    const there = await this.shared?.penalty(key).catch(() => undefined);
    const expiresAt = Date.now() + (there?.msBeforeNext ?? 0);
    return {
      points: Math.max(here, there?.consumedPoints ?? 0),
      release: async () => {
        this.add(key, -1);
        // What Redis did not take, or has forgotten since, must not be given back there: it would be owed to nobody.
        if (there !== undefined && Date.now() < expiresAt) await this.giveBack(key);
      },
    };
  }

  private add(key: string, points: 1 | -1): number {
    const held = (this.own.get(key) ?? 0) + points;
    if (held > 0) this.own.set(key, held);
    else this.own.delete(key);
    return held;
  }

  private async giveBack(key: string): Promise<void> {
    try {
      const left = await this.shared?.reward(key);
      // Redis was restarted empty in the meantime.
      if (left !== undefined && left.consumedPoints < 0) await this.shared?.delete(key);
    } catch {
      // It ends by itself.
    }
  }
}
