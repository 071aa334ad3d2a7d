import { Inject, Injectable } from '@nestjs/common';
import { PasswordChangeError, type ProviderName } from '@password-gateway/errors';
import { randomUUID } from 'node:crypto';

import { GatewayConfig } from '../config/config.js';
import type { PasswordChanged } from '../password/provider-adapter.js';
import { type FirstAnswer, readAnswer, writeAnswer } from './answer-record.js';
import type { IdempotencyKey } from './idempotency-key.js';
import { KeyQuota } from './key-quota.js';
import { KeyedHash } from './keyed-hash.js';
import { type Claim, type RecordStore, StoreUnavailable } from './record-store.js';
import { FALLBACK_STORE, RECORD_STORE, SIGNATURE_STORE } from './stores.js';

/** How long answers, keys and unknown outcomes are remembered, in milliseconds. */
export const REMEMBER_MS = 24 * 60 * 60 * 1000;

/** A run that took longer than its deadline and this did not survive. */
const LEASE_MARGIN_MS = 5_000;

/** What an idempotency key is bound to. */
export type Binding =
  /** A caller that is proven: one key, one request of this caller. */
  | { readonly kind: 'caller'; readonly caller: string; readonly request: string }
  /**
   * A caller that only AWS can prove: the key holds for the very request, and only a proven caller blocks it for other
   * requests. So a stranger can neither occupy a key nor compare passwords.
   */
  | {
      readonly kind: 'request';
      readonly caller: string;
      readonly request: string;
      readonly expiresAt: number;
    };

/** One request, as far as idempotency is concerned. */
export interface IdempotentRun {
  readonly provider: ProviderName;
  readonly requestId: string;
  readonly key: IdempotencyKey | undefined;
  readonly binding: Binding;
  /**
   * Calls AWS. Called once or not at all; `suspected` when another request under the same key may have reached AWS and
   * did not say how it ended.
   */
  readonly run: (suspected: boolean) => Promise<PasswordChanged>;
  /** Whether an error proves who the caller is. */
  readonly provesIdentity: (error: PasswordChangeError) => boolean;
}

/** An answer, and whether it was given before. */
export type IdempotentAnswer = FirstAnswer & { readonly replayed: boolean };

/** Sees to it that one key, or one signed request, reaches AWS once. */
@Injectable()
export class Idempotency {
  private readonly leaseMs: number;

  /**
   * @param config for the deadline of a run
   * @param hash makes the fingerprints
   * @param store shared by replicas when Redis is configured
   * @param fallback in this process; for keys that ask for no promise, while the store is away
   * @param signatures in this process; for the signed requests that it ran, also while the store is away
   * @param quota so that one caller cannot fill the store
   */
  constructor(
    config: GatewayConfig,
    private readonly hash: KeyedHash,
    @Inject(RECORD_STORE) private readonly store: RecordStore,
    @Inject(FALLBACK_STORE) private readonly fallback: RecordStore,
    @Inject(SIGNATURE_STORE) private readonly signatures: RecordStore,
    private readonly quota: KeyQuota,
  ) {
    this.leaseMs = config.upstreamTimeoutMs + LEASE_MARGIN_MS;
  }

  /**
   * Carries a request out, or gives the first answer again.
   *
   * @throws PasswordChangeError `idempotency_key_reused`, `request_in_progress`, `outcome_unresolved` or
   * `idempotency_unavailable`; failures of the run itself are returned, not thrown
   */
  answer(run: IdempotentRun): Promise<IdempotentAnswer> {
    return run.key === undefined ? this.carryOut(run) : this.answerUnder(run.key, run);
  }

