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
