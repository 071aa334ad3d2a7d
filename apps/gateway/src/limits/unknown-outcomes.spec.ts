import { describe, expect, it } from '@jest/globals';
import { PROBLEM_CODES, PasswordChangeError, problemDefinition } from '@password-gateway/errors';

import { GatewayConfig } from '../config/config.js';
import { KeyedHash } from './keyed-hash.js';
import { MemoryRecordStore } from './memory-record-store.js';
import { type RecordStore, StoreUnavailable } from './record-store.js';
import { type RememberedChange, UnknownOutcomes } from './unknown-outcomes.js';

const CHANGE: RememberedChange = {
  provider: 'iam',
  caller: 'AKIA',
  currentPassword: 'old',
  newPassword: 'new',
};
const INCORRECT = new PasswordChangeError('current_password_incorrect');
const NO_DOUBT = { suspected: false, promised: false };
const TIMEOUT = new PasswordChangeError('upstream_timeout');

/** The shared store while it is away: nothing can be read. */
class AwayStore extends MemoryRecordStore {
  override fingerprint(): Promise<string | undefined> {
    return Promise.reject(new StoreUnavailable('away'));
  }
}

/** A store that replicas share. */
class SharedStore extends MemoryRecordStore {
  override readonly shared = true;
}

/** One secret, as replicas share it. */
const HASH = new KeyedHash(new GatewayConfig({ IDEMPOTENCY_SECRET: 's'.repeat(32) }));

const newStore = () => new MemoryRecordStore(10, 'forget');

function arranged(store: RecordStore = newStore(), memory: RecordStore = newStore()) {
  const outcomes = new UnknownOutcomes(HASH, store, memory);
  const codeOf = async (error: PasswordChangeError, change = CHANGE, suspected = false) =>
    (await outcomes.judge(change, error, { ...NO_DOUBT, suspected })).code;
  return { outcomes, codeOf, store, memory };
}

describe('a failed change', () => {
  it.each(PROBLEM_CODES)('%s is told as it is when no attempt went before', async (code) => {
    const error = new PasswordChangeError(code);
    expect(await arranged().outcomes.judge(CHANGE, error, NO_DOUBT)).toBe(error);
  });

  it.each(PROBLEM_CODES)('%s after an attempt that may have succeeded', async (code) => {
    const { outcomes, codeOf } = arranged();
    await outcomes.remember(CHANGE);
    // "Your password is wrong" in any of its forms may mean "it has been changed already".
    const says = ['current_password_incorrect', 'current_password_required', 'not_authorized'];
    expect(await codeOf(new PasswordChangeError(code))).toBe(
      says.includes(code) ? 'outcome_unresolved' : code,
    );
  });

  it.each(PROBLEM_CODES)(
    '%s makes the next one doubtful only if its own outcome is unknown',
    async (code) => {
      const { codeOf } = arranged();
      await codeOf(new PasswordChangeError(code));
      const { outcome } = problemDefinition(code);
      expect(await codeOf(INCORRECT)).toBe(outcome === 'unknown' ? 'outcome_unresolved' : INCORRECT.code);
    },
  );

  it('is doubtful when another attempt is suspected, though nothing is remembered', async () => {
    expect(await arranged().codeOf(INCORRECT, CHANGE, true)).toBe('outcome_unresolved');
  });

  it.each([
    ['with an idempotency key', true, 'outcome_unresolved'],
    ['without one', false, 'current_password_incorrect'],
  ])('is doubtful or not when the shared memory cannot be asked: %s', async (_what, promised, code) => {
    const { outcomes } = arranged(new AwayStore(10, 'forget'));
    expect(await outcomes.judge(CHANGE, INCORRECT, { ...NO_DOUBT, promised })).toMatchObject({ code });
  });

  it.each([[undefined], [{ service: 'iam', error: 'AccessDenied', requestId: 'r-1' }]])(
    'says when doubtful whom it asked, and what AWS said: %j',
    async (upstream) => {
      const error = new PasswordChangeError('not_authorized', { ...(upstream && { upstream }) });
      const doubtful = await arranged().outcomes.judge(CHANGE, error, { ...NO_DOUBT, suspected: true });
      expect(doubtful).toMatchObject({ provider: 'iam', confidence: 'inferred', outcome: 'unknown' });
      expect(doubtful.upstream).toEqual(upstream);
    },
  );
});