  private async answerUnder(key: IdempotencyKey, run: IdempotentRun): Promise<IdempotentAnswer> {
    const { binding, provider } = run;
    const withinQuota: CarryOut = async (suspected) => {
      if (key.promised) await this.quota.check(provider, binding.caller);
      const answer = await this.carryOut(run, suspected);
      // Not for what a stranger left behind in somebody's name: that is charged to the stranger's address.
      if (isProven(answer, run)) await this.quota.charge(provider, binding.caller);
      return answer;
    };
    const underKey = (store: RecordStore): Promise<IdempotentAnswer> =>
      binding.kind === 'caller'
        ? this.underKeyOfCaller(store, run, key, withinQuota)
        : this.underKeyOfRequest(store, run, key, withinQuota);
    try {
      return await underKey(this.store);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      if (key.promised) throw unavailable(error, provider);
    }
    // Nobody asked for a promise, so a missing store is no reason to refuse; this process still remembers.
    return underKey(this.fallback);
  }

  private carryOut(run: IdempotentRun, suspected = false): Promise<IdempotentAnswer> {
    return run.binding.kind === 'request'
      ? this.onceUntilExpiry(run, run.binding, suspected)
      : perform(run, suspected);
  }

  private underKeyOfCaller(
    store: RecordStore,
    run: IdempotentRun,
    key: IdempotencyKey,
    carryOut: CarryOut,
  ): Promise<IdempotentAnswer> {
    const { caller, request } = run.binding;
    const slot = {
      key: this.hash.of('key', run.provider, key.value, caller),
      fingerprint: this.hash.of('request', request),
      ttlMs: REMEMBER_MS,
    };
    return this.once(store, run, slot, carryOut);
  }

  private async underKeyOfRequest(
    store: RecordStore,
    run: IdempotentRun,
    key: IdempotencyKey,
    carryOut: CarryOut,
  ): Promise<IdempotentAnswer> {
    const { provider, binding } = run;
    const owner = this.hash.of('owner', provider, key.value, binding.caller);
    const fingerprint = this.hash.of('request', binding.request);
    const runId = randomUUID();
    const claim = await store.claim(owner, fingerprint, runId, this.leaseMs, REMEMBER_MS);
    const another = claim.state !== 'claimed' && claim.fingerprint !== fingerprint;
    const slot = {
      key: this.hash.of('key', provider, key.value, binding.request),
      fingerprint,
      ttlMs: REMEMBER_MS,
    };
    if (another) {
      // Whatever came between, this very request has its own answer, or is on its way to it.
      const known = (await store.fingerprint(slot.key)) !== undefined;
      if (known) return this.once(store, run, slot, () => carryOut(true));
      // A client signs each of its own retries anew, and names them all alike with a key that no stranger can guess.
      if (!key.promised) throw answeredBefore(claim, provider);
      if (claim.state === 'settled') throw reused(provider);
    }
    let answer: IdempotentAnswer | undefined;
    try {
      answer = await this.once(store, run, slot, () => carryOut(another));
      return answer;
    } finally {
      const decided = answer !== undefined && (isProven(answer, run) || (!key.promised && isUnknown(answer)));
      if (decided) await store.settle(owner, fingerprint, '', REMEMBER_MS);
      // After an unknown outcome the record stays: it makes the next attempt a suspicious one, and blocks nobody.
      else if (claim.state === 'claimed' && !isUnknown(answer)) await store.release(owner, runId);
    }
  }

  /** A signed request is its own key while AWS would still accept it: that ends the replay of a captured one. */
  private onceUntilExpiry(
    run: IdempotentRun,
    { request, expiresAt }: Extract<Binding, { kind: 'request' }>,
    suspected: boolean,
  ): Promise<IdempotentAnswer> {
    const slot = {
      key: this.hash.of('signature', run.provider, request),
      fingerprint: '-',
      ttlMs: Math.max(this.leaseMs, expiresAt - Date.now()),
    };
    const performed = (): Promise<IdempotentAnswer> => perform(run, suspected);
    // Nobody asked for a promise, so it must not take the place of one.
    return this.store.shared
      ? this.onceHereAndThere(run, slot, performed)
      : this.once(this.signatures, run, slot, performed);
  }

