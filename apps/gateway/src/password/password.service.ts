import { Injectable } from '@nestjs/common';
import { PasswordChangeError, type ProblemCode, type ProviderName } from '@password-gateway/errors';

import type { ChangeRequest } from '../dialect/dialect.js';
import { type ChangeAnswer, ChangeLedger } from '../ledger/change-ledger.js';
import type { FirstAnswer } from '../ledger/remembered-answer.js';
import { AddressLimit } from '../limits/address-limit.js';
import { Metrics } from '../operations/metrics.js';
import { networkOf } from '../transport/client-address.js';
import { UpstreamShares } from '../upstream/upstream-shares.js';
import type { Attempt } from './attempt.js';
import { CognitoAdapter } from './cognito.adapter.js';
import { IamAdapter } from './iam.adapter.js';
import { UnknownTokenKey } from './pool-keys.js';
import type { PreparedChange, ProviderAdapter } from './provider-adapter.js';

/** Answers that blame a credential; its address pays for them while nobody is proven. */
const BLAMES_THE_CREDENTIAL: ReadonlySet<ProblemCode> = new Set([
  'credential_malformed',
  'credential_invalid',
  'credential_expired',
  'credential_revoked',
  'signature_mismatch',
  'not_authorized',
]);

/** Carries a change out: the order of the checks is the order of the lines. */
@Injectable()
export class PasswordService {
  private readonly adapters: Readonly<Record<ProviderName, ProviderAdapter>>;

  /** A third provider is one more adapter here. */
  constructor(
    cognito: CognitoAdapter,
    iam: IamAdapter,
    private readonly addresses: AddressLimit,
    private readonly ledger: ChangeLedger,
    private readonly shares: UpstreamShares,
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
  async change(attempt: Attempt, request: ChangeRequest): Promise<ChangeAnswer> {
    attempt.provider = request.credential.provider;
    attempt.limit = await this.addresses.check(attempt.address);
    try {
      return await this.asCaller(attempt, request);
    } catch (error) {
      if (isBlamed(error)) await this.chargeAddress(attempt);
      throw error;
    }
  }

  private async asCaller(
    attempt: Attempt,
    { credential, fields, idempotencyKey }: ChangeRequest,
  ): Promise<ChangeAnswer> {
    const adapter = this.adapters[credential.provider];
    const caller = await adapter.prove(credential);
    attempt.who = caller.audit;
    attempt.proven = caller.proven;
    let change: PreparedChange;
    try {
      change = await adapter.prepare(credential, caller, fields());
    } catch (error) {
      // An expired credential is refused for that, whatever else is wrong.
      throw caller.expired ?? error;
    }
    const noted = this.ledger.noted(attempt, caller, change, idempotencyKey());
    const first = await this.ledger.begin(attempt, caller, noted);
    if (first !== undefined) return first;
    const startedAt = performance.now();
    const answer = await this.send(attempt, change, startedAt);
    const told = this.ledger.end(attempt, caller, noted, answer, performance.now() - startedAt);
    const isStranger = !attempt.proven && 'error' in answer && isBlamed(answer.error);
    await Promise.all([told, isStranger && this.chargeAddress(attempt)]);
    return told;
  }

  private async send(attempt: Attempt, change: PreparedChange, startedAt: number): Promise<FirstAnswer> {
    const { requestId, address, trusted } = attempt;
    const { provider, caller } = change;
    let leave: (() => void) | undefined;
    try {
      // It outlasted the draining and was told of as ended.
      if (attempt.cutOff) throw new PasswordChangeError('gateway_draining', { provider });
      leave = this.shares.enter({ network: networkOf(address), caller: `${provider} ${caller}`, trusted });
      attempt.calledUpstream = true;
      const changed = await change.send();
      this.metrics.upstreamCall(provider, startedAt);
      return { requestId, changed };
    } catch (thrown) {
      if (!(thrown instanceof PasswordChangeError)) {
        return { requestId, error: new PasswordChangeError('internal_error', { provider, cause: thrown }) };
      }
      if (attempt.calledUpstream && thrown.code !== 'upstream_unavailable') {
        this.metrics.upstreamCall(provider, startedAt);
      }
      attempt.account = thrown.account;
      return { requestId, error: thrown };
    } finally {
      leave?.();
    }
  }

  private async chargeAddress(attempt: Attempt): Promise<void> {
    attempt.limit = (await this.addresses.charge(attempt.address)) ?? attempt.limit;
  }
}

/** A key id that nobody knows is the caller's, though the answer has to be that it cannot be looked for now. */
function isBlamed(error: unknown): boolean {
  if (error instanceof UnknownTokenKey) return true;
  return error instanceof PasswordChangeError && BLAMES_THE_CREDENTIAL.has(error.code);
}
