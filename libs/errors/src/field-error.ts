import type { NextStep } from './next-step.js';

/** Which rule a field breaks; a closed list. */
export type FieldErrorCode =
  | 'required'
  | 'not_a_string'
  | 'too_short'
  | 'too_long'
  | 'white_space_at_end'
  | 'character_not_allowed'
  | 'unpaired_surrogate'
  | 'unknown_field'
  | 'same_as_current'
  | 'used_before'
  | 'compromised'
  | 'incorrect'
  | 'uppercase_missing'
  | 'lowercase_missing'
  | 'number_missing'
  | 'symbol_missing'
  | 'policy'
  | 'invalid';

/** One broken rule of one field. Never holds the value of the field. */
export interface FieldError {
  /** JSON pointer into the request body (RFC 6901), for instance `/newPassword`. */
  readonly pointer: string;
  /** Which rule is broken. */
  readonly code: FieldErrorCode;
  /** The rule in words. */
  readonly detail: string;
}

/** The field error of a current password that AWS refused. */
export const INCORRECT_PASSWORD: FieldError = {
  pointer: '/currentPassword',
  code: 'incorrect',
  detail: 'Is not the current password.',
};

/** The field error of a new password that the password history refuses. */
export const USED_BEFORE: FieldError = {
  pointer: '/newPassword',
  code: 'used_before',
  detail: 'Was used before.',
};

/** The field error of a new password that everybody's guess lists hold. */
export const COMPROMISED: FieldError = {
  pointer: '/newPassword',
  code: 'compromised',
  detail: 'Is known from leaks or too easy to guess.',
};

/**
 * What a person can do about fields at fault: the new password first, because it is what they can choose.
 *
 * @param errors - the fields at fault
 * @returns the step; `contact_support` when neither password is among them
 */
export function nextStepFor(errors: readonly FieldError[]): NextStep {
  if (errors.some(({ pointer }) => pointer === '/newPassword')) return 'choose_another_password';
  if (errors.some(({ pointer }) => pointer === '/currentPassword')) return 'correct_current_password';
  return 'contact_support';
}
