import { describe, expect, it } from '@jest/globals';

import { problemDefinition } from './taxonomy.js';
import {
  constraintErrors,
  constraintVerdict,
  INCORRECT_PASSWORD,
  mapUpstreamError,
  passwordPolicyVerdict,
  type UpstreamRule,
  USED_BEFORE,
} from './upstream-mapping.js';

const at = (member: string, constraint: string) =>
  `Value at '${member}' failed to satisfy constraint: ${constraint}`;

const SENTENCE = /^[A-Z].+\.$/;

describe('mapUpstreamError', () => {
  const table: Record<string, UpstreamRule<{ readonly first: boolean }>> = {
    Plain: 'account_not_found',
    ByText: (message, { first }) => ({
      code: first ? 'account_disabled' : 'not_authorized',
      confidence: 'inferred',
      unmappedText: message === 'odd',
      retryAfterSeconds: 3,
    }),
  };
  const upstream = { service: 'iam', error: 'x', requestId: 'r-1' };
  const map = (name: string, message = '', first = true) =>
    mapUpstreamError('iam', table, { name, message, sent: { first }, upstream });

  it('decides by the name alone where the table does', () => {
    expect(map('Plain', 'secret text')).toMatchObject({
      code: 'account_not_found',
      confidence: 'exact',
      provider: 'iam',
      upstream,
      message: problemDefinition('account_not_found').detail,
    });
  });

  it('decides by the text and by what was sent where the table has a rule', () => {
    expect(map('ByText', 'odd', false)).toMatchObject({
      code: 'not_authorized',
      confidence: 'inferred',
      unmappedText: true,
      retryAfterSeconds: 3,
    });
    expect(map('ByText', 'even', true)).toMatchObject({ code: 'account_disabled', unmappedText: false });
  });

  it.each(['Unheard', 'constructor', '__proto__', ''])('does not know the name %j', (name) => {
    expect(map(name)).toMatchObject({
      code: 'upstream_error_unrecognised',
      confidence: 'exact',
      outcome: 'unknown',
      unmappedText: true,
    });
  });
});

describe('constraintErrors', () => {
  it.each([
    ['Member must not be null', 'required'],
    ['Member must have length less than or equal to 256', 'too_long'],
    ['Member must have length greater than or equal to 1', 'too_short'],
    ['Member must satisfy regular expression pattern: [\\S]+', 'invalid'],
  ])('reads %j', (constraint, code) => {
    const message = `1 validation error detected: ${at('proposedPassword', constraint)}`;
    const detail = expect.stringMatching(SENTENCE);
    expect(constraintErrors(message)).toEqual([{ member: 'proposedPassword', code, detail }]);
  });

  it('reads every field, with and without an echoed value, and keeps no value', () => {
    const message =
      "2 validation errors detected: Value 'hunter2' at 'previousPassword' failed to satisfy constraint: " +
      `Member must have length less than or equal to 256; ${at('proposedPassword', 'Member must not be null')}`;
    const errors = constraintErrors(message);
    expect(errors.map(({ member, code }) => [member, code])).toEqual([
      ['previousPassword', 'too_long'],
      ['proposedPassword', 'required'],
    ]);
    expect(JSON.stringify(errors)).not.toContain('hunter2');
  });

  it.each(['', 'Invalid parameter', "1 validation error detected: Value at 'x' is odd"])(
    'finds no field in %j',
    (message) => {
      expect(constraintErrors(message)).toEqual([]);
    },
  );
});

describe('constraintVerdict', () => {
  const pointers = { newPassword: '/newPassword' };

  it('names the fields by our pointers', () => {
    expect(constraintVerdict(at('newPassword', 'Member must not be null'), pointers)).toEqual({
      code: 'request_invalid',
      confidence: 'inferred',
      errors: [{ pointer: '/newPassword', code: 'required', detail: 'Is required.' }],
      unmappedText: false,
    });
  });

  it.each([
    'Something else',
    at('userName', 'Member must not be null'),
    at('constructor', 'Member must be odd'),
  ])('counts %j as a text that nobody knows', (message) => {
    expect(constraintVerdict(message, pointers)).toEqual({
      code: 'request_invalid',
      confidence: 'exact',
      errors: [],
      unmappedText: true,
    });
  });
});

describe('passwordPolicyVerdict', () => {
  it.each([
    ['Password did not conform with policy: Password not long enough', ['too_short']],
    ['Password did not conform with policy: Password must have uppercase characters', ['uppercase_missing']],
    [
      'Password did not conform with password policy: Password must have lowercase characters',
      ['lowercase_missing'],
    ],
    ['Password did not conform with policy: Password must have numeric characters', ['number_missing']],
    ['Password did not conform with policy: Password must have symbol characters', ['symbol_missing']],
    [
      'Password should meet 2 more of the following requirements: Minimum password length of 8 characters, Password should have at least one uppercase letter',
      ['too_short', 'uppercase_missing'],
    ],
    ['Password should have at least one non-alphanumeric character', ['symbol_missing']],
    ['Password should have at least one number', ['number_missing']],
    ['Password should have at least 14 characters', ['too_short']],
    ['Password does not conform to the account password policy.', ['policy']],
    ['Password should have a minimum length of 8', ['too_short']],
    ['', ['policy']],
  ])('reads %j', (message, codes) => {
    const verdict = passwordPolicyVerdict(message);
    expect(verdict).toMatchObject({ code: 'new_password_rejected', confidence: 'exact' });
    const detail = expect.stringMatching(SENTENCE);
    expect(verdict.errors).toEqual(codes.map((code) => ({ pointer: '/newPassword', code, detail })));
  });
});

describe('a policy that names no rule', () => {
  it.each([
    ['Password does not conform to the account password policy.', false],
    ['Password did not conform with policy: ', false],
    ['Password must have symbol characters', false],
    ['A rule that nobody knows', true],
    ['', true],
  ])('%j is a text that nobody knows: %j', (message, unmappedText) => {
    expect(passwordPolicyVerdict(message)).toMatchObject({ unmappedText });
  });
});

it.each([
  [INCORRECT_PASSWORD, '/currentPassword', 'incorrect'],
  [USED_BEFORE, '/newPassword', 'used_before'],
])('%j points to %s and says %s', (error, pointer, code) => {
  expect(error).toEqual({ pointer, code, detail: expect.stringMatching(SENTENCE) });
});
