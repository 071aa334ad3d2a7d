import { describe, expect, it } from '@jest/globals';

import { COGNITO_ACCESS_TOKEN_RULES } from './cognito-access-token.js';
import { COGNITO_PASSWORD_RULES } from './cognito-password.js';
import { IAM_PASSWORD_RULES } from './iam-password.js';
import { IS_PRESENT, SAME_AS_CURRENT } from './password-change.js';
import { codePointLength } from './rule.js';

describe('codePointLength', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 2],
    ['😀', 1],
    ['\uffff\uffff', 2],
    ['a😀b😀', 4],
    ['\ud83d', 1],
    ['\ude00\ud83d', 2],
  ])('of %j is %i', (value, length) => {
    expect(codePointLength(value)).toBe(length);
  });
});

describe('every rule', () => {
  const rules = [...COGNITO_PASSWORD_RULES, ...IAM_PASSWORD_RULES, ...COGNITO_ACCESS_TOKEN_RULES];

  it.each([...rules, IS_PRESENT, SAME_AS_CURRENT])('says $code in a sentence', ({ detail }) => {
    expect(detail).toMatch(/^(?:Must|Is) .+\.$/);
  });
});
