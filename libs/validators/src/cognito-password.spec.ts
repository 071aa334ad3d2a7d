import { describe, expect, it } from '@jest/globals';

import { cognitoPasswordViolations } from './cognito-password.js';

const codesOf = (value: unknown) => cognitoPasswordViolations(value).map(({ code }) => code);

describe('cognitoPasswordViolations', () => {
  it.each([
    ['one character', 'a'],
    ['256 characters', 'a'.repeat(256)],
    ['256 characters outside the Basic Multilingual Plane', '😀'.repeat(256)],
    ['white space inside', 'a \t\n\v\f\rb'],
    ['a no-break space at both ends', '\u00a0a\u00a0'],
    ['other Unicode spaces at the ends', '\u2003a\u3000'],
    ['a control character', '\u0000'],
    ['decomposed letters', 'e\u0301'],
  ])('accepts %s', (_, value) => {
    expect(codesOf(value)).toEqual([]);
  });

  it.each([
    ['undefined', undefined, ['not_a_string']],
    ['null', null, ['not_a_string']],
    ['a number', 12345678, ['not_a_string']],
    ['an array', ['secret'], ['not_a_string']],
    ['a String object', Object('secret'), ['not_a_string']],
    ['nothing', '', ['too_short']],
    ['257 characters', 'a'.repeat(257), ['too_long']],
    ['257 emoji', '😀'.repeat(257), ['too_long']],
    ['half of a surrogate pair', 'a\ud83d', ['unpaired_surrogate']],
    ['a swapped surrogate pair', '\ude00\ud83d', ['unpaired_surrogate']],
    ['only white space', ' ', ['white_space_at_end']],
    [
      'three broken rules at once',
      `\ud83d${'a'.repeat(256)} `,
      ['too_long', 'unpaired_surrogate', 'white_space_at_end'],
    ],
  ])('refuses %s', (_, value, codes) => {
    expect(codesOf(value)).toEqual(codes);
  });

  it.each([' ', '\t', '\n', '\v', '\f', '\r'])('refuses %j at either end', (space) => {
    expect(codesOf(`${space}a`)).toEqual(['white_space_at_end']);
    expect(codesOf(`a${space}`)).toEqual(['white_space_at_end']);
  });

  it('says the rules without the value', () => {
    const told = JSON.stringify(cognitoPasswordViolations(` canary\ud83d${'y'.repeat(256)}`));
    expect(told).not.toMatch(/canary|yyy/);
  });
});
