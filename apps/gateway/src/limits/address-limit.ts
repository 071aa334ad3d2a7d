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
 * Reads points and the milliseconds until they end. The limiter's own `get` is a transaction, which ioredis writes as a
 * pipeline; in a cluster whose nodes come and go it leaves parts of one unwritten, and then each later answer on that
 * connection is taken for the answer to another command.
 */
const READ = "return {redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])}";

type Charged = Pick<RateLimiterRes, 'consumedPoints' | 'msBeforeNext'>;
type Read = (key: string) => Promise<readonly [points: string | null, msLeft: number]>;

/**
 * The limit of an address: how many credentials that prove nothing it may try. In Redis when configured, and in this process
 * what Redis does not take; both count, because a Redis in the middle of a failover may be read and not be written.
 */
@Injectable()
export class AddressLimit {
  private readonly limit: Limit | undefined;
  private readonly own: RateLimiterAbstract | undefined;
  private readonly shared: RateLimiterAbstract | undefined;
  private readonly scripts: { readonly addressPoints: Read } | undefined;

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
    const { client } = redis;
    if (client === undefined) return;
    client.defineCommand('addressPoints', { numberOfKeys: 1, lua: READ });
    this.scripts = client as unknown as { addressPoints: Read };
    this.shared = new RateLimiterRedis({ ...options, storeClient: client, rejectIfRedisNotReady: true });
  }

  /**
   * Refuses an address that has used up its points.
   *
   * @throws PasswordChangeError `rate_limited`
   */
  async check(address: string): Promise<LimitState | undefined> {
    if (this.limit === undefined) return undefined;
    const key = networkOf(address);
    const [own, shared] = await Promise.all([this.own?.get(key), this.read(this.hidden(key))]);
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

  private async read(key: string): Promise<Charged | undefined> {
    if (this.scripts === undefined) return undefined;
    try {
      const [points, msBeforeNext] = await this.scripts.addressPoints(`${KEY_PREFIX}:${key}`);
      return { consumedPoints: Number(points), msBeforeNext };
    } catch {
      return undefined;
    }
  }

  private state(limit: Limit, own: Charged | null | undefined, shared: Charged | undefined): LimitState {
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
