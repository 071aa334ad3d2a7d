import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { cognitoPasswordViolations } from './cognito-password.js';

const codesOf = (value: unknown) => cognitoPasswordViolations(value).map(({ code }) => code);

describe('cognitoPasswordViolations', () => {
  it.each([
    ['two characters', 'ab'],
    ['two characters outside the Basic Multilingual Plane', '😀😀'],
    ['256 characters', 'a'.repeat(256)],
    ['256 characters outside the Basic Multilingual Plane', '😀'.repeat(256)],
    ['white space inside', 'a \t\v\fb'],
    ['line breaks that are no white space, beside none', 'a\u0085\u2028\u2029b'],
    ['line breaks that are no white space, before and behind some', 'a\u2028 b c\u2029d'],
    ['a no-break space at both ends', '\u00a0a\u00a0'],
    ['other Unicode spaces at the ends', '\u2003a\u3000'],
    ['a control character', '\u0000\u0001'],
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
    ['one character', 'a', ['too_short']],
    ['one character outside the Basic Multilingual Plane', '😀', ['too_short']],
    ['only white space', '  ', ['white_space_at_end']],
    ['one white space', ' ', ['too_short', 'white_space_at_end']],
    ['a line feed inside', 'a\nb', ['character_not_allowed']],
    ['a carriage return inside', 'a\rb', ['character_not_allowed']],
    ['both inside', 'a b\r\nc d', ['character_not_allowed']],
    ['another line break between white space', 'a b\u2028c d', ['character_not_allowed']],
    ['a next line between white space', 'a \u0085 d', ['character_not_allowed']],
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

  // Source: contract.md; the sandbox enforces the same pattern.
  it('takes what the pattern of the service takes, and nothing else', () => {
    const asJavaReadsIt = /^[^ \t\n\v\f\r]+[^\n\r\u0085\u2028\u2029]*[^ \t\n\v\f\r]+$/u;
    const unit = fc.constantFrom('a', ' ', '\t', '\n', '\r', '\u0085', '\u2028', '\u2029', '\u00a0', '😀');
    fc.assert(
      fc.property(fc.string({ unit, minLength: 1, maxLength: 9 }), (value) => {
        expect([value, codesOf(value).length === 0]).toEqual([value, asJavaReadsIt.test(value)]);
      }),
      { numRuns: 3000 },
    );
  });
});
