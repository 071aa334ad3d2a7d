import { Injectable } from '@nestjs/common';
import { PasswordChangeError } from '@password-gateway/errors';
import ipaddr from 'ipaddr.js';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible';

import { GatewayConfig, type Limit } from '../config/config.js';
import { KeyedHash } from './keyed-hash.js';
import { RedisConnection } from './redis-connection.js';

/** How much of a limit is left. */
export interface LimitState {
  readonly name: 'address' | 'identity';
  readonly limit: Limit;
  readonly remaining: number;
  /** Seconds until the bucket is full again. */
  readonly resetSeconds: number;
}

/** One named limit, or none when it is off. */
class Bucket {
  private readonly limiter: RateLimiterAbstract | undefined;

  constructor(
    private readonly name: LimitState['name'],
    private readonly limit: Limit | undefined,
    redis: RedisConnection,
  ) {
    if (limit === undefined) return;
    const options = { points: limit.points, duration: limit.seconds, keyPrefix: `pgw:limit:${name}` };
    const memory = new RateLimiterMemory(options);
    this.limiter = redis.client
      ? new RateLimiterRedis({
          ...options,
          storeClient: redis.client,
          rejectIfRedisNotReady: true,
          insuranceLimiter: memory,
        })
      : memory;
  }

  /** @throws PasswordChangeError `rate_limited` when nothing is left */
  async check(key: string): Promise<LimitState | undefined> {
    const state = await this.limiter?.get(key);
    if (!state || this.limit === undefined) return undefined;
    if (state.consumedPoints >= this.limit.points) throw this.exceeded(state);
    return this.state(state);
  }

  /** @throws PasswordChangeError `rate_limited` when nothing is left */
  async take(key: string): Promise<LimitState | undefined> {
    try {
      const state = await this.limiter?.consume(key);
      return state && this.state(state);
    } catch (error) {
      if (error instanceof RateLimiterRes) throw this.exceeded(error);
      throw error;
    }
  }

  /** Never rejects: what AWS has answered must reach the caller. */
  async charge(key: string): Promise<LimitState | undefined> {
    const state = await this.limiter?.penalty(key).catch(() => undefined);
    return state && this.state(state);
  }

  /** Never rejects, as above. */
  async giveBack(key: string): Promise<void> {
    await this.limiter?.reward(key).catch(() => undefined);
  }

  private state({ consumedPoints, msBeforeNext }: RateLimiterRes): LimitState | undefined {
    if (this.limit === undefined) return undefined;
    const remaining = Math.max(0, this.limit.points - consumedPoints);
    return { name: this.name, limit: this.limit, remaining, resetSeconds: Math.ceil(msBeforeNext / 1000) };
  }

  private exceeded(state: RateLimiterRes): RateLimited {
    return new RateLimited(Math.max(1, Math.ceil(state.msBeforeNext / 1000)), this.state(state));
  }
}

/** `rate_limited`, with the state of the limit for the headers. */
export class RateLimited extends PasswordChangeError {
  /** @param retryAfterSeconds until the bucket is full again */
  constructor(
    retryAfterSeconds: number,
    readonly limitState: LimitState | undefined,
  ) {
    super('rate_limited', { retryAfterSeconds });
  }
}

/**
 * The gateway's own limits: attempts without a proven identity per address, and wrong passwords per proven identity. In
 * this process, or in Redis and then shared by replicas; while Redis is away, each process counts for itself.
 */
@Injectable()
export class RateLimits {
  private readonly addresses: Bucket;
  private readonly identities: Bucket;

  /** @param config for points and seconds */
  constructor(
    config: GatewayConfig,
    redis: RedisConnection,
    private readonly hash: KeyedHash,
  ) {
    this.addresses = new Bucket('address', config.limits.address, redis);
    this.identities = new Bucket('identity', config.limits.identity, redis);
  }

  /**
   * Refuses an address with too many attempts that proved no identity.
   *
   * @throws PasswordChangeError `rate_limited`
   */
  checkAddress(address: string): Promise<LimitState | undefined> {
    return this.addresses.check(this.addressKey(address));
  }

  /** Charges an attempt that ended without a proven identity. */
  chargeAddress(address: string): Promise<LimitState | undefined> {
    return this.addresses.charge(this.addressKey(address));
  }

  /**
   * Reserves a point of a proven identity before the call, so that parallel guesses cannot outrun the charge.
   *
   * @throws PasswordChangeError `rate_limited`
   */
  reserveIdentity(caller: string): Promise<LimitState | undefined> {
    return this.identities.take(this.identityKey(caller));
  }

  /** Gives a reserved point back. */
  giveBackIdentity(caller: string): Promise<void> {
    return this.identities.giveBack(this.identityKey(caller));
  }

  /**
   * Refuses an identity with too many wrong passwords, without touching its bucket: for callers that only AWS can prove.
   *
   * @throws PasswordChangeError `rate_limited`
   */
  checkIdentity(caller: string): Promise<LimitState | undefined> {
    return this.identities.check(this.identityKey(caller));
  }

  /** Charges an identity that AWS's answer has proven. */
  chargeIdentity(caller: string): Promise<LimitState | undefined> {
    return this.identities.charge(this.identityKey(caller));
  }

  private identityKey(caller: string): string {
    return this.hash.of('identity', caller);
  }

  private addressKey(address: string): string {
    return this.hash.of('address', network(address));
  }
}

/** An IPv6 host owns its whole /64, so that is what is counted. */
function network(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString();
}
