import { expect, it } from '@jest/globals';
import { PROBLEM_CODES, type ProblemCode, problemDefinition } from '@password-gateway/errors';

import { COGNITO_ERRORS } from './upstream-errors.js';

/** What the taxonomy says of Amazon Cognito's errors, as `Name` or `Name: start of the text`. */
const DOCUMENTED = PROBLEM_CODES.flatMap((code) =>
  (problemDefinition(code).upstream?.cognito ?? []).map((entry) => ({ code, entry })),
);

/** The code that this provider makes of a documented error. */
function codeOf(entry: string, code: ProblemCode): string | undefined {
  const [name = '', ...text] = entry.split(': ');
  const rule = COGNITO_ERRORS[name];
  if (typeof rule !== 'function') return rule;
  return rule(`${text.join(': ')}: Member must not be null`, {
    sentCurrentPassword: code !== 'current_password_required',
  }).code;
}

it.each(DOCUMENTED)('$entry means $code', ({ entry, code }) => {
  expect(codeOf(entry, code)).toBe(code);
});

it('the taxonomy names every error of the table', () => {
  const named = new Set(DOCUMENTED.map(({ entry }) => entry.split(': ')[0]));
  expect([...named].sort()).toEqual(Object.keys(COGNITO_ERRORS).sort());
});
