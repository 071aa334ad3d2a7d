import { brokenRules, type Rule, stringRule, textRules, type Violation } from './rule.js';

/** Longest password of Amazon Cognito, in code points. Source: API reference of ChangePassword, PreviousPassword. */
export const COGNITO_PASSWORD_MAX_LENGTH = 256;

// The service reads its pattern as a Java regular expression, where \s is these six characters and no others.
const WHITE_SPACE_AT_END = /^[ \t\n\v\f\r]|[ \t\n\v\f\r]$/;

/**
 * The rules of an Amazon Cognito password, current or new.
 *
 * The reference prints the pattern `[\S]+`, unanchored; the service enforces `^[\S]+.*[\S]+$`, so white space is valid
 * inside a password and refused at either end. A pool's own policy is the service's to judge.
 *
 * Source: Amazon Cognito API reference, ChangePassword; Cognito developer guide, "Adding user pool password requirements".
 */
export const COGNITO_PASSWORD_RULES: readonly Rule[] = [
  ...textRules(COGNITO_PASSWORD_MAX_LENGTH),
  stringRule(
    'white_space_at_end',
    'Must not begin or end with white space.',
    (value) => !WHITE_SPACE_AT_END.test(value),
  ),
];

/**
 * Every rule of Amazon Cognito that a password breaks; empty when it may be sent. See {@link COGNITO_PASSWORD_RULES}.
 *
 * @param value - a current or new password
 */
export function cognitoPasswordViolations(value: unknown): Violation[] {
  return brokenRules(COGNITO_PASSWORD_RULES, value);
}
