import { Injectable } from '@nestjs/common';
import { PasswordChangeError, type ProblemCode, type ProviderName } from '@password-gateway/errors';

import type { ChangeRequest } from '../dialect/dialect.js';
import { provesIdentity } from '../limits/identity-proof.js';
import { Idempotency, type IdempotentAnswer } from '../limits/idempotency.js';
import type { Reservation } from '../limits/limit-bucket.js';
import { RateLimits } from '../limits/rate-limits.js';
import { UnknownOutcomes } from '../limits/unknown-outcomes.js';
import { Metrics } from '../operations/metrics.js';
import type { Attempt } from './attempt.js';
import { CognitoAdapter } from './cognito.adapter.js';
import { IamAdapter } from './iam.adapter.js';
import { UnknownTokenKey } from './pool-keys.js';
import type { PasswordChanged, PreparedChange, ProviderAdapter } from './provider-adapter.js';

/** Answers that cost an identity a point: the caller is proven and the password was wrong, or may have been. */
const CHARGED: ReadonlySet<ProblemCode> = new Set(['current_password_incorrect', 'not_authorized']);

/** An unresolved outcome is AWS's "incorrect" in other words when AWS was asked. */
function isCharged({ code, upstream }: PasswordChangeError): boolean {
  return CHARGED.has(code) || (code === 'outcome_unresolved' && upstream?.error !== undefined);
}

/** Refusals that say nothing about the caller, so no address pays for them. */
const NOBODYS_FAULT: ReadonlySet<ProblemCode> = new Set([
  'upstream_unreachable',
  'upstream_unavailable',
  'gateway_draining',
  'idempotency_unavailable',
  'internal_error',
]);

/** A key id that nobody knows is the caller's, though the answer has to be that it cannot be looked for now. */
function isNobodysFault(error: unknown): boolean {
  if (error === undefined || error instanceof UnknownTokenKey) return false;
  return !(error instanceof PasswordChangeError) || NOBODYS_FAULT.has(error.code);
}

/** Carries a change out: the order of the checks is the order of the lines. */
@Injectable()
export class PasswordService {
  private readonly adapters: Readonly<Record<ProviderName, ProviderAdapter>>;

  /** A third provider is one more adapter here. */
  constructor(
    cognito: CognitoAdapter,
    iam: IamAdapter,
    private readonly limits: RateLimits,
    private readonly idempotency: Idempotency,
    private readonly unknownOutcomes: UnknownOutcomes,
    private readonly metrics: Metrics,
  ) {
    this.adapters = { cognito, iam };
  }

  /**
   * Changes a password, or gives the first answer to the same request again. Writes into the attempt what it learns.
   *
   * @returns the answer; failures that are part of it are in it
   * @throws PasswordChangeError what was refused before an answer could be had
   */
  async change(attempt: Attempt, request: ChangeRequest): Promise<IdempotentAnswer> {
    attempt.provider = request.credential.provider;
    attempt.limit = await this.limits.checkAddress(attempt.address);
    try {
      const answer = await this.asCaller(attempt, request);
      await this.chargeAddress(attempt, 'error' in answer ? answer.error : undefined);
      return answer;
    } catch (error) {
      await this.chargeAddress(attempt, error);
      throw error;
    }
  }

  private async asCaller(
    attempt: Attempt,
    { credential, fields, idempotencyKey }: ChangeRequest,
  ): Promise<IdempotentAnswer> {
    const adapter = this.adapters[credential.provider];
    const caller = await adapter.prove(credential);
    attempt.who = caller.audit;
    attempt.proven = caller.proven;
    const change = await adapter.prepare(credential, caller, fields());
    const key = idempotencyKey();
    const limit = await this.limits.checkIdentity(caller.id);
    // How often somebody failed is nothing to tell a stranger who knows an access key id.
    if (caller.proven) attempt.limit = limit;
    let reservation: Reservation | undefined;
    try {
      const answer = await this.idempotency.answer({
        provider: caller.provider,
        requestId: attempt.requestId,
        key,
        binding: change.binding,
        // Not before the key is claimed: whoever asks again must not be refused for the call that was asked for first.
        run: (suspected) =>
          this.limits
            .reserveIdentity(caller.id, caller.proven ? undefined : attempt.address)
            .then((reserved) => {
              reservation = reserved;
              return this.callOnce(attempt, change, { suspected, promised: key?.promised === true });
            }),
        provesIdentity: (error) => provesIdentity(caller, error),
      });
      attempt.replayed = answer.replayed;
      attempt.proven ||= 'changed' in answer || provesIdentity(caller, answer.error);
      const charged = 'error' in answer && !answer.replayed && attempt.proven && isCharged(answer.error);
      // Charged before the reservation ends, so that the two together are never too few.
      if (charged) attempt.limit = await this.limits.chargeIdentity(caller.id);
      return answer;
    } catch (error) {
      // The run that died remembered nothing, and the same change may come again under another key.
      if (error instanceof PasswordChangeError && error.code === 'outcome_unresolved') {
        await this.unknownOutcomes.remember(change);
      }
      throw error;
    } finally {
      await reservation?.release();
    }
  }

  private async callOnce(
    attempt: Attempt,
    change: PreparedChange,
    doubt: { readonly suspected: boolean; readonly promised: boolean },
  ): Promise<PasswordChanged> {
    const { provider } = change;
    if (attempt.cutOff) throw new PasswordChangeError('gateway_draining', { provider });
    attempt.calledUpstream = true;
    const startedAt = performance.now();
    const run = this.unknownOutcomes.begin(change);
    let changed: PasswordChanged;
    try {
      changed = await change.send();
    } catch (error) {
      if (!(error instanceof PasswordChangeError)) throw error;
      if (error.code !== 'upstream_unavailable') this.metrics.upstreamCall(provider, startedAt);
      attempt.account = error.account;
      throw await this.unknownOutcomes.judge(change, error, {
        ...doubt,
        suspected: doubt.suspected || run.overlapped(),
      });
    } finally {
      run.end();
    }
    this.metrics.upstreamCall(provider, startedAt);
    this.unknownOutcomes.resolve(change);
    return changed;
  }

  private async chargeAddress(attempt: Attempt, error: unknown): Promise<void> {
    if (attempt.proven || isNobodysFault(error)) return;
    attempt.limit = (await this.limits.chargeAddress(attempt.address)) ?? attempt.limit;
  }
}
