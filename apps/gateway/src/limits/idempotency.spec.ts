import { describe, expect, it } from '@jest/globals';
import type { PasswordChangeError } from '@password-gateway/errors';

import { GatewayConfig } from '../config/config.js';
import { type Binding, Idempotency, type IdempotentRun } from './idempotency.js';
import { KeyQuota } from './key-quota.js';
import { KeyedHash } from './keyed-hash.js';
import { MemoryRecordStore } from './memory-record-store.js';
import { RedisConnection } from './redis-connection.js';

const config = new GatewayConfig({});

const BINDINGS: readonly Binding[] = [
  { kind: 'caller', caller: 'pool/sub', request: 'passwords' },
  { kind: 'request', caller: 'AKIA', request: 'signed request', expiresAt: Date.now() + 60_000 },
];

/** Idempotency over a store with room for so many records, and a run that counts its calls. */
function arranged(binding: Binding, capacity: number) {
  const calls: string[] = [];
  const hash = new KeyedHash(config);
  const idempotency = new Idempotency(
    config,
    hash,
    new MemoryRecordStore(capacity, 'refuse'),
    new MemoryRecordStore(10, 'forget'),
    new KeyQuota(new RedisConnection(config), hash),
  );
  const run = (key: string | undefined): IdempotentRun => ({
    provider: binding.kind === 'caller' ? 'cognito' : 'iam',
    requestId: 'request-id',
    key,
    binding,
    run: () => {
      calls.push(key ?? '');
      return Promise.resolve({ provider: 'iam', upstreamRequestId: undefined });
    },
    provesIdentity: () => true,
  });
  return { calls, answer: (key: string | undefined) => idempotency.answer(run(key)) };
}

describe.each(BINDINGS)('Idempotency with a store that is full: $kind', (binding) => {
  it('a request with a key is refused and never run', async () => {
    const { calls, answer } = arranged(binding, 0);
    await expect(answer('key')).rejects.toMatchObject({
      code: 'idempotency_unavailable',
      outcome: 'unchanged',
      retryAfterSeconds: 1,
    } satisfies Partial<PasswordChangeError>);
    expect(calls).toEqual([]);
  });

  it('a request without a key is run', async () => {
    const { calls, answer } = arranged(binding, 0);
    expect(await answer(undefined)).toMatchObject({ replayed: false });
    expect(calls).toHaveLength(1);
  });

  // A request under a key takes a record per caller, for IAM also one per key and one per signature.
  it.each(binding.kind === 'caller' ? [1, 2, 3] : [2, 3, 4])(
    'a change that has happened is told, however little room was left: %d',
    async (capacity) => {
      const { calls, answer } = arranged(binding, capacity);
      expect(await answer('key')).toMatchObject({ changed: { provider: 'iam' } });
      expect(calls).toEqual(['key']);
      expect(await answer('key')).toMatchObject({ replayed: true });
      expect(calls).toEqual(['key']);
    },
  );
});

describe.each(BINDINGS)('a caller who has used 1,000 keys within 24 hours: $kind', (binding) => {
  it('is refused a new one, told when, and still gets the answers to the old ones', async () => {
    const { calls, answer } = arranged(binding, 10_000);
    for (let key = 0; key < 1_000; key++) await answer(`key-${key}`);
    const called = calls.length;
    await expect(answer('one more')).rejects.toMatchObject({
      code: 'idempotency_unavailable',
      outcome: 'unchanged',
      retryAfterSeconds: 24 * 60 * 60,
    });
    expect(await answer('key-0')).toMatchObject({ replayed: true });
    expect(await answer(undefined)).toMatchObject({ replayed: binding.kind === 'request' });
    expect(calls).toHaveLength(binding.kind === 'request' ? called : called + 1);
  });
});
