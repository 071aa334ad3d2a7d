import { describe, expect, it } from '@jest/globals';

import { codePointLength } from './rule.js';

describe('codePointLength', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 2],
    ['😀', 1],
    ['a😀b😀', 4],
    ['\ud83d', 1],
    ['\ude00\ud83d', 2],
  ])('of %j is %i', (value, length) => {
    expect(codePointLength(value)).toBe(length);
  });
});
