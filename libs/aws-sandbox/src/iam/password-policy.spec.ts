import { describe, expect, it } from '@jest/globals';
import { CUSTOM_POLICY_DEFAULTS, requireConformity, type AccountPasswordPolicy } from './password-policy.js';

function verdict(policy: AccountPasswordPolicy | undefined, password: string): string | undefined {
  try {
    requireConformity(policy, '123456789012', password);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const PLAIN = 'Password does not conform to the account password policy.';

describe('the default policy', () => {
  it.each(['abcdefG1', 'abcdef-1', 'ABCDEF-1', 'abcdef-G'])(
    'takes three of the four kinds: %s',
    (password) => {
      expect(verdict(undefined, password)).toBeUndefined();
    },
  );

  it.each([
    ['abcdefg1', 1, ['one uppercase letter', 'one symbol']],
    ['abcdefgh', 2, ['one uppercase letter', 'one number', 'one symbol']],
  ])('says how many more kinds %s needs', (password, more, kinds) => {
    const list = kinds.map((kind) => `Password should have at least ${kind}`).join(', ');
    expect(verdict(undefined, password)).toBe(
      `Password should meet ${more} more of the following requirements: ${list}`,
    );
  });

  it('wants 8 characters, and another text than the account id', () => {
    expect(verdict(undefined, 'abcd-G1')).toBe(PLAIN);
    expect(verdict(undefined, '123456789012')).toBe(PLAIN);
  });
});

describe('a custom policy', () => {
  it('requires nothing but 6 characters by itself', () => {
    expect(verdict(CUSTOM_POLICY_DEFAULTS, 'aaaaaa')).toBeUndefined();
    expect(verdict(CUSTOM_POLICY_DEFAULTS, 'aaaaa')).toBe(PLAIN);
  });

  it('requires every kind that it names', () => {
    const policy = { ...CUSTOM_POLICY_DEFAULTS, requireSymbols: true, requireNumbers: true };
    expect(verdict(policy, 'aaaaaa')).toMatch(/^Password should meet 2 more of .* number, .* symbol$/u);
    expect(verdict(policy, 'aaaa-1')).toBeUndefined();
  });
});
