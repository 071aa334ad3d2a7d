import {
  PasswordChangeError,
  type PasswordChangeErrorOptions,
  type ProblemCode,
} from '@password-gateway/errors';

import type { PasswordChanged } from '../password/provider-adapter.js';

/** The first answer to a request, as it is given again. */
export type FirstAnswer = { readonly requestId: string } & (
  { readonly changed: PasswordChanged } | { readonly error: PasswordChangeError }
);

/**
 * Writes an answer for a store. Holds what the answer showed the caller and nothing else.
 *
 * @param answer what was answered
 */
export function writeAnswer(answer: FirstAnswer): string {
  if ('changed' in answer) return JSON.stringify(answer);
  const { code, message, outcome, next, confidence, errors, provider, upstream } = answer.error;
  const options: PasswordChangeErrorOptions = {
    detail: message,
    outcome,
    next,
    confidence,
    errors,
    ...(provider && { provider }),
    ...(upstream && { upstream }),
  };
  return JSON.stringify({ requestId: answer.requestId, code, options });
}

/**
 * Reads what {@link writeAnswer} wrote.
 *
 * @param value a stored answer
 */
export function readAnswer(value: string): FirstAnswer {
  const stored = JSON.parse(value) as
    | { requestId: string; changed: PasswordChanged }
    | { requestId: string; code: ProblemCode; options: PasswordChangeErrorOptions };
  return 'changed' in stored
    ? stored
    : { requestId: stored.requestId, error: new PasswordChangeError(stored.code, stored.options) };
}
