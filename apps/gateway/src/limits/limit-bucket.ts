import { PasswordChangeError } from '@password-gateway/errors';

import type { Limit } from '../config/config.js';
import { Charges, type Charged } from './charges.js';
import type { KeyedHash } from './keyed-hash.js';
import type { RedisConnection } from './redis-connection.js';
import { Reservations, type Reserved } from './reservations.js';

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
export interface Reservation extends Pick<Reserved, 'release'> {
  readonly state: LimitState;
}

/** A call takes its deadline and a little more. */
const HOLD_MARGIN_MS = 1_000;

/** When only calls in flight stand in the way, they are gone soon. */
const RETRY_AFTER_FLIGHT_SECONDS = 1;

/**
 * One named limit: points that are charged for a fixed time, and points that calls in flight have reserved. The two are
 * counted apart, so that `Retry-After` is exact: charged points come back when their time is over, reserved ones when
 * the calls end.
 */
export class LimitBucket {
  private readonly charges: Charges;
  private readonly reservations: Reservations;

  /**
   * @param name of the limit, in headers and keys
   * @param limit points and seconds
   * @param callMs how long a call may take: so long a killed process holds its reservations
   * @param redis shared by replicas when configured; each process counts for itself while it is away
   * @param hash hides the keys from Redis
   */
  constructor(
    private readonly name: LimitState['name'],
    private readonly limit: Limit,
    callMs: number,
    redis: RedisConnection,
    hash: KeyedHash,
  ) {
    const hidden = (key: string): string => hash.of(name, key);
    this.charges = new Charges(`pgw:limit:${name}`, limit, redis, hidden);
    this.reservations = new Reservations(`pgw:reserved:${name}`, callMs + HOLD_MARGIN_MS, redis, hidden);
  }

  /** @throws RateLimited when all points are charged */
  check(key: string): Promise<LimitState> {
    return this.charges.of(key).then((charged) => {
      const state = this.state(charged);
      if (state.remaining <= 0) throw this.exceeded(state);
      return state;
    });
  }

  /**
   * Reserves a point for a call, before it is made.
   *
   * @param key whose charges count
   * @param holder whose calls in flight count; the key itself, or a part of it
   * @returns the state of the limit, and a function that gives the point back
   * @throws RateLimited when charged and reserved points together are all there are
   */
  async reserve(key: string, holder: string): Promise<Reservation> {
    // First the reservation, then the look: of two that come together at least one sees the other.
    const { points, release } = await this.reservations.hold(holder);
    const state = this.state(await this.charges.of(key));
    if (state.remaining >= points) return { state, release };
    await release();
    throw this.exceeded(state);
  }

  /** Charges a point. Never rejects: what AWS has answered must reach the caller. */
  async charge(key: string): Promise<LimitState> {
    return this.state(await this.charges.add(key));
  }

  private state({ points, msLeft }: Charged): LimitState {
    return {
      name: this.name,
      limit: this.limit,
      remaining: Math.max(0, this.limit.points - points),
      resetSeconds: points > 0 ? Math.max(1, Math.ceil(msLeft / 1000)) : undefined,
    };
  }

  private exceeded(state: LimitState): RateLimited {
    const retryAfter = state.remaining > 0 ? RETRY_AFTER_FLIGHT_SECONDS : state.resetSeconds;
    return new RateLimited(retryAfter ?? RETRY_AFTER_FLIGHT_SECONDS, state);
  }
}