  /** Here first, and for as long as it runs: the shared store may go away meanwhile and come back. */
  private onceHereAndThere(run: IdempotentRun, slot: Slot, carryOut: CarryOut): Promise<IdempotentAnswer> {
    return this.once(this.signatures, run, slot, async () => {
      try {
        return await this.once(this.store, run, slot, carryOut);
      } catch (error) {
        // A missing store is no reason to refuse; it learns of the answer when it is back.
        if (!(error instanceof StoreUnavailable)) throw error;
      }
      const answer = await carryOut();
      if (isKept(answer, run.provesIdentity)) {
        await this.store.settle(slot.key, slot.fingerprint, writeAnswer(answer), slot.ttlMs);
      }
      return answer;
    });
  }

  private async once(
    store: RecordStore,
    { provider, provesIdentity }: IdempotentRun,
    { key, fingerprint, ttlMs }: Slot,
    carryOut: CarryOut,
  ): Promise<IdempotentAnswer> {
    const runId = randomUUID();
    const claim = await store.claim(key, fingerprint, runId, this.leaseMs, ttlMs);
    if (claim.state !== 'claimed') {
      if (claim.fingerprint !== fingerprint) throw reused(provider);
      if (claim.state === 'settled') return { ...readAnswer(claim.value), replayed: true };
      throw new PasswordChangeError(claim.leaseOver ? 'outcome_unresolved' : 'request_in_progress', {
        provider,
      });
    }
    let answer: IdempotentAnswer;
    try {
      answer = await carryOut();
    } catch (error) {
      await store.release(key, runId);
      throw error;
    }
    if (isKept(answer, provesIdentity)) await store.settle(key, fingerprint, writeAnswer(answer), ttlMs);
    else await store.release(key, runId);
    return answer;
  }
}

type CarryOut = (suspected?: boolean) => Promise<IdempotentAnswer>;

/** Where a record is kept, what it stands for, and for how long. */
interface Slot {
  readonly key: string;
  readonly fingerprint: string;
  readonly ttlMs: number;
}

function perform({ provider, requestId, run }: IdempotentRun, suspected: boolean): Promise<IdempotentAnswer> {
  const failed = (thrown: unknown): IdempotentAnswer => ({
    requestId,
    error:
      thrown instanceof PasswordChangeError
        ? thrown
        : new PasswordChangeError('internal_error', { provider, cause: thrown }),
    replayed: false,
  });
  try {
    return run(suspected).then((changed) => ({ requestId, changed, replayed: false }), failed);
  } catch (thrown) {
    return Promise.resolve(failed(thrown));
  }
}

function isProven(answer: FirstAnswer, { provesIdentity }: IdempotentRun): boolean {
  return 'changed' in answer || provesIdentity(answer.error);
}

function isUnknown(answer: FirstAnswer | undefined): boolean {
  return answer !== undefined && 'error' in answer && answer.error.outcome === 'unknown';
}

/** Kept: successes, unknown outcomes, and final decisions about a proven caller. The rest may be tried again. */
function isKept(answer: FirstAnswer, provesIdentity: IdempotentRun['provesIdentity']): boolean {
  if ('changed' in answer || answer.error.outcome === 'unknown') return true;
  return !answer.error.retryable && provesIdentity(answer.error);
}

function answeredBefore(claim: Claim, provider: ProviderName): PasswordChangeError {
  const inFlight = claim.state === 'started' && !claim.leaseOver;
  return inFlight
    ? new PasswordChangeError('request_in_progress', { provider })
    : new PasswordChangeError('outcome_unresolved', {
        provider,
        detail: 'An earlier attempt of this call reached AWS, and the password may have been changed by it.',
      });
}

function reused(provider: ProviderName): PasswordChangeError {
  return new PasswordChangeError('idempotency_key_reused', { provider });
}

function unavailable(cause: StoreUnavailable, provider: ProviderName): PasswordChangeError {
  return new PasswordChangeError('idempotency_unavailable', { provider, retryAfterSeconds: 1, cause });
}
