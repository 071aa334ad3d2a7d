import { Inject, Injectable } from '@nestjs/common';
import { PasswordChangeError, type ProblemCode, type ProviderName } from '@password-gateway/errors';

import { REMEMBER_MS } from './idempotency.js';
import { KeyedHash } from './keyed-hash.js';
import type { RecordStore } from './record-store.js';
import { FALLBACK_STORE, RECORD_STORE } from './stores.js';

/** What AWS says to a change that has been made already. */
const MAY_FOLLOW_A_CHANGE: ReadonlySet<ProblemCode> = new Set([
  'current_password_incorrect',
  'current_password_required',
  'not_authorized',
]);

/** One change; of what is remembered of it only a keyed hash is kept. */
export interface RememberedChange {
  readonly provider: ProviderName;
  readonly caller: string;
  readonly currentPassword: string | undefined;
  readonly newPassword: string;
}

/** A change on its way. */
export interface Run {
  readonly overlapped: () => boolean;
  readonly end: () => void;
}

/**
 * Remembers changes whose outcome nobody knows. When the same change is tried again and AWS says that the current
 * password is incorrect, the first attempt may have succeeded: "your password is wrong" would be a lie.
 */
@Injectable()
export class UnknownOutcomes {
  /** By who makes them. */
  private readonly running = new Map<string, Running[]>();
  private hasRemembered = false;

  /**
   * @param hash makes the fingerprints
   * @param store shared by replicas when Redis is configured
   * @param memory in this process, which also holds while Redis is away
   */
  constructor(
    private readonly hash: KeyedHash,
    @Inject(RECORD_STORE) private readonly store: RecordStore,
    @Inject(FALLBACK_STORE) private readonly memory: RecordStore,
  ) {}

  /**
   * What a failed attempt is answered with.
   *
   * @param doubt.suspected another attempt under the same key may have reached AWS and did not say how it ended
   * @param doubt.promised the caller sent an idempotency key: what the shared memory cannot be asked for is in doubt too
   * @returns the failure itself, or `outcome_unresolved`
   */
  async judge(
    change: RememberedChange,
    error: PasswordChangeError,
    { suspected, promised }: { readonly suspected: boolean; readonly promised: boolean },
  ): Promise<PasswordChangeError> {
    if (error.outcome === 'unknown') {
      await this.remember(change);
      return error;
    }
    if (!MAY_FOLLOW_A_CHANGE.has(error.code)) return error;
    if (!suspected && !(await this.holds(this.key(change), promised))) return error;
    return new PasswordChangeError('outcome_unresolved', {
      provider: change.provider,
      confidence: 'inferred',
      ...(error.upstream && { upstream: error.upstream }),
    });
  }

  /**
   * Notes that a change is on its way. Of two that overlap, each may be told "incorrect" because of the other.
   *
   * @returns whether another one was on its way meanwhile, to be asked at the end; and the end
   */
  begin(change: RememberedChange): Run {
    const who = `${change.provider} ${change.caller}`;
    const runs = this.running.get(who) ?? [];
    const run = { change, overlapped: false };
    for (const other of runs) if (isSame(other.change, change)) run.overlapped = other.overlapped = true;
    runs.push(run);
    this.running.set(who, runs);
    return {
      overlapped: () => run.overlapped,
      end: () => {
        runs.splice(runs.indexOf(run), 1);
        if (runs.length === 0) this.running.delete(who);
      },
    };
  }

  /** Remembers a change that may have happened. */
  async remember(change: RememberedChange): Promise<void> {
    this.hasRemembered = true;
    const key = this.key(change);
    await this.memory.settle(key, '-', '', REMEMBER_MS);
    await this.store.settle(key, '-', '', REMEMBER_MS);
  }

  /** The change succeeded after all, so nothing about it is unknown any more. */
  resolve(change: RememberedChange): void {
    // Where nothing was remembered nothing is looked for: the key alone costs 3 µs.
    if (!this.store.shared && !this.hasRemembered) return;
    const key = this.key(change);
    void this.memory.forget(key);
    // The answer need not wait for it.
    void this.store.forget(key);
  }

  private async holds(key: string, whenAway: boolean): Promise<boolean> {
    if ((await this.memory.fingerprint(key)) !== undefined) return true;
    try {
      return (await this.store.fingerprint(key)) !== undefined;
    } catch {
      return whenAway;
    }
  }

  private key(change: RememberedChange): string {
    const { provider, caller, currentPassword = '', newPassword } = change;
    return this.hash.of('unknown', provider, caller, currentPassword, newPassword);
  }
}

interface Running {
  readonly change: RememberedChange;
  overlapped: boolean;
}

function isSame(one: RememberedChange, other: RememberedChange): boolean {
  return one.currentPassword === other.currentPassword && one.newPassword === other.newPassword;
}
