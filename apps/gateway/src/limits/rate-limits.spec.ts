import { describe, expect, it } from '@jest/globals';

import { GatewayConfig } from '../config/config.js';
import { KeyedHash } from './keyed-hash.js';
import { RateLimited } from './limit-bucket.js';
import { RateLimits } from './rate-limits.js';
import { RedisConnection } from './redis-connection.js';

function limits(environment: Readonly<Record<string, string>> = {}): RateLimits {
  const config = new GatewayConfig(environment);
  return new RateLimits(config, new RedisConnection(undefined), new KeyedHash(config));
}

describe('whom an address limit counts', () => {
  it.each([
    ['one IPv4 address', '203.0.113.1', '203.0.113.1', true],
    ['two IPv4 addresses', '203.0.113.1', '203.0.113.2', false],
    ['an IPv4 address and its IPv6-mapped form', '203.0.113.1', '::ffff:203.0.113.1', true],
    ['two IPv6-mapped addresses', '::ffff:203.0.113.1', '::ffff:203.0.113.2', false],
    ['two hosts of one IPv6 /64', '2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', true],
    ['two notations of one IPv6 address', '2001:db8::1', '2001:0DB8:0:0:0:0:0:1', true],
    ['two IPv6 /64s', '2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['an address with a zone', 'fe80::1%eth0', 'fe80::2%eth0', true],
  ])('%s', async (_what, charged, checked, same) => {
    const subject = limits({ RATE_LIMIT_ADDRESS: '1/60' });
    await subject.chargeAddress(charged);
    const check = subject.checkAddress(checked);
    if (same) await expect(check).rejects.toThrow(RateLimited);
    else await expect(check).resolves.toMatchObject({ remaining: 1 });
  });
});

describe('the defaults', () => {
  it.each([
    ['30 attempts in 60 seconds per address', 'chargeAddress', { points: 30, seconds: 60 }],
    ['4 wrong passwords in 3600 seconds per identity', 'chargeIdentity', { points: 4, seconds: 3600 }],
  ] as const)('%s', async (_what, charge, limit) => {
    expect(await limits()[charge]('somebody')).toMatchObject({
      limit,
      remaining: limit.points - 1,
      resetSeconds: limit.seconds,
    });
  });
});

describe('a reserved point', () => {
  it('keeps another call from being made, and comes back', async () => {
    const subject = limits({ RATE_LIMIT_IDENTITY: '1/900' });
    const reservation = await subject.reserveIdentity('somebody');
    await expect(subject.reserveIdentity('somebody')).rejects.toMatchObject({ retryAfterSeconds: 1 });
    await reservation?.release();
    await expect(subject.reserveIdentity('somebody')).resolves.toMatchObject({ state: { remaining: 1 } });
  });

  it("of a caller that only AWS can prove is held at one address, and stands in nobody else's way", async () => {
    const subject = limits({ RATE_LIMIT_IDENTITY: '1/900' });
    await subject.reserveIdentity('AKIA', '192.0.2.1');
    await expect(subject.reserveIdentity('AKIA', '192.0.2.1')).rejects.toMatchObject({
      retryAfterSeconds: 1,
    });
    await expect(subject.reserveIdentity('AKIA', '192.0.2.2')).resolves.toMatchObject({
      state: { remaining: 1 },
    });
  });

  it('does not help whoever has no charge left, wherever the call comes from', async () => {
    const subject = limits({ RATE_LIMIT_IDENTITY: '1/900' });
    await subject.chargeIdentity('AKIA');
    await expect(subject.reserveIdentity('AKIA', '192.0.2.1')).rejects.toMatchObject({
      retryAfterSeconds: 900,
    });
  });
});
