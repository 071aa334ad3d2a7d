import { describe, expect, it } from '@jest/globals';

import { passwordPolicyVerdict } from './policy-texts.js';

const SENTENCE = /^[A-Z].+\.$/;

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

describe('an either-or', () => {
  it.each([
    [
      'Password should meet 1 more of the following requirements: Password should have at least one uppercase letter, Password should have at least one symbol',
      'Must have either an upper-case letter or a symbol.',
    ],
    [
      'Password should meet 1 more of the following requirements: Password should have at least one uppercase letter, Password should have at least one lowercase letter, Password should have at least one number',
      'Must have either an upper-case letter, a lower-case letter or a number.',
    ],
    [
      'Password should meet 2 more of the following requirements: Minimum password length of 8 characters, Password should have at least one number, Password should have at least one symbol',
      'Must have 2 of these: the minimum length, a number, a symbol.',
    ],
  ])('is one error: %j', (message, detail) => {
    expect(passwordPolicyVerdict(message)).toEqual({
      code: 'new_password_rejected',
      confidence: 'exact',
      errors: [{ pointer: '/newPassword', code: 'policy', detail }],
      unmappedText: false,
    });
  });
});

describe('a refusal for another reason than the policy', () => {
  it.each([
    ['Provided password cannot be used for security reasons.', 'exact'],
    ['The password was compromised in a data breach', 'inferred'],
  ])('leaked: %j', (message, confidence) => {
    const verdict = passwordPolicyVerdict(message);
    expect(verdict).toMatchObject({
      code: 'new_password_rejected',
      confidence,
      errors: [{ pointer: '/newPassword', code: 'compromised' }],
    });
    expect(verdict.detail).not.toMatch(/policy/);
  });

  it.each([
    'Policy constraint violation with password reuse prevention during password change.',
    'Password has previously been used',
    'Password was used before',
    'Password must not be the same as the previous 5 passwords',
    'New password cannot be same as old password',
    'The password history policy forbids this',
  ])('used before: %j', (message) => {
    expect(passwordPolicyVerdict(message)).toEqual({
      code: 'new_password_reused',
      confidence: 'inferred',
      errors: [expect.objectContaining({ pointer: '/newPassword', code: 'used_before' })],
    });
  });

  it.each([
    'Password cannot be the same as the user name',
    'Password must not hold uppercase characters',
    'Password cannot have a number',
    'Password did not conform with policy: Password has prveiously been usde',
    'Pasword must be otherwise',
  ])('names no rule, and is not certain, for %j', (message) => {
    expect(passwordPolicyVerdict(message)).toMatchObject({
      code: 'new_password_rejected',
      confidence: 'inferred',
      errors: [{ pointer: '/newPassword', code: 'policy' }],
      unmappedText: true,
    });
  });

  it('is too long', () => {
    expect(passwordPolicyVerdict('Password too long').errors).toMatchObject([{ code: 'too_long' }]);
  });
});
