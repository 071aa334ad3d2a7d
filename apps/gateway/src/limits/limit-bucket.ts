import { PasswordChangeError } from '@password-gateway/errors';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';

import type { Limit } from '../config/config.js';
import type { RedisConnection } from './redis-connection.js';

/** How much of a limit is left. */
export interface LimitState {
  readonly name: 'address' | 'identity';
  readonly limit: Limit;
  readonly remaining: number;
  /** Seconds until the bucket is full again; undefined while it is full. */
  readonly resetSeconds: number | undefined;
}

/** `rate_limited`, with the state of the limit for the headers. */
export class RateLimited extends PasswordChangeError {
  /** @param retryAfterSeconds until another try makes sense */
  constructor(
    retryAfterSeconds: number,
    readonly limitState: LimitState,
  ) {
    super('rate_limited', { retryAfterSeconds });
  }
}

/** A point that is held for a call in flight. */
export interface Reservation {
  readonly state: LimitState;
  readonly release: () => Promise<void>;
}

/** When only calls in flight stand in the way, they are gone soon. */
const RETRY_AFTER_FLIGHT_SECONDS = 1;

/**
 * One named limit: points that are charged for a fixed time, and points that calls in flight have reserved. The two are
 * counted apart, so that `Retry-After` is exact: charged points come back when their time is over, reserved ones when
 * the calls end.
 */
export class LimitBucket {
  private readonly charged: RateLimiterAbstract;
  private readonly reserved: RateLimiterAbstract;

  /**
   * @param name of the limit, in headers and keys
   * @param limit points and seconds
   * @param callMs how long a call may take: so long a killed process holds its reservations
   * @param redis shared by replicas when configured; each process counts for itself while it is away
   */
  constructor(
    private readonly name: LimitState['name'],
    private readonly limit: Limit,
    callMs: number,
    redis: RedisConnection,
  ) {
    this.charged = limiter(`pgw:limit:${name}`, limit, redis);
    this.reserved = limiter(
      `pgw:reserved:${name}`,
      // A window ends in the middle of calls that began late in it, so it is twice as long as a call.
      { points: limit.points, seconds: Math.ceil((2 * callMs) / 1000) },
      redis,
    );
  }

  /** @throws RateLimited when all points are charged */
  async check(key: string): Promise<LimitState> {
    const state = await this.chargedState(key);
    if (state.remaining <= 0) throw this.exceeded(state);
    return state;
  }

  /**
   * Reserves a point for a call, before it is made.
   *
   * @returns the state of the limit, and a function that gives the point back; it never rejects, because what AWS has
   * answered must reach the caller
   * @throws RateLimited when charged and reserved points together are all there are
   */
  async reserve(key: string): Promise<Reservation> {
    // First the reservation, then the look: of two that come together at least one sees the other.
    const { consumedPoints, msBeforeNext } = await this.reserved.penalty(key);
    const expiresAt = Date.now() + msBeforeNext;
    const release = async (): Promise<void> => {
      // What has expired is back already; giving it back twice would let more calls through later.
      if (Date.now() < expiresAt) await this.reserved.reward(key).catch(() => undefined);
    };
    const state = await this.chargedState(key);
    if (state.remaining >= Math.max(1, consumedPoints)) return { state, release };
    await release();
    throw this.exceeded(state);
  }

  /** Charges a point. Never rejects: what AWS has answered must reach the caller. */
  async charge(key: string): Promise<LimitState | undefined> {
    const state = await this.charged.penalty(key).catch(() => undefined);
    return state && this.state(state.consumedPoints, state.msBeforeNext);
  }

  private async chargedState(key: string): Promise<LimitState> {
    const state = await this.charged.get(key);
    return this.state(state?.consumedPoints ?? 0, state?.msBeforeNext ?? 0);
  }

  private state(charged: number, msBeforeNext: number): LimitState {
    return {
      name: this.name,
      limit: this.limit,
      remaining: Math.max(0, this.limit.points - charged),
      resetSeconds: charged > 0 ? Math.max(1, Math.ceil(msBeforeNext / 1000)) : undefined,
    };
  }

  private exceeded(state: LimitState): RateLimited {
    const retryAfter = state.remaining > 0 ? RETRY_AFTER_FLIGHT_SECONDS : state.resetSeconds;
    return new RateLimited(retryAfter ?? RETRY_AFTER_FLIGHT_SECONDS, state);
  }
}

function limiter(keyPrefix: string, { points, seconds }: Limit, redis: RedisConnection): RateLimiterAbstract {
  const options = { points, duration: seconds, keyPrefix };
  const memory = new RateLimiterMemory(options);
  if (redis.client === undefined) return memory;
  return new RateLimiterRedis({
    ...options,
    storeClient: redis.client,
    rejectIfRedisNotReady: true,
    insuranceLimiter: memory,
  });
}
