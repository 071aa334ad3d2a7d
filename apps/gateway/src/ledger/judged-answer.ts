import {
  PasswordChangeError,
  type PasswordChangeErrorOptions,
  type ProblemCode,
} from '@password-gateway/errors';

import { RateLimited } from '../limits/limit-state.js';

import type { Doubt } from './ledger.js';
import type { FirstAnswer } from './remembered-answer.js';

/** What AWS says to a password that has been changed a moment ago. */
const MAY_FOLLOW_A_CHANGE: ReadonlySet<ProblemCode> = new Set([
  'current_password_incorrect',
  'current_password_required',
  'not_authorized',
]);

/** Why a refusal under a key does not say "unchanged" before the ledger was asked. */
export const KEY_NOT_LOOKED_UP =
  'This request was refused before its Idempotency-Key was looked up: whether an earlier request with the key has changed the password is not known.';

/** Whether an answer of AWS may mean that an earlier attempt has changed the password. */
export function mayFollowAChange(error: PasswordChangeError): boolean {
  return MAY_FOLLOW_A_CHANGE.has(error.code);
}

/**
 * What may be said of an attempt, in view of what the ledger knows of others.
 *
 * @param answer what AWS said
 * @param doubt what speaks against "unchanged"
 */
export function judged(answer: FirstAnswer, doubt: Doubt): FirstAnswer {
  if ('changed' in answer || doubt === '' || answer.error.outcome === 'unknown') return answer;
  const { requestId, error } = answer;
  return { requestId, error: mayFollowAChange(error) ? unresolved(error, doubt) : inDoubt(error) };
}

/**
 * The same failure, of an outcome that nobody knows, because of an earlier attempt.
 *
 * @param error a failure that sent nothing, or that AWS refused
 * @param why a sentence that says so
 */
export function inDoubt(
  error: PasswordChangeError,
  why = 'An earlier attempt may have changed the password.',
): PasswordChangeError {
  const { code, message, confidence, next, errors, provider, upstream, retryAfterSeconds, account } = error;
  const options: PasswordChangeErrorOptions = {
    detail: `${message} ${why}`,
    outcome: 'unknown',
    ...{ confidence, next, errors, unmappedText: error.unmappedText, cause: error.cause },
    ...(provider && { provider }),
    ...(upstream && { upstream }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(account !== undefined && { account }),
  };
  return error instanceof RateLimited
    ? new RateLimited(retryAfterSeconds ?? 1, error.limitState, options)
    : new PasswordChangeError(code, options);
}

function unresolved(error: PasswordChangeError, doubt: Doubt): PasswordChangeError {
  const { provider, upstream, account } = error;
  const [, at, requestId] = /^changed (\d+) (.+)$/.exec(doubt) ?? [];
  return new PasswordChangeError('outcome_unresolved', {
    confidence: 'inferred',
    ...(at !== undefined && {
      detail: `This very change was carried out at ${new Date(Number(at)).toISOString()} by the request ${requestId ?? ''}, so the password is most likely the new one.`,
    }),
    ...(provider && { provider }),
    ...(upstream && { upstream }),
    ...(account !== undefined && { account }),
  });
}
