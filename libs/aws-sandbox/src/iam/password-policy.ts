import { iamError } from './errors.js';

/** The account password policy; names as in IAM's `PasswordPolicy`, in camel case. */
export interface AccountPasswordPolicy {
  /** In characters, 6 to 128. */
  readonly minimumPasswordLength: number;
  /** Whether a symbol must occur. */
  readonly requireSymbols: boolean;
  /** Whether 0 to 9 must occur. */
  readonly requireNumbers: boolean;
  /** Whether A to Z must occur. */
  readonly requireUppercaseCharacters: boolean;
  /** Whether a to z must occur. */
  readonly requireLowercaseCharacters: boolean;
  /** Whether users may change their own password at all. */
  readonly allowUsersToChangePassword: boolean;
  /** How many passwords, the present one included, are refused as the next one; 0 for none. */
  readonly passwordReusePrevention: number;
}

/** What IAM fills in for the fields that an UpdateAccountPasswordPolicy leaves out, except that users may change. */
export const CUSTOM_POLICY_DEFAULTS: AccountPasswordPolicy = {
  minimumPasswordLength: 6,
  requireSymbols: false,
  requireNumbers: false,
  requireUppercaseCharacters: false,
  requireLowercaseCharacters: false,
  allowUsersToChangePassword: true,
  passwordReusePrevention: 0,
};

type PolicySwitch =
  'requireUppercaseCharacters' | 'requireLowercaseCharacters' | 'requireNumbers' | 'requireSymbols';

const KINDS: readonly (readonly [when: PolicySwitch, pattern: RegExp, words: string])[] = [
  ['requireUppercaseCharacters', /[A-Z]/u, 'Password should have at least one uppercase letter'],
  ['requireLowercaseCharacters', /[a-z]/u, 'Password should have at least one lowercase letter'],
  ['requireNumbers', /[0-9]/u, 'Password should have at least one number'],
  ['requireSymbols', /[!@#$%^&*()_+\-=[\]{}|']/u, 'Password should have at least one symbol'],
];

/**
 * Checks a new password. Without a custom policy the default one holds: 8 characters of three of the four kinds,
 * and not the name of the account.
 *
 * @throws AwsError `PasswordPolicyViolation`
 */
export function requireConformity(
  policy: AccountPasswordPolicy | undefined,
  accountId: string,
  password: string,
): void {
  const minimum = policy?.minimumPasswordLength ?? 8;
  if (Array.from(password).length < minimum || (!policy && password === accountId)) {
    throw iamError('PasswordPolicyViolation');
  }
  const missing = KINDS.filter(([when, pattern]) => (policy?.[when] ?? true) && !pattern.test(password));
  const more = policy ? missing.length : missing.length - 1;
  if (more > 0) {
    const requirements = missing.map(([, , words]) => words).join(', ');
    throw iamError(
      'PasswordPolicyViolation',
      `Password should meet ${more} more of the following requirements: ${requirements}`,
    );
  }
}
