import { expect, it } from '@jest/globals';
import {
  mapUpstreamError,
  PROBLEM_CODES,
  type ProblemCode,
  problemDefinition,
} from '@password-gateway/errors';

import { IAM_ERRORS } from './upstream-errors.js';

/** What the taxonomy says of AWS IAM's errors, as `Name` or `Name: start of the text`. */
const DOCUMENTED = PROBLEM_CODES.flatMap((code) =>
  (problemDefinition(code).upstream?.iam ?? []).map((entry) => ({ code, entry })),
);

/** The code that this provider makes of a documented error. */
function codeOf(entry: string): ProblemCode {
  const [name = '', ...text] = entry.split(': ');
  return mapUpstreamError('iam', IAM_ERRORS, {
    name,
    message: text.length === 0 ? '' : `${text.join(': ')}: Member must not be null`,
    sent: { sentSecurityToken: false },
    upstream: { service: 'iam' },
  }).code;
}

it.each(DOCUMENTED)('$entry means $code', ({ entry, code }) => {
  expect(codeOf(entry)).toBe(code);
});

it('the taxonomy names every error of the table', () => {
  const named = new Set(DOCUMENTED.map(({ entry }) => entry.split(': ')[0]));
  expect([...named].sort()).toEqual(Object.keys(IAM_ERRORS).sort());
});

it.each(Object.entries(IAM_ERRORS))('%s names a source in each row, and takes every text', (_name, rows) => {
  expect(rows.at(-1)?.text).toBeUndefined();
  expect(rows.slice(0, -1).every(({ text }) => text !== undefined)).toBe(true);
  for (const { source } of rows) expect(source).toMatch(/\w{3}/);
});