describe('the memory', () => {
  it.each([
    ['another provider', { ...CHANGE, provider: 'cognito' as const }],
    ['another caller', { ...CHANGE, caller: 'AKIB' }],
    ['another current password', { ...CHANGE, currentPassword: 'older' }],
    ['no current password', { ...CHANGE, currentPassword: undefined }],
    ['another new password', { ...CHANGE, newPassword: 'newer' }],
  ])('is of one change, not of %s', async (_what, other) => {
    const { codeOf } = arranged();
    await codeOf(TIMEOUT);
    expect(await codeOf(INCORRECT, other)).toBe('current_password_incorrect');
    expect(await codeOf(INCORRECT)).toBe('outcome_unresolved');
  });

  it('is of a change without a current password too', async () => {
    const { codeOf } = arranged();
    const change = { ...CHANGE, currentPassword: undefined };
    await codeOf(TIMEOUT, change);
    expect(await codeOf(INCORRECT, change)).toBe('outcome_unresolved');
  });

  it('is shared by replicas', async () => {
    const { store, codeOf } = arranged();
    await codeOf(TIMEOUT);
    expect(await arranged(store).codeOf(INCORRECT)).toBe('outcome_unresolved');
  });

  it('holds in this process while the shared store is away', async () => {
    const { codeOf } = arranged(new AwayStore(10, 'forget'));
    expect(await codeOf(INCORRECT)).toBe('current_password_incorrect');
    await codeOf(TIMEOUT);
    expect(await codeOf(INCORRECT)).toBe('outcome_unresolved');
  });

  it('ends, here and in the shared store, when the change succeeds after all', async () => {
    const { outcomes, codeOf, store, memory } = arranged();
    await codeOf(TIMEOUT);
    outcomes.resolve(CHANGE);
    expect(await codeOf(INCORRECT)).toBe('current_password_incorrect');
    expect([store.size, memory.size]).toEqual([0, 0]);
  });

  it('ends for all who share a store when another replica makes the change', async () => {
    const store = new SharedStore(10, 'forget');
    await arranged(store).codeOf(TIMEOUT);
    arranged(store).outcomes.resolve(CHANGE);
    expect(store.size).toBe(0);
  });

  it('keeps no password in the open', async () => {
    const store = new MemoryRecordStore(10, 'forget');
    const written: unknown[] = [];
    store.settle = (...record) => {
      written.push(...record);
      return Promise.resolve();
    };
    const change = { ...CHANGE, currentPassword: 'canary-1', newPassword: 'canary-2' };
    await arranged(store, store).codeOf(TIMEOUT, change);
    expect(written).not.toHaveLength(0);
    expect(JSON.stringify(written)).not.toContain('canary');
  });
});

describe('changes on their way', () => {
  it('overlap when one begins before the other ends, and each is told', () => {
    const { outcomes } = arranged();
    const first = outcomes.begin(CHANGE);
    expect(first.overlapped()).toBe(false);
    const second = outcomes.begin(CHANGE);
    expect([first.overlapped(), second.overlapped()]).toEqual([true, true]);
    second.end();
    expect(first.overlapped()).toBe(true);
  });

  it('overlap while any is left, in whatever order they end', () => {
    const { outcomes } = arranged();
    const [first, second] = [outcomes.begin(CHANGE), outcomes.begin(CHANGE)];
    first.end();
    const third = outcomes.begin(CHANGE);
    expect(third.overlapped()).toBe(true);
    second.end();
    third.end();
    expect(outcomes.begin(CHANGE).overlapped()).toBe(false);
  });

  it('do not overlap one after the other', () => {
    const { outcomes } = arranged();
    outcomes.begin(CHANGE).end();
    expect(outcomes.begin(CHANGE).overlapped()).toBe(false);
  });

  it.each([
    ['another new password', { newPassword: 'newer' }],
    ['another current password', { currentPassword: 'older' }],
    ['another caller', { caller: 'AKIB' }],
    ['another provider', { provider: 'cognito' as const }],
  ])('do not overlap with a change of %s', (_what, other) => {
    const { outcomes } = arranged();
    const another = outcomes.begin({ ...CHANGE, ...other });
    expect(outcomes.begin(CHANGE).overlapped()).toBe(false);
    expect(another.overlapped()).toBe(false);
  });
});
