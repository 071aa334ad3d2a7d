import { Inject, Injectable } from '@nestjs/common';
import { PasswordChangeError, type ProviderName } from '@password-gateway/errors';
import { randomUUID } from 'node:crypto';

import { GatewayConfig } from '../config/config.js';
import type { PasswordChanged } from '../password/provider-adapter.js';
import { type FirstAnswer, readAnswer, writeAnswer } from './answer-record.js';
import { KeyedHash } from './keyed-hash.js';
import { type RecordStore, StoreUnavailable } from './record-store.js';
import { FALLBACK_STORE, RECORD_STORE } from './stores.js';

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
  /** Value of `Idempotency-Key`, when one was sent. */
  readonly key: string | undefined;
  readonly binding: Binding;
  /** Calls AWS. Called once or not at all. */
  readonly run: () => Promise<PasswordChanged>;
  /** Whether an error proves who the caller is. */
  readonly provesIdentity: (error: PasswordChangeError) => boolean;
}

/** An answer, and whether it was given before. */
export type IdempotentAnswer = FirstAnswer & { readonly replayed: boolean };

/** Sees to it that one key, or one signed request, reaches AWS once. */
@Injectable()
export class Idempotency {
  private readonly leaseMs: number;

  /** @param store shared by replicas when Redis is configured
   * @param fallback in this process; for signed requests without a key while the store is away */
  constructor(
    config: GatewayConfig,
    private readonly hash: KeyedHash,
    @Inject(RECORD_STORE) private readonly store: RecordStore,
    @Inject(FALLBACK_STORE) private readonly fallback: RecordStore,
  ) {
    this.leaseMs = config.upstreamTimeoutMs + LEASE_MARGIN_MS;
  }

  /**
   * Carries a request out, or gives the first answer again.
   *
   * @throws PasswordChangeError `idempotency_key_reused`, `request_in_progress`, `outcome_unresolved` or
   * `idempotency_unavailable`; failures of the run itself are returned, not thrown
   */
  async answer(run: IdempotentRun): Promise<IdempotentAnswer> {
    const { key, binding } = run;
    const carryOut = (): Promise<IdempotentAnswer> =>
      binding.kind === 'request' ? this.onceUntilExpiry(run, binding) : perform(run);
    if (key === undefined) return carryOut();
    try {
      return await (binding.kind === 'caller'
        ? this.underKeyOfCaller(run, key, carryOut)
        : this.underKeyOfRequest(run, key, carryOut));
    } catch (error) {
      throw unavailable(error, run.provider);
    }
  }

  private underKeyOfCaller(run: IdempotentRun, key: string, carryOut: CarryOut): Promise<IdempotentAnswer> {
    const { caller, request } = run.binding;
    const slot = {
      key: this.hash.of('key', run.provider, key, caller),
      fingerprint: this.hash.of('request', request),
      ttlMs: REMEMBER_MS,
    };
    return this.once(this.store, run, slot, carryOut);
  }

  private async underKeyOfRequest(
    run: IdempotentRun,
    key: string,
    carryOut: CarryOut,
  ): Promise<IdempotentAnswer> {
    const { caller, request } = run.binding;
    const owner = this.hash.of('owner', run.provider, key, caller);
    const fingerprint = this.hash.of('request', request);
    const owned = await this.store.fingerprint(owner);
    if (owned !== undefined && owned !== fingerprint) throw reused(run.provider);
    const slot = { key: this.hash.of('key', run.provider, key, request), fingerprint, ttlMs: REMEMBER_MS };
    const answer = await this.once(this.store, run, slot, carryOut);
    const proven = 'changed' in answer || run.provesIdentity(answer.error);
    if (proven && owned === undefined) await this.store.settle(owner, fingerprint, '', REMEMBER_MS);
    return answer;
  }

  /** A signed request is its own key while AWS would still accept it: that ends the replay of a captured one. */
  private async onceUntilExpiry(
    run: IdempotentRun,
    { request, expiresAt }: Extract<Binding, { kind: 'request' }>,
  ): Promise<IdempotentAnswer> {
    const slot = {
      key: this.hash.of('signature', run.provider, request),
      fingerprint: '-',
      ttlMs: Math.max(this.leaseMs, expiresAt - Date.now()),
    };
    try {
      return await this.once(this.store, run, slot, () => perform(run));
    } catch (error) {
      // Nobody asked for a promise, so a missing store is no reason to refuse; this process still remembers.
      if (!(error instanceof StoreUnavailable)) throw error;
      return this.once(this.fallback, run, slot, () => perform(run));
    }
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

type CarryOut = () => Promise<IdempotentAnswer>;

/** Where a record is kept, what it stands for, and for how long. */
interface Slot {
  readonly key: string;
  readonly fingerprint: string;
  readonly ttlMs: number;
}

async function perform({ provider, requestId, run }: IdempotentRun): Promise<IdempotentAnswer> {
  try {
    return { requestId, changed: await run(), replayed: false };
  } catch (thrown) {
    const error =
      thrown instanceof PasswordChangeError
        ? thrown
        : new PasswordChangeError('internal_error', { provider, cause: thrown });
    return { requestId, error, replayed: false };
  }
}

/** Kept: successes, unknown outcomes, and final decisions about a proven caller. The rest may be tried again. */
function isKept(answer: FirstAnswer, provesIdentity: IdempotentRun['provesIdentity']): boolean {
  if ('changed' in answer || answer.error.outcome === 'unknown') return true;
  return !answer.error.retryable && provesIdentity(answer.error);
}

function reused(provider: ProviderName): PasswordChangeError {
  return new PasswordChangeError('idempotency_key_reused', { provider });
}

function unavailable(error: unknown, provider: ProviderName): unknown {
  return error instanceof StoreUnavailable
    ? new PasswordChangeError('idempotency_unavailable', { provider, retryAfterSeconds: 1, cause: error })
    : error;
}
