import type { AwsError } from '../aws-error.js';
import { cognitoError } from './errors.js';

/** The constraints on one member, as in Cognito's model. */
export interface MemberRule {
  /** Name in the message: the member in lower camel case. */
  readonly name: string;
  readonly value: string | undefined;
  readonly required: boolean;
  /** Longest value, in Unicode code points. */
  readonly maxLength?: number;
  /** The pattern, and how AWS prints it. */
  readonly pattern?: readonly [test: RegExp, printed: string];
}

// Printed as the service prints it. Java's \S is "no ASCII white space" and its dot stops at line ends; two
// characters at least must stand there. Written without the nested quantifiers, which take cubic time to fail.
const PASSWORD_PATTERN = [/^[^ \t\n\v\f\r](?:[^\n\r]*[^ \t\n\v\f\r])$/u, '^[\\S]+.*[\\S]+$'] as const;

/** The rule for a password. */
export function passwordRule(name: string, value: string | undefined, required: boolean): MemberRule {
  return { name, value, required, maxLength: 256, pattern: PASSWORD_PATTERN };
}

/** The rule for an access token. */
export function accessTokenRule(value: string | undefined): MemberRule {
  return {
    name: 'accessToken',
    value,
    required: true,
    pattern: [/^[A-Za-z0-9\-_=.]+$/u, '[A-Za-z0-9-_=.]+'],
  };
}

/**
 * Checks all members and reports all that is wrong in one error, as AWS does. The members are sensitive: the text
 * names them and leaves the values out.
 *
 * @throws AwsError `InvalidParameterException`
 */
export function checkMembers(rules: readonly MemberRule[]): void {
  const violations = rules.flatMap(violationsOf);
  if (violations.length > 0) throw validationError(violations);
}

function violationsOf({ name, value, required, maxLength, pattern }: MemberRule): string[] {
  const at = `Value at '${name}' failed to satisfy constraint: `;
  if (value === undefined) return required ? [`${at}Member must not be null`] : [];
  const violations: string[] = [];
  if (maxLength !== undefined && Array.from(value).length > maxLength) {
    violations.push(`${at}Member must have length less than or equal to ${maxLength}`);
  }
  if (pattern && !pattern[0].test(value)) {
    violations.push(`${at}Member must satisfy regular expression pattern: ${pattern[1]}`);
  }
  return violations;
}

/** The error for these violations, with AWS's count in front. */
export function validationError(violations: readonly string[]): AwsError {
  const count = violations.length === 1 ? '1 validation error' : `${violations.length} validation errors`;
  return cognitoError('InvalidParameterException', `${count} detected: ${violations.join('; ')}`);
}
