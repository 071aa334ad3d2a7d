/** The password policy of a user pool; names as in Cognito's `PasswordPolicyType`, in camel case. */
export interface PoolPasswordPolicy {
  /** In code points. */
  readonly minimumLength: number;
  /** Whether A to Z must occur. */
  readonly requireUppercase: boolean;
  /** Whether a to z must occur. */
  readonly requireLowercase: boolean;
  /** Whether 0 to 9 must occur. */
  readonly requireNumbers: boolean;
  /** Whether a special character must occur, or a space inside. */
  readonly requireSymbols: boolean;
  /** How many earlier passwords are refused besides the present one; 0 allows all. */
  readonly passwordHistorySize: number;
}

/** Cognito's default: 8 characters of all four kinds, no history. */
export const DEFAULT_POOL_POLICY: PoolPasswordPolicy = {
  minimumLength: 8,
  requireUppercase: true,
  requireLowercase: true,
  requireNumbers: true,
  requireSymbols: true,
  passwordHistorySize: 0,
};

// The list of special characters in the developer guide; a space inside the password counts too.
const SYMBOL = /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]|(?!^) (?!$)/u;

/** The first rule that the password breaks, in Cognito's words; undefined when it conforms. */
export function brokenRule(policy: PoolPasswordPolicy, password: string): string | undefined {
  if (Array.from(password).length < policy.minimumLength) return 'Password not long enough';
  if (policy.requireUppercase && !/[A-Z]/u.test(password)) return 'Password must have uppercase characters';
  if (policy.requireLowercase && !/[a-z]/u.test(password)) return 'Password must have lowercase characters';
  if (policy.requireNumbers && !/[0-9]/u.test(password)) return 'Password must have numeric characters';
  if (policy.requireSymbols && !SYMBOL.test(password)) return 'Password must have symbol characters';
  return undefined;
}
