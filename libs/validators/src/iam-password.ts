import { brokenRules, type Rule, stringRule, textRules, type Violation } from './rule.js';

/** Longest password of AWS IAM, in characters. Source: API reference of ChangePassword, OldPassword. */
export const IAM_PASSWORD_MAX_LENGTH = 128;

const ALLOWED = /^[\t\n\r\u0020-\u00FF]*$/;

/**
 * The rules of an AWS IAM password, current or new. The account's password policy is the service's to judge.
 *
 * Source: AWS IAM API reference, ChangePassword: pattern `[\u0009\u000A\u000D\u0020-\u00FF]+`, length 1 to 128.
 */
export const IAM_PASSWORD_RULES: readonly Rule[] = [
  ...textRules(IAM_PASSWORD_MAX_LENGTH),
  stringRule(
    'character_not_allowed',
    'Must hold only tab, line feed, carriage return and characters from U+0020 to U+00FF.',
    (value) => ALLOWED.test(value),
  ),
];

/**
 * Every rule of AWS IAM that a password breaks; empty when it may be sent. See {@link IAM_PASSWORD_RULES}.
 *
 * @param value - a current or new password
 */
export function iamPasswordViolations(value: unknown): Violation[] {
  return brokenRules(IAM_PASSWORD_RULES, value);
}
