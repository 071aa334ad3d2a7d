import { describe, expect, it } from '@jest/globals';

import { constraintErrors, constraintVerdict } from './constraint-texts.js';

const at = (member: string, constraint: string) =>
  `Value at '${member}' failed to satisfy constraint: ${constraint}`;

const SENTENCE = /^[A-Z].+\.$/;

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
  const pointers = { oldPassword: '/currentPassword', newPassword: '/newPassword' };

  it('names the fields by our pointers', () => {
    expect(constraintVerdict(at('newPassword', 'Member must not be null'), pointers)).toEqual({
      code: 'request_invalid',
      confidence: 'inferred',
      next: 'choose_another_password',
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
      confidence: 'inferred',
      detail: expect.stringMatching(/named no field/),
      next: 'ask_administrator',
      errors: [],
      unmappedText: true,
    });
  });

  it.each([
    [
      at('OldPassword', 'Member must have length greater than or equal to 6'),
      'too_short',
      'Must have at least 6 characters.',
    ],
    [
      at('/oldPassword', 'Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$'),
      'invalid',
      /line break inside\.$/,
    ],
  ])(
    'of a current password that breaks a rule says that it is not the current one: %j',
    (message, code, detail) => {
      expect(constraintVerdict(message, pointers)).toMatchObject({
        code: 'request_invalid',
        next: 'correct_current_password',
        detail: expect.stringMatching(/is not the current password\.$/),
        errors: [{ pointer: '/currentPassword', code, detail: expect.stringMatching(detail) }],
      });
    },
  );

  it('does not say so where it was left out', () => {
    const { detail, next } = constraintVerdict(at('oldPassword', 'Member must not be null'), pointers);
    expect({ detail, next }).toEqual({ next: 'correct_current_password' });
  });

  it('does not call a list complete that leaves fields out', () => {
    const message = `2 validation errors detected: ${at('newPassword', 'Member must not be null')}; ${at('userName', 'Member must not be null')}`;
    expect(constraintVerdict(message, pointers)).toMatchObject({
      errors: [{ pointer: '/newPassword', code: 'required' }],
      detail: expect.stringMatching(/those that were sent here/),
    });
  });

  it.each(['New password cannot be the same as the old one', 'Password has previously been used'])(
    'reads the reuse out of %j',
    (message) => {
      expect(constraintVerdict(message, pointers)).toMatchObject({
        code: 'new_password_reused',
        confidence: 'inferred',
        errors: [{ pointer: '/newPassword', code: 'used_before' }],
      });
    },
  );
});

describe('what a constraint wants', () => {
  it.each([
    ['Member must have length less than or equal to 256', 'too_long', 'Must have at most 256 characters.'],
    ['Member must have length greater than or equal to 1', 'too_short', 'Must have at least 1 character.'],
    ['Member must have length between 1 and 128, inclusive', 'invalid', 'Must have 1 to 128 characters.'],
    [
      'Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$',
      'invalid',
      'Must have at least 2 characters, no white space at either end and no line break inside.',
    ],
    [
      'Member must satisfy regular expression pattern: [\\S]+',
      'invalid',
      'Must begin and end with a character that is no white space.',
    ],
    [
      'Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
      'character_not_allowed',
      'Must hold only tab, line feed, carriage return and characters from U+0020 to U+00FF.',
    ],
    [
      'Member must satisfy regular expression pattern: [a-z;]+',
      'invalid',
      'Does not have the form that AWS wants.',
    ],
    ['Member must satisfy enum value set: [A, B]', 'invalid', 'AWS does not accept this value.'],
  ])('%j', (constraint, code, detail) => {
    expect(constraintErrors(at('x', constraint))).toEqual([{ member: 'x', code, detail }]);
    const both = `2 validation errors detected: ${at('x', constraint)}; ${at('y', constraint)}`;
    expect(constraintErrors(both).map(({ member }) => member)).toEqual(['x', 'y']);
  });

  it.each([
    ['The specified value for newPassword is invalid.', 'newPassword', 'invalid'],
    [
      "The specified value for 'newPassword' is invalid. It must contain only printable ASCII characters",
      'newPassword',
      'character_not_allowed',
    ],
    [
      'The specified value for oldPassword is invalid. It must contain only alphanumeric characters',
      'oldPassword',
      'character_not_allowed',
    ],
    ['The request must contain the parameter NewPassword.', 'NewPassword', 'required'],
    ['Missing required parameter: OldPassword', 'OldPassword', 'required'],
    [
      "Value with length 0 at '/proposedPassword' failed to satisfy constraint: Member must have length between 1 and 256, inclusive",
      'proposedPassword',
      'invalid',
    ],
    ["Value 'it's' at 'p' failed to satisfy constraint: Member must not be null", 'p', 'required'],
  ])('reads %j', (message, member, code) => {
    expect(constraintErrors(message)).toEqual([{ member, code, detail: expect.stringMatching(SENTENCE) }]);
  });

  it('reads a long text in no time', () => {
    const startedAt = performance.now();
    constraintErrors("Value '".repeat(9000));
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});
