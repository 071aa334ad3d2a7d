import type { FieldError, FieldErrorCode } from '@password-gateway/errors';

/** One broken rule of a value, without the place where the value stood. */
export type Violation = Pick<FieldError, 'code' | 'detail'>;

/** One rule of a field. Only the type rule judges values that are no strings; the others hold for them. */
export interface Rule {
  /** Names the rule. */
  readonly code: FieldErrorCode;
  /** The rule in words; never the value. */
  readonly detail: string;
  /** Whether a value keeps the rule. */
  readonly holds: (value: unknown) => boolean;
}

/** A rule that judges strings only. */
export function stringRule(code: FieldErrorCode, detail: string, holds: (value: string) => boolean): Rule {
  return { code, detail, holds: (value) => typeof value !== 'string' || holds(value) };
}

/** The type rule that every field shares. */
export const IS_STRING: Rule = {
  code: 'not_a_string',
  detail: 'Must be a string.',
  holds: (value) => typeof value === 'string',
};

/** Length as AWS counts it: Unicode code points, so a surrogate pair counts once. */
export function codePointLength(value: string): number {
  return Array.from(value).length;
}

/** The rules of every text: a string of `min` to `max` code points that UTF-8 can carry unchanged. */
export function textRules(max: number, min = 1): readonly Rule[] {
  return [
    IS_STRING,
    stringRule(
      'too_short',
      `Must have at least ${min} ${min === 1 ? 'character' : 'characters'}.`,
      (value) => codePointLength(value) >= min,
    ),
    stringRule('too_long', `Must have at most ${max} characters.`, (value) => codePointLength(value) <= max),
    stringRule(
      'unpaired_surrogate',
      'Must not hold half of a surrogate pair: UTF-8 cannot carry it.',
      (value) => value.isWellFormed(),
    ),
  ];
}

/** The rules that a value breaks; empty when it breaks none. */
export function brokenRules(rules: readonly Rule[], value: unknown): Violation[] {
  return rules.filter((rule) => !rule.holds(value)).map(({ code, detail }) => ({ code, detail }));
}
