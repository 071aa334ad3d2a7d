import { Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { isIPv4 } from 'node:net';

import { GatewayConfig, type Limit } from '../config/config.js';
import { KeyedHash } from './keyed-hash.js';
import { LimitBucket, type LimitState, type Reservation } from './limit-bucket.js';
import { RedisConnection } from './redis-connection.js';

const UNLIMITED = Promise.resolve(undefined);

/**
 * The gateway's own limits: attempts without a proven identity per address, and wrong passwords per proven identity. In
 * this process, or in Redis and then shared by replicas; while Redis is away, each process counts for itself.
 */
@Injectable()
export class RateLimits {
  private readonly addresses: LimitBucket | undefined;
  private readonly identities: LimitBucket | undefined;

  /** @param config for points and seconds */
  constructor(config: GatewayConfig, redis: RedisConnection, hash: KeyedHash) {
    const { address, identity } = config.limits;
    const bucket = (name: LimitState['name'], limit: Limit | undefined): LimitBucket | undefined =>
      limit && new LimitBucket(name, limit, config.upstreamTimeoutMs, redis, hash);
    this.addresses = bucket('address', address);
    this.identities = bucket('identity', identity);
  }

  /**
   * Refuses an address with too many attempts that proved no identity.
   *
   * @throws PasswordChangeError `rate_limited`
   */
  checkAddress(address: string): Promise<LimitState | undefined> {
    return this.addresses?.check(network(address)) ?? UNLIMITED;
  }

  /** Charges an attempt that ended without a proven identity. */
  chargeAddress(address: string): Promise<LimitState | undefined> {
    return this.addresses?.charge(network(address)) ?? UNLIMITED;
  }

  /**
   * Refuses an identity with too many wrong passwords.
   *
   * @throws PasswordChangeError `rate_limited`
   */
  checkIdentity(identity: string): Promise<LimitState | undefined> {
    return this.identities?.check(identity) ?? UNLIMITED;
  }

  /**
   * Reserves a point of an identity before the call, so that parallel guesses cannot outrun the charge.
   *
   * @param identity who the credential names
   * @param address of a caller whom only AWS can prove: then the calls in flight of this address count and no others, so
   * that a stranger elsewhere cannot hold the points of somebody whose key id is known
   * @throws PasswordChangeError `rate_limited`
   */
  reserveIdentity(identity: string, address?: string): Promise<Reservation | undefined> {
    const holder = address === undefined ? identity : `${identity} ${network(address)}`;
    return this.identities?.reserve(identity, holder) ?? UNLIMITED;
  }

  /** Charges a proven identity. */
  chargeIdentity(identity: string): Promise<LimitState | undefined> {
    return this.identities?.charge(identity) ?? UNLIMITED;
  }
}

/** An IPv6 host owns its whole /64, so that is what is counted. */
function network(address: string): string {
  // Most are, and reading one with ipaddr.js costs 2 µs.
  if (isIPv4(address) || !ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString();
}
