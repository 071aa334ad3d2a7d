import { describe, expect, it } from '@jest/globals';

import { iamPasswordViolations } from './iam-password.js';

const codesOf = (value: unknown) => iamPasswordViolations(value).map(({ code }) => code);

describe('iamPasswordViolations', () => {
  it.each(['\u0009', '\u000a', '\u000d', '\u0020', '\u007e', '\u007f', '\u0080', '\u00a0', '\u00ff'])(
    'accepts the character %j, wherever it stands',
    (character) => {
      expect(codesOf(character)).toEqual([]);
      expect(codesOf(`${character}a${character}`)).toEqual([]);
    },
  );

  it.each(['\u0000', '\u0008', '\u000b', '\u000c', '\u000e', '\u001f', '\u0100', '\u2028', '€', '😀'])(
    'refuses the character %j, wherever it stands',
    (character) => {
      expect(codesOf(character)).toEqual(['character_not_allowed']);
      expect(codesOf(`a${character}`)).toEqual(['character_not_allowed']);
      expect(codesOf(`${character}\n`)).toEqual(['character_not_allowed']);
    },
  );

  it.each([
    ['128 characters', 'ÿ'.repeat(128), []],
    ['129 characters', 'a'.repeat(129), ['too_long']],
    ['128 emoji, which count once each', '😀'.repeat(128), ['character_not_allowed']],
    ['129 emoji', '😀'.repeat(129), ['too_long', 'character_not_allowed']],
    ['nothing', '', ['too_short']],
    ['undefined', undefined, ['not_a_string']],
    ['an object', { length: 5 }, ['not_a_string']],
    ['half of a surrogate pair', '\udc00', ['unpaired_surrogate', 'character_not_allowed']],
  ])('judges %s', (_, value, codes) => {
    expect(codesOf(value)).toEqual(codes);
  });

  it('says the rules without the value', () => {
    expect(JSON.stringify(iamPasswordViolations(`canary\u0000${'y'.repeat(128)}`))).not.toMatch(/canary|yyy/);
  });
});
