import type { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';

import type { RedisConnection } from './redis-connection.js';

/** A point that is held for a call in flight. */
export interface Reserved {
  /** Points of the key that are held now, this one included. */
  readonly points: number;
  /** Gives the point back. Never rejects: what AWS has answered must reach the caller. */
  readonly release: () => Promise<void>;
}

/** Each hold ends by itself, for the sake of a process that was killed; Redis's clock is the one that replicas share. */
const HOLD = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[2]), ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('ZCARD', KEYS[1])`;

/** Points that calls in flight hold: those of this process, and with Redis those of all replicas. */
export class Reservations {
  private readonly own = new Map<string, number>();
  private readonly redis: Redis | undefined;

  /**
   * @param keyPrefix of the keys in Redis
   * @param holdMs how long a process that was killed holds its points; longer than a call
   * @param redis shared by replicas when configured
   * @param hidden what Redis gets to see of a key
   */
  constructor(
    private readonly keyPrefix: string,
    private readonly holdMs: number,
    redis: RedisConnection,
    private readonly hidden: (key: string) => string,
  ) {
    this.redis = redis.client;
  }

  /** Holds a point. */
  hold(key: string): Promise<Reserved> {
    const points = this.add(key, 1);
    if (this.redis) return this.holdInRedis(this.redis, key, points);
    const release = (): Promise<void> => {
      this.add(key, -1);
      return Promise.resolve();
    };
    return Promise.resolve({ points, release });
  }

  private async holdInRedis(redis: Redis, key: string, here: number): Promise<Reserved> {
    const id = randomUUID();
    const name = `${this.keyPrefix}:${this.hidden(key)}`;
    // While Redis is away each process counts for itself.
    const there = await redis.eval(HOLD, 1, name, id, this.holdMs).catch(() => 0);
    return {
      points: Math.max(here, Number(there)),
      release: async () => {
        this.add(key, -1);
        await redis.zrem(name, id).catch(() => 0);
      },
    };
  }

  private add(key: string, points: 1 | -1): number {
    const held = (this.own.get(key) ?? 0) + points;
    if (held > 0) this.own.set(key, held);
    else this.own.delete(key);
    return held;
  }
}
