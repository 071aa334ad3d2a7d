import type { PasswordChangeError, ProblemCode } from '@password-gateway/errors';

import type { Caller } from '../password/provider-adapter.js';
import { provesIdentity } from './identity-proof.js';
import { mayFollowAChange } from './judged-answer.js';
import type { Ending } from './ledger.js';
import { type FirstAnswer, writeAnswer } from './remembered-answer.js';

/** Answers that cost an identity a point: the caller is proven and the password was wrong, or may have been. */
const CHARGED: ReadonlySet<ProblemCode> = new Set(['current_password_incorrect', 'not_authorized']);

/** Answers that AWS gives only after it has judged a password, beside "incorrect". */
const JUDGES_THE_NEW_PASSWORD: ReadonlySet<ProblemCode> = new Set([
  'new_password_rejected',
  'new_password_reused',
]);

/**
 * How an attempt has ended, for the ledger.
 *
 * @param answer what AWS said, or why nothing was sent
 * @param caller who the credential names, and whether the gateway has proven it
 * @param ranMs how long it took, in milliseconds
 * @param isNamed whether anything can ask for the answer again
 */
export function endingOf(answer: FirstAnswer, caller: Caller, ranMs: number, isNamed: boolean): Ending {
  const written = { answer: isNamed ? writeAnswer(answer) : '', ranMs: Math.ceil(ranMs) };
  if ('changed' in answer) {
    return {
      ...{ state: 'changed', incorrect: false, judged: true, proven: true, charged: false, kept: true },
      ...written,
    };
  }
  const { error } = answer;
  const proven = provesIdentity(caller, error);
  const incorrect = proven && mayFollowAChange(error);
  return {
    state: error.outcome,
    incorrect,
    judged: incorrect || JUDGES_THE_NEW_PASSWORD.has(error.code),
    proven,
    charged: proven && CHARGED.has(error.code),
    kept: isKept(error, proven),
    ...written,
  };
}

/** Unknown outcomes, and final decisions about a proven caller. Any other failure may be tried again. */
function isKept(error: PasswordChangeError, proven: boolean): boolean {
  return error.outcome === 'unknown' || (proven && !error.retryable);
}
