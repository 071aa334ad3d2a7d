import { brokenRules, type Rule, stringRule, textRules, type Violation } from './rule.js';

/** Longest password of Amazon Cognito, in code points. Source: API reference of ChangePassword, PreviousPassword. */
export const COGNITO_PASSWORD_MAX_LENGTH = 256;

/** Shortest password of Amazon Cognito, in code points: each half of its pattern takes one. */
const COGNITO_PASSWORD_MIN_LENGTH = 2;

// The service reads its pattern as a Java regular expression, where \s is these six characters and no others.
const WHITE_SPACE = /[ \t\n\v\f\r]/;
const WHITE_SPACE_AT_END = /^[ \t\n\v\f\r]|[ \t\n\v\f\r]$/;

/** What the dot of a Java regular expression does not take. */
const LINE_BREAK = /[\n\r\u0085\u2028\u2029]/;

/** Line breaks that are no white space are taken by either half of the pattern, so only the part between counts. */
function hasLineBreakInside(value: string): boolean {
  const first = value.search(WHITE_SPACE);
  if (first < 0) return false;
  let last = value.length - 1;
  while (last > first && !WHITE_SPACE.test(value.charAt(last))) last -= 1;
  return LINE_BREAK.test(value.slice(first, last + 1));
}

/**
 * The rules of an Amazon Cognito password, current or new.
 *
 * The reference prints the pattern `[\S]+`, unanchored; the service enforces `^[\S]+.*[\S]+$`, so white space is valid
 * inside a password and refused at either end, and so are one character alone and a line break. A pool's own policy is
 * the service's to judge.
 *
 * Source: Amazon Cognito API reference, ChangePassword; Cognito developer guide, "Adding user pool password requirements".
 */
export const COGNITO_PASSWORD_RULES: readonly Rule[] = [
  ...textRules(COGNITO_PASSWORD_MAX_LENGTH, COGNITO_PASSWORD_MIN_LENGTH),
  stringRule(
    'white_space_at_end',
    'Must not begin or end with white space.',
    (value) => !WHITE_SPACE_AT_END.test(value),
  ),
  stringRule(
    'character_not_allowed',
    'Must not hold a line break.',
    // At either end it is white space already.
    (value) => WHITE_SPACE_AT_END.test(value) || !hasLineBreakInside(value),
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
