import {
  type FieldError,
  nextStepFor,
  PasswordChangeError,
  type ProviderName,
} from '@password-gateway/errors';

import { COGNITO_PASSWORD_RULES } from './cognito-password.js';
import { IAM_PASSWORD_RULES } from './iam-password.js';
import { brokenRules, type Rule } from './rule.js';

/** The two fields of a change, unchecked. */
export interface UncheckedPasswordChange {
  /** The current password, as it arrived. */
  readonly currentPassword?: unknown;
  /** The new password, as it arrived. */
  readonly newPassword?: unknown;
}

const RULES: Record<ProviderName, readonly Rule[]> = {
  cognito: COGNITO_PASSWORD_RULES,
  iam: IAM_PASSWORD_RULES,
};

/** The rule of a field that must be there. */
export const IS_PRESENT: Rule = {
  code: 'required',
  detail: 'Is required.',
  holds: (value) => value !== undefined,
};

/** In words, the rule that the new password is another one than the current one. */
export const SAME_AS_CURRENT = {
  code: 'same_as_current',
  detail: 'Must differ from the current password.',
} as const;

/**
 * Every rule that the two fields of a password change break, in one list, with JSON pointers; empty when the change may
 * be sent. For Cognito `currentPassword` may be left out (a passwordless user sets a first password).
 *
 * @param provider - who keeps the password
 * @param change - the fields as they arrived
 */
export function passwordChangeViolations(
  provider: ProviderName,
  { currentPassword, newPassword }: UncheckedPasswordChange,
): FieldError[] {
  const errors: FieldError[] = [];
  const check = (pointer: string, value: unknown, required: boolean): void => {
    const rules = value === undefined ? (required ? [IS_PRESENT] : []) : RULES[provider];
    for (const violation of brokenRules(rules, value)) errors.push({ pointer, ...violation });
  };
  check('/currentPassword', currentPassword, provider === 'iam');
  check('/newPassword', newPassword, true);
  if (typeof newPassword === 'string' && newPassword === currentPassword) {
    errors.push({ pointer: '/newPassword', ...SAME_AS_CURRENT });
  }
  return errors;
}

/**
 * The typed error for a list of broken rules: the special codes where one rule alone is broken, else `request_invalid`
 * with all of them.
 *
 * @param provider - who keeps the password
 * @param errors - at least one broken rule
 */
export function invalidChangeError(
  provider: ProviderName,
  errors: readonly FieldError[],
): PasswordChangeError {
  const only = errors.length === 1 ? errors[0] : undefined;
  if (only?.code === 'same_as_current') {
    return new PasswordChangeError('new_password_reused', { provider, errors, detail: only.detail });
  }
  if (only?.code === 'required' && only.pointer === '/currentPassword') {
    return new PasswordChangeError('current_password_required', {
      provider,
      errors,
      detail: 'IAM always needs the current password.',
    });
  }
  return new PasswordChangeError('request_invalid', { provider, errors, next: nextStepFor(errors) });
}
