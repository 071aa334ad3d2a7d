import { Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { isIPv4 } from 'node:net';

import { GatewayConfig } from '../config/config.js';
import { KeyedHash } from './keyed-hash.js';
import { LimitBucket, type LimitState, type Reservation } from './limit-bucket.js';
import { RedisConnection } from './redis-connection.js';

/**
 * The gateway's own limits: attempts without a proven identity per address, and wrong passwords per proven identity. In
 * this process, or in Redis and then shared by replicas; while Redis is away, each process counts for itself.
 */
@Injectable()
export class RateLimits {
  private readonly addresses: LimitBucket | undefined;
  private readonly identities: LimitBucket | undefined;

  /** @param config for points and seconds */
  constructor(
    config: GatewayConfig,
    redis: RedisConnection,
    private readonly hash: KeyedHash,
  ) {
    const { address, identity } = config.limits;
    this.addresses = address && new LimitBucket('address', address, config.upstreamTimeoutMs, redis);
    this.identities = identity && new LimitBucket('identity', identity, config.upstreamTimeoutMs, redis);
  }

  /**
   * The key of an address, by which it is counted. Asked for once per attempt: a keyed hash costs 2 µs.
   *
   * @param address the caller's
   */
  address(address: string): string {
    return this.hash.of('address', network(address));
  }

  /**
   * Refuses an address with too many attempts that proved no identity.
   *
   * @param address its key
   * @throws PasswordChangeError `rate_limited`
   */
  async checkAddress(address: string): Promise<LimitState | undefined> {
    return this.addresses?.check(address);
  }

  /**
   * Charges an attempt that ended without a proven identity.
   *
   * @param address its key
   */
  async chargeAddress(address: string): Promise<LimitState | undefined> {
    return this.addresses?.charge(address);
  }

  /**
   * The key of an identity, by which it is counted.
   *
   * @param caller who the credential names
   */
  identity(caller: string): string {
    return this.hash.of('identity', caller);
  }

  /**
   * Refuses an identity with too many wrong passwords.
   *
   * @throws PasswordChangeError `rate_limited`
   */
  async checkIdentity(identity: string): Promise<LimitState | undefined> {
    return this.identities?.check(identity);
  }

  /**
   * Reserves a point of an identity before the call, so that parallel guesses cannot outrun the charge.
   *
   * @param identity its key
   * @param address key of the address of a caller whom only AWS can prove: then the calls in flight of this address count
   * and no others, so that a stranger elsewhere cannot hold the points of somebody whose key id is known
   * @throws PasswordChangeError `rate_limited`
   */
  async reserveIdentity(identity: string, address?: string): Promise<Reservation | undefined> {
    // Two keyed hashes of fixed length: Redis learns that they belong together, and of neither what it stands for.
    const holder = address === undefined ? identity : `${identity}.${address}`;
    return this.identities?.reserve(identity, holder);
  }

  /** Charges a proven identity. */
  async chargeIdentity(identity: string): Promise<LimitState | undefined> {
    return this.identities?.charge(identity);
  }
}

/** An IPv6 host owns its whole /64, so that is what is counted. */
function network(address: string): string {
  // Most are, and reading one with ipaddr.js costs 2 µs.
  if (isIPv4(address) || !ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString();
}
