import { brokenRules, IS_STRING, type Rule, stringRule, type Violation } from './rule.js';

/** Longest access token that is accepted, in characters. */
export const COGNITO_ACCESS_TOKEN_MAX_LENGTH = 8192;

/**
 * The rules of an Amazon Cognito access token. They say nothing about the token's signature or claims.
 *
 * Source: Amazon Cognito API reference, ChangePassword, AccessToken: pattern `[A-Za-z0-9-_=.]+`.
 */
export const COGNITO_ACCESS_TOKEN_RULES: readonly Rule[] = [
  IS_STRING,
  stringRule('too_short', 'Must have at least 1 character.', (value) => value !== ''),
  stringRule(
    'too_long',
    `Must have at most ${COGNITO_ACCESS_TOKEN_MAX_LENGTH} characters.`,
    (value) => value.length <= COGNITO_ACCESS_TOKEN_MAX_LENGTH,
  ),
  stringRule('character_not_allowed', 'Must hold only A-Z a-z 0-9 - _ = and the full stop.', (value) =>
    /^[A-Za-z0-9\-_=.]*$/.test(value),
  ),
];

/**
 * Every rule that a value breaks as an Amazon Cognito access token; empty when it may be sent. See
 * {@link COGNITO_ACCESS_TOKEN_RULES}.
 *
 * @param value - the token
 */
export function cognitoAccessTokenViolations(value: unknown): Violation[] {
  return brokenRules(COGNITO_ACCESS_TOKEN_RULES, value);
}
