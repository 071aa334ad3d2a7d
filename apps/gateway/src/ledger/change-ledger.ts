import { Injectable } from '@nestjs/common';
import { PasswordChangeError } from '@password-gateway/errors';
import { randomUUID } from 'node:crypto';

import { GatewayConfig } from '../config/config.js';
import { KeyedHash } from '../fingerprint/keyed-hash.js';
import { type LimitState, limitState, RateLimited, wholeSeconds } from '../limits/limit-state.js';
import { Draining } from '../operations/draining.js';
import type { Attempt } from '../password/attempt.js';
import type { Caller, PreparedChange } from '../password/provider-adapter.js';
import { networkOf } from '../transport/client-address.js';
import { attemptNames } from './attempt-names.js';
import { endingOf } from './ending.js';
import type { IdempotencyKey } from './idempotency-key.js';
import { inDoubt, judged } from './judged-answer.js';
import type { ChargedPoints, Decision, LedgerAttempt } from './ledger.js';
import { GatewayLedger } from './ledger.provider.js';
import { type FirstAnswer, readAnswer } from './remembered-answer.js';

/** An answer, and whether it was given before. */
export type ChangeAnswer = FirstAnswer & { readonly replayed: boolean };

/** The ledger in the words of a change: callers, passwords and answers on this side, keyed hashes on the other. */
@Injectable()
export class ChangeLedger {
  /** @param config for the identity limit */
  constructor(
    private readonly config: GatewayConfig,
    private readonly ledger: GatewayLedger,
    private readonly hash: KeyedHash,
    private readonly draining: Draining,
  ) {}

  /**
   * Asks whether a change may run, and notes it as running.
   *
   * @returns the first answer to the same request, or `undefined` when the change may run, under `noted`
   * @throws PasswordChangeError why nothing may be sent
   */
  async begin(attempt: Attempt, caller: Caller, noted: LedgerAttempt): Promise<ChangeAnswer | undefined> {
    const decision = await this.ledger.begin(noted);
    attempt.ledgerAsked = true;
    if (caller.proven) attempt.limit = this.limitOf(decision.charged) ?? attempt.limit;
    if (decision.kind === 'refused') throw this.refusal(decision, caller);
    if (decision.kind === 'run') {
      attempt.trusted = decision.trusted;
      return undefined;
    }
    attempt.replayed = true;
    return { ...judged(readAnswer(decision.answer), decision.doubt), replayed: true };
  }

  /** Notes how a change has ended, and returns what may be told of it. */
  async end(
    attempt: Attempt,
    caller: Caller,
    noted: LedgerAttempt,
    answer: FirstAnswer,
    ranMs: number,
  ): Promise<ChangeAnswer> {
    const ending = endingOf(answer, caller, ranMs, noted.names.length > 0);
    attempt.proven ||= ending.proven;
    const { doubt, charged } = await this.ledger.end(noted, ending);
    if (ending.proven && (caller.proven || ending.charged)) {
      attempt.limit = this.limitOf(charged) ?? attempt.limit;
    }
    return { ...judged(answer, doubt), replayed: false };
  }

  /** A change as the ledger knows it. */
  noted(
    { requestId, address }: Attempt,
    { proven, expired }: Caller,
    change: PreparedChange,
    key: IdempotencyKey | undefined,
  ): LedgerAttempt {
    const { provider, caller, currentPassword = '', newPassword } = change;
    const fingerprint = this.hash.of('change', provider, caller, currentPassword, newPassword);
    const network = proven ? '' : this.hash.of('network', networkOf(address));
    return {
      id: randomUUID(),
      requestId,
      caller: this.hash.of('caller', provider, caller),
      proven,
      network,
      change: fingerprint,
      current: this.hash.of('current', provider, caller, currentPassword),
      names: attemptNames(this.hash, change, fingerprint, key, network),
      mayRun: expired === undefined && !this.draining.active,
    };
  }

  private limitOf({ points, lastMs }: ChargedPoints): LimitState | undefined {
    const { identity } = this.config.limits;
    return identity && limitState('identity', identity, points, lastMs);
  }

  private refusal(refused: Extract<Decision, { kind: 'refused' }>, caller: Caller): PasswordChangeError {
    const error = this.unchanged(refused, caller);
    return refused.inDoubt && error.outcome === 'unchanged' ? inDoubt(error) : error;
  }

  /** What the ledger refuses an attempt with, before any doubt is put into it. */
  private unchanged(
    { code, retryAfterMs, charged }: Extract<Decision, { kind: 'refused' }>,
    { provider, expired }: Caller,
  ): PasswordChangeError {
    const retryAfterSeconds = wholeSeconds(retryAfterMs);
    switch (code) {
      case 'not_admitted':
        return expired ?? new PasswordChangeError('gateway_draining', { provider, retryAfterSeconds });
      case 'rate_limited':
        return new RateLimited(retryAfterSeconds, this.limitOf(charged), { provider });
      case 'idempotency_key_reused':
        return new PasswordChangeError(code, { provider, outcome: 'unchanged' });
      case 'idempotency_unavailable':
        return new PasswordChangeError(code, { provider, retryAfterSeconds, outcome: 'unchanged' });
      case 'outcome_unresolved':
        return new PasswordChangeError(code, { provider });
      case 'request_in_progress':
        return new PasswordChangeError(code, { provider, retryAfterSeconds });
    }
  }
}
