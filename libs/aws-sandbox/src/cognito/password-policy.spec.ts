import { expect, it } from '@jest/globals';
import { brokenRule, DEFAULT_POOL_POLICY } from './password-policy.js';

const SYMBOLS = Array.from('^$*.[]{}()?"!@#%&/\\,><\':;|_~`=+-');

it.each(SYMBOLS)('counts %s as a symbol', (symbol) => {
  expect(brokenRule(DEFAULT_POOL_POLICY, `Password1${symbol}`)).toBeUndefined();
});

it('counts a space as a symbol only inside', () => {
  expect(brokenRule(DEFAULT_POOL_POLICY, 'Pass word1')).toBeUndefined();
  for (const password of [' Password1', 'Password1 ']) {
    expect(brokenRule(DEFAULT_POOL_POLICY, password)).toBe('Password must have symbol characters');
  }
});

it('counts basic Latin letters only, and code points for the length', () => {
  expect(brokenRule(DEFAULT_POOL_POLICY, 'Äpassword-1')).toBe('Password must have uppercase characters');
  expect(brokenRule(DEFAULT_POOL_POLICY, 'Aa1-😀😀😀')).toBe('Password not long enough');
});

it('leaves out what the pool does not require', () => {
  const lax = {
    minimumLength: 6,
    requireUppercase: false,
    requireLowercase: false,
    requireNumbers: false,
    requireSymbols: false,
    passwordHistorySize: 0,
  };
  expect(brokenRule(lax, '------')).toBeUndefined();
  expect(brokenRule(lax, 'aaaaaa')).toBeUndefined();
});
