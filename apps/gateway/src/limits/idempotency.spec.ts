import { describe, expect, it, jest } from '@jest/globals';
import {
  PasswordChangeError,
  type PasswordChangeErrorOptions,
  type ProblemCode,
} from '@password-gateway/errors';
import { setImmediate } from 'node:timers/promises';

import { GatewayConfig } from '../config/config.js';
import type { PasswordChanged } from '../password/provider-adapter.js';
import { type Binding, Idempotency, type IdempotentRun } from './idempotency.js';
import { KeyQuota } from './key-quota.js';
import { KeyedHash } from './keyed-hash.js';
import { MemoryRecordStore } from './memory-record-store.js';
import { type Claim, StoreUnavailable } from './record-store.js';
import { RedisConnection } from './redis-connection.js';

/** With a secret, so that two of them are replicas of one gateway. */
const config = new GatewayConfig({ IDEMPOTENCY_SECRET: 's'.repeat(32) });

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
    new MemoryRecordStore(10, 'forget'),
    new KeyQuota(new RedisConnection(undefined), hash),
  );
  const run = (key: string | undefined): IdempotentRun => ({
    provider: binding.kind === 'caller' ? 'cognito' : 'iam',
    requestId: 'request-id',
    key: key === undefined ? undefined : { value: key, promised: true },
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

it('what a stranger leaves behind in the name of a caller does not use up the keys of the caller', async () => {
  const { send } = requests(new MemoryRecordStore(10_000, 'refuse'));
  const stranger = (number: number) => ({ ...SIGNED, request: `junk ${number}` });
  for (let key = 0; key < 1_000; key++)
    await send(stranger(key), `key-${key}`, failing('upstream_failed'), UNPROVEN);
  expect(await send(SIGNED, 'one more')).toBe('changed');
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

/** A store that replicas share. */
class SharedStore extends MemoryRecordStore {
  override readonly shared = true;
}

/** A store that is away: nothing can be claimed, and what ends is written later. */
class AwayStore extends SharedStore {
  away = true;

  override claim(...claim: Parameters<MemoryRecordStore['claim']>): Promise<Claim> {
    return this.away ? Promise.reject(new StoreUnavailable('away')) : super.claim(...claim);
  }
}

const CALLER = { kind: 'caller', caller: 'pool/sub', request: 'passwords' } as const;
const SIGNED = { kind: 'request', caller: 'AKIA', request: 'signature 1', expiresAt: 0 } as const;
const ANOTHER = { ...SIGNED, request: 'signature 2' };

const CHANGED: PasswordChanged = { provider: 'iam', upstreamRequestId: undefined };

const failing = (code: ProblemCode, options?: PasswordChangeErrorOptions) => () =>
  Promise.reject(new PasswordChangeError(code, options));

/** Idempotency over two stores, and requests that say what they came to. */
function requests(store: MemoryRecordStore = new MemoryRecordStore(10, 'refuse')) {
  const hash = new KeyedHash(config);
  const fallback = new MemoryRecordStore(10, 'forget');
  const signatures = new MemoryRecordStore(10, 'forget');
  const idempotency = new Idempotency(
    config,
    hash,
    store,
    fallback,
    signatures,
    new KeyQuota(new RedisConnection(undefined), hash),
  );
  const runs: boolean[] = [];
  const send = async (
    binding: Binding,
    key: string | undefined,
    run: () => Promise<PasswordChanged> = () => Promise.resolve(CHANGED),
    { proven = true, requestId = 'request-id', promised = true } = {},
  ): Promise<string> => {
    const answer = await idempotency
      .answer({
        provider: 'iam',
        requestId,
        key: key === undefined ? undefined : { value: key, promised },
        binding,
        run: (suspected) => {
          runs.push(suspected);
          return run();
        },
        provesIdentity: () => proven,
      })
      .catch((error: unknown) => ({ error, replayed: false }));
    const code = 'error' in answer ? (answer.error as PasswordChangeError).code : 'changed';
    return answer.replayed ? `${code} again` : code;
  };
  return { idempotency, send, runs, store, fallback, signatures };
}

const UNPROVEN = { proven: false };

const KEY = { value: 'key', promised: true };

describe('one key of a proven caller', () => {
  it('gives the first answer again, under the id of the first request', async () => {
    const { send, runs, idempotency } = requests();
    await send(CALLER, 'key', undefined, { requestId: 'first' });
    const run = { provider: 'iam', key: KEY, binding: CALLER, provesIdentity: () => true } as const;
    const again = { ...run, requestId: 'second', run: () => Promise.reject(new Error('ran again')) };
    expect(await idempotency.answer(again)).toEqual({
      requestId: 'first',
      changed: { provider: 'iam' },
      replayed: true,
    });
    expect(runs).toEqual([false]);
  });

  it.each<readonly [string, ProblemCode, PasswordChangeErrorOptions, proven: boolean, kept: boolean]>([
    ['an unknown outcome', 'upstream_timeout', {}, false, true],
    ['a decision about a proven caller', 'current_password_incorrect', {}, true, true],
    ['a decision about nobody proven', 'credential_invalid', {}, false, false],
    ['what may succeed later', 'upstream_throttled', {}, true, false],
    ['an unknown outcome of what may be repeated', 'upstream_throttled', { outcome: 'unknown' }, false, true],
  ])('keeps or forgets %s', async (_what, code, options, proven, kept) => {
    const { send } = requests();
    expect(await send(CALLER, 'key', failing(code, options), { proven })).toBe(code);
    expect(await send(CALLER, 'key')).toBe(kept ? `${code} again` : 'changed');
  });

  it('is of one request: another one is refused, also while the first is under way', async () => {
    const { send, runs } = requests();
    const first = Promise.withResolvers<PasswordChanged>();
    const running = send(CALLER, 'key', () => first.promise);
    const another = { ...CALLER, request: 'other passwords' };
    expect(await send(another, 'key')).toBe('idempotency_key_reused');
    expect(await send(CALLER, 'key')).toBe('request_in_progress');
    first.resolve(CHANGED);
    expect(await running).toBe('changed');
    expect(await send(another, 'key')).toBe('idempotency_key_reused');
    expect(await send(another, 'other key')).toBe('changed');
    expect(await send({ ...another, caller: 'another' }, 'key')).toBe('changed');
    expect(runs).toHaveLength(3);
  });

  it('cannot tell what became of a run that died', async () => {
    const store = new MemoryRecordStore(10, 'refuse');
    const claim = store.claim.bind(store);
    store.claim = (...[key, fingerprint, run, , ttlMs]) => claim(key, fingerprint, run, 0, ttlMs);
    const { send, runs } = requests(store);
    void send(CALLER, 'key', () => new Promise(() => undefined));
    expect(await send(CALLER, 'key')).toBe('outcome_unresolved');
    expect(runs).toHaveLength(1);
  });

  it('is leased for longer than a call may take, and kept for a day', async () => {
    const store = new MemoryRecordStore(10, 'refuse');
    const times: number[][] = [];
    const claim = store.claim.bind(store);
    store.claim = (...[key, fingerprint, run, leaseMs, ttlMs]) => {
      times.push([leaseMs, ttlMs]);
      return claim(key, fingerprint, run, leaseMs, ttlMs);
    };
    await requests(store).send(CALLER, 'key');
    expect(times).toEqual([[config.upstreamTimeoutMs + 5_000, 24 * 60 * 60 * 1000]]);
  });

  it('is refused while the store is away, and nothing is sent', async () => {
    const { send, runs } = requests(new AwayStore(10, 'refuse'));
    expect(await send(CALLER, 'key')).toBe('idempotency_unavailable');
    expect(runs).toEqual([]);
  });

  it('names the provider in each of its refusals', async () => {
    const { idempotency, send } = requests();
    await send(CALLER, 'key');
    const run = () => Promise.resolve(CHANGED);
    const other = { ...CALLER, request: 'other' };
    const request = {
      provider: 'iam',
      requestId: 'id',
      key: KEY,
      run,
      provesIdentity: () => true,
    } as const;
    await expect(idempotency.answer({ ...request, binding: other })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
      provider: 'iam',
    });
    void send(CALLER, 'key 2', () => new Promise(() => undefined));
    await expect(
      idempotency.answer({ ...request, key: { ...KEY, value: 'key 2' }, binding: CALLER }),
    ).rejects.toMatchObject({
      code: 'request_in_progress',
      provider: 'iam',
    });
  });
});

describe('another signed request of the same caller, under the same key', () => {
  it('does not take the first one its answer', async () => {
    const { send, runs } = requests();
    expect(await send(SIGNED, 'key', failing('upstream_failed'), UNPROVEN)).toBe('upstream_failed');
    expect(await send(ANOTHER, 'key', failing('outcome_unresolved'))).toBe('outcome_unresolved');
    expect(await send(SIGNED, 'key')).toBe('upstream_failed again');
    expect(await send({ ...SIGNED, request: 'signature 3' }, 'key')).toBe('idempotency_key_reused');
    expect(runs).toHaveLength(2);
  });

  it('does not end the first one while that runs', async () => {
    const { send, runs } = requests();
    const first = Promise.withResolvers<PasswordChanged>();
    const running = send(SIGNED, 'key', () => first.promise);
    expect(await send(ANOTHER, 'key', failing('current_password_incorrect'))).toBe(
      'current_password_incorrect',
    );
    expect(await send(SIGNED, 'key')).toBe('request_in_progress');
    first.resolve(CHANGED);
    expect([await running, await send(SIGNED, 'key')]).toEqual(['changed', 'changed again']);
    expect(runs).toHaveLength(2);
  });
});

describe('without a key', () => {
  it('a request of a proven caller is run each time', async () => {
    const { send, runs, store } = requests();
    expect([await send(CALLER, undefined), await send(CALLER, undefined)]).toEqual(['changed', 'changed']);
    expect(runs).toEqual([false, false]);
    expect(store.size).toBe(0);
  });

  it('a signed request is run once while AWS would take it', async () => {
    const { send, runs } = requests();
    expect(await send(SIGNED, undefined)).toBe('changed');
    expect(await send(SIGNED, undefined)).toBe('changed again');
    expect(await send(ANOTHER, undefined)).toBe('changed');
    expect(runs).toEqual([false, false]);
  });

  it.each([
    ['until its signature ends', 3_600_000, 3_600_000],
    ['for the time of a call, when that is longer', 1_000, config.upstreamTimeoutMs + 5_000],
  ])('it is remembered %s', async (_what, lifeMs, ttlMs) => {
    const store = new SharedStore(10, 'refuse');
    let kept = 0;
    store.settle = (...[, , , ttl]) => {
      kept = ttl;
      return Promise.resolve();
    };
    await requests(store).send({ ...SIGNED, expiresAt: Date.now() + lifeMs }, undefined);
    expect(kept).toBeGreaterThan(ttlMs - 5_000);
    expect(kept).toBeLessThanOrEqual(ttlMs);
  });

  it('a fault of ours is answered as an internal error, and kept', async () => {
    const { send, idempotency } = requests();
    const fault = new TypeError('a fault');
    const run = { provider: 'iam', requestId: 'id', key: undefined, binding: CALLER } as const;
    const answer = await idempotency.answer({
      ...run,
      run: () => Promise.reject(fault),
      provesIdentity: () => false,
    });
    expect(answer).toMatchObject({
      requestId: 'id',
      error: { code: 'internal_error', provider: 'iam', cause: fault },
      replayed: false,
    });
    const atOnce = (): never => {
      throw fault;
    };
    expect(await send(SIGNED, undefined, atOnce, UNPROVEN)).toBe('internal_error');
    expect(await send(SIGNED, undefined)).toBe('internal_error again');
  });

  describe('while the store is away', () => {
    it('a signed request is run once by this process', async () => {
      const { send, runs } = requests(new AwayStore(10, 'refuse'));
      expect(await send(SIGNED, undefined)).toBe('changed');
      expect(await send(SIGNED, undefined)).toBe('changed again');
      expect(runs).toEqual([false]);
    });

    it('what it came to reaches the store, and is told again when that is back', async () => {
      const store = new AwayStore(10, 'refuse');
      const { send, runs } = requests(store);
      await send(SIGNED, undefined);
      store.away = false;
      expect(store.size).toBe(1);
      expect(await send(SIGNED, undefined)).toBe('changed again');
      expect(await requests(store).send(SIGNED, undefined)).toBe('changed again');
      expect(runs).toEqual([false]);
    });

    it('what ran here before that is told again', async () => {
      const store = new AwayStore(10, 'refuse');
      store.away = false;
      const { send, runs } = requests(store);
      await send(SIGNED, undefined);
      store.away = true;
      expect(await send(SIGNED, undefined)).toBe('changed again');
      expect(runs).toEqual([false]);
    });

    it('what runs here is not run again, though the store went away meanwhile', async () => {
      const store = new AwayStore(10, 'refuse');
      store.away = false;
      const { send, runs } = requests(store);
      const first = Promise.withResolvers<PasswordChanged>();
      const running = send(SIGNED, undefined, () => first.promise);
      await setImmediate();
      store.away = true;
      expect(await send(SIGNED, undefined)).toBe('request_in_progress');
      first.resolve(CHANGED);
      expect(await running).toBe('changed');
      expect(runs).toEqual([false]);
    });

    it('what ran here is told again, even when nothing of it has reached the store', async () => {
      const store = new AwayStore(10, 'refuse');
      store.settle = () => Promise.resolve();
      const { send, runs } = requests(store);
      await send(SIGNED, undefined);
      store.away = false;
      expect(await send(SIGNED, undefined)).toBe('changed again');
      expect(runs).toEqual([false]);
    });

    it('what may be tried again does not', async () => {
      const store = new AwayStore(10, 'refuse');
      const { send, signatures } = requests(store);
      expect(await send(SIGNED, undefined, failing('signature_mismatch'), UNPROVEN)).toBe(
        'signature_mismatch',
      );
      expect([store.size, signatures.size]).toEqual([0, 0]);
      expect(await send(SIGNED, undefined)).toBe('changed');
    });

    it('an answer that is told again is not written again', async () => {
      const store = new AwayStore(10, 'refuse');
      const { send } = requests(store);
      await send(SIGNED, undefined);
      store.settle = () => Promise.reject(new Error('written again'));
      expect(await send(SIGNED, undefined)).toBe('changed again');
    });
  });

  it('another failure of the store is told, and nothing is run', async () => {
    const store = new SharedStore(10, 'refuse');
    store.claim = failing('internal_error');
    const { send, runs } = requests(store);
    expect(await send(SIGNED, undefined)).toBe('internal_error');
    expect(runs).toEqual([]);
  });

  it('a signed request takes no place of a promise in this process', async () => {
    const { send, store, fallback, signatures } = requests();
    await send(SIGNED, undefined);
    expect([store.size, fallback.size, signatures.size]).toEqual([0, 0, 1]);
  });

  it('a signed request is run once by all replicas that share a store', async () => {
    const store = new SharedStore(10, 'refuse');
    const { send, runs, signatures } = requests(store);
    expect(await send(SIGNED, undefined)).toBe('changed');
    expect(await requests(store).send(SIGNED, undefined)).toBe('changed again');
    expect(runs).toEqual([false]);
    expect(signatures.size).toBe(1);
  });
});

describe('one key of callers that only AWS can prove', () => {
  it('gives the first answer to the very request again', async () => {
    const { send, runs } = requests();
    expect(await send(SIGNED, 'key')).toBe('changed');
    expect(await send(SIGNED, 'key')).toBe('changed again');
    expect(runs).toEqual([false]);
  });

  it.each<readonly [string, (() => Promise<PasswordChanged>) | undefined, proven: boolean, blocks: boolean]>([
    ['a change', undefined, false, true],
    ['an answer that proves the caller', failing('current_password_incorrect'), true, true],
    ['an answer that proves nobody', failing('signature_mismatch'), false, false],
    ['an unknown outcome', failing('upstream_timeout'), false, false],
  ])('is taken or left free for another request by %s', async (_what, run, proven, blocks) => {
    const { send } = requests();
    await send(SIGNED, 'key', run, { proven });
    expect(await send(ANOTHER, 'key')).toBe(blocks ? 'idempotency_key_reused' : 'changed');
  });

  it.each<readonly [string, ProblemCode, suspected: boolean]>([
    ['whose outcome is unknown', 'upstream_timeout', true],
    ['that left nothing open', 'signature_mismatch', false],
  ])('lets a request after one %s be suspicious or not', async (_what, code, suspected) => {
    const { send, runs } = requests();
    await send(SIGNED, 'key', failing(code), UNPROVEN);
    await send(ANOTHER, 'key', failing('signature_mismatch'), UNPROVEN);
    expect(runs).toEqual([false, suspected]);
  });

  it('lets a request beside one under way be run, with suspicion', async () => {
    const { send, runs } = requests();
    const first = Promise.withResolvers<PasswordChanged>();
    const running = send(SIGNED, 'key', () => first.promise);
    expect(await send(ANOTHER, 'key', failing('signature_mismatch'), UNPROVEN)).toBe('signature_mismatch');
    expect(await send(SIGNED, 'key')).toBe('request_in_progress');
    // Neither the stranger nor the repetition has taken the key from the one that is under way.
    await send(ANOTHER, 'key', failing('signature_mismatch'), UNPROVEN);
    expect(runs).toEqual([false, true, true]);
    first.resolve(CHANGED);
    await running;
    expect(await send(ANOTHER, 'key')).toBe('idempotency_key_reused');
  });

  it('gives the answer again when the signature has long ended', async () => {
    const { send } = requests();
    await send(SIGNED, 'key');
    const later = Date.now() + 60 * 60 * 1000;
    const clock = jest.spyOn(Date, 'now').mockReturnValue(later);
    const [withKey, withoutKey] = [await send(SIGNED, 'key'), await send(SIGNED, undefined)];
    clock.mockRestore();
    // AWS would refuse the signature by now, so without the key nobody needs to remember it.
    expect([withKey, withoutKey]).toEqual(['changed again', 'changed']);
  });

  it('does not suspect the very request of itself', async () => {
    const { send, runs } = requests();
    await send(SIGNED, 'key', failing('signature_mismatch'), UNPROVEN);
    await send(SIGNED, 'key');
    expect(runs).toEqual([false, false]);
  });

  it('is free again when its request could not be run, because it was under way without the key', async () => {
    const { send } = requests();
    const first = Promise.withResolvers<PasswordChanged>();
    const running = send(SIGNED, undefined, () => first.promise, UNPROVEN);
    expect(await send(SIGNED, 'key')).toBe('request_in_progress');
    first.reject(new PasswordChangeError('signature_mismatch'));
    await running;
    expect(await send(SIGNED, 'key')).toBe('changed');
  });

  it('is no key of another caller', async () => {
    const { send } = requests();
    await send(SIGNED, 'key');
    expect(await send({ ...ANOTHER, caller: 'AKIB' }, 'key')).toBe('changed');
  });

  it('replays a signature under another key too', async () => {
    const { send, runs } = requests();
    await send(SIGNED, 'key');
    expect(await send(SIGNED, 'other key')).toBe('changed again');
    expect(runs).toHaveLength(1);
  });
});

describe('the retries that a client makes on its own', () => {
  const OWN = { promised: false };

  it('find the first answer, or that AWS was asked before, and are never told of a key', async () => {
    const { send, runs } = requests();
    await send(SIGNED, 'id', undefined, OWN);
    expect(await send(SIGNED, 'id', undefined, OWN)).toBe('changed again');
    expect(await send(ANOTHER, 'id', undefined, OWN)).toBe('outcome_unresolved');
    expect(runs).toHaveLength(1);
  });

  it('do not reach AWS while the first attempt is under way, nor when it left nothing but doubt', async () => {
    const { send, runs } = requests();
    const first = Promise.withResolvers<PasswordChanged>();
    const running = send(SIGNED, 'id', () => first.promise, OWN);
    expect(await send(ANOTHER, 'id', undefined, OWN)).toBe('request_in_progress');
    first.reject(new PasswordChangeError('upstream_timeout'));
    await running;
    expect(await send(ANOTHER, 'id', undefined, OWN)).toBe('outcome_unresolved');
    expect(runs).toHaveLength(1);
  });

  it('are carried out after what may be repeated', async () => {
    const { send } = requests();
    await send(SIGNED, 'id', failing('upstream_throttled'), { ...OWN, proven: false });
    expect(await send(ANOTHER, 'id', undefined, OWN)).toBe('changed');
  });

  it.each([CALLER, SIGNED])(
    'are carried out while the store is away, once by this process: $kind',
    async (binding) => {
      const { send, runs } = requests(new AwayStore(10, 'refuse'));
      expect(await send(binding, 'id', undefined, OWN)).toBe('changed');
      expect(await send(binding, 'id', undefined, OWN)).toBe('changed again');
      expect(runs).toHaveLength(1);
    },
  );
});
