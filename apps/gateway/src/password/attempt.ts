import type { Outcome, PasswordChangeError, ProviderName } from '@password-gateway/errors';

import type { LimitState } from '../limits/limit-state.js';
import type { AuditIdentity } from './provider-adapter.js';

/** What is known of one attempt to change a password; filled in on its way, read by log, audit and metrics. */
export interface Attempt {
  readonly requestId: string;
  readonly address: string;
  provider: ProviderName | undefined;
  /** Id of the request whose answer this is; another one when the first answer is given again. */
  firstRequestId: string;
  /** Who the credential names. */
  who: AuditIdentity | undefined;
  /** Whether that is proven, by the token's signature or by AWS's answer. */
  proven: boolean;
  /** Whether it is the caller's own for certain: proven already, or from where AWS has proven the caller. */
  trusted: boolean;
  /** 12 digits, when AWS named the account. */
  account: string | undefined;
  /** `changed`, or the problem code. */
  code: string;
  /** `changed`, or what became of the password. */
  outcome: Outcome | 'changed';
  upstreamRequestId: string | undefined;
  /** Whether `code` and `outcome` are those of the answer; until then nobody knows them. */
  answered: boolean;
  /** The service's work on it, once the request has arrived whole. It may outlive the caller's connection. */
  running: Promise<unknown> | undefined;
  /** Whether anything was handed to the provider, so that a later fault cannot claim an unchanged password. */
  calledUpstream: boolean;
  /** It outlasted the draining and was told of as ended: it must not begin to call any more. */
  cutOff: boolean;
  /** Whether the ledger was asked. Before that, nothing is known of earlier attempts under the same key. */
  ledgerAsked: boolean;
  /** The answer was given before; no call was made. */
  replayed: boolean;
  /** The limit that was touched last. */
  limit: LimitState | undefined;
}

/**
 * An attempt of which nothing is known yet.
 *
 * @param requestId id of the request
 * @param address the caller's address, a trusted proxy's word respected
 */
export function newAttempt(requestId: string, address: string): Attempt {
  return {
    requestId,
    address,
    firstRequestId: requestId,
    provider: undefined,
    who: undefined,
    proven: false,
    trusted: false,
    account: undefined,
    // Until the request has arrived whole.
    code: 'request_timeout',
    outcome: 'unchanged',
    answered: false,
    upstreamRequestId: undefined,
    running: undefined,
    calledUpstream: false,
    cutOff: false,
    ledgerAsked: false,
    replayed: false,
    limit: undefined,
  };
}

/**
 * Notes the failure that an attempt is answered with.
 *
 * @param attempt the attempt
 * @param error the failure
 */
export function noteFailure(attempt: Attempt, { code, outcome, upstream }: PasswordChangeError): void {
  attempt.code = code;
  attempt.outcome = outcome;
  attempt.answered = true;
  attempt.upstreamRequestId = upstream?.requestId;
}
