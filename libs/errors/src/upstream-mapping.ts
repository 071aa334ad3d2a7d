import type { FieldError, FieldErrorCode } from './field-error.js';
import {
  type Confidence,
  PasswordChangeError,
  type PasswordChangeErrorOptions,
  type ProviderName,
  type UpstreamReference,
} from './password-change-error.js';
import type { ProblemCode } from './taxonomy.js';

/** What an upstream error means, in the words of the taxonomy. */
export type UpstreamVerdict = PasswordChangeErrorOptions & {
  readonly code: ProblemCode;
  readonly confidence: Confidence;
};

/** What one error name means: a code where the name alone decides, else a function of the message and of what was sent. */
export type UpstreamRule<Sent> = ProblemCode | ((message: string, sent: Sent) => UpstreamVerdict);

/** An answer's error, as AWS named it. */
export interface UpstreamError<Sent> {
  /** AWS's error name. */
  readonly name: string;
  /** Decides, and is never passed on. */
  readonly message: string;
  /** What the request held, as far as it bears on the meaning. */
  readonly sent: Sent;
  /** What the error will say about AWS. */
  readonly upstream: UpstreamReference;
}

/**
 * Maps an error of AWS to the taxonomy: by name first, by message second. A name that is not in the table becomes
 * `upstream_error_unrecognised`.
 *
 * @param provider - whose table it is
 * @param table - error name to rule
 * @param error - what AWS answered
 */
export function mapUpstreamError<Sent>(
  provider: ProviderName,
  table: Readonly<Record<string, UpstreamRule<Sent>>>,
  { name, message, sent, upstream }: UpstreamError<Sent>,
): PasswordChangeError {
  const rule = Object.hasOwn(table, name) ? table[name] : undefined;
  const { code, ...options }: UpstreamVerdict =
    typeof rule === 'function'
      ? rule(message, sent)
      : rule === undefined
        ? { code: 'upstream_error_unrecognised', confidence: 'exact', unmappedText: true }
        : { code: rule, confidence: 'exact' };
  return new PasswordChangeError(code, { ...options, provider, upstream });
}

const CONSTRAINT =
  /Value (?:'[^']*' )?at '(?<member>\w+)' failed to satisfy constraint: (?<constraint>Member must [a-z ]+)/g;

const CONSTRAINT_RULES: readonly (readonly [start: string, code: FieldErrorCode, detail: string])[] = [
  ['Member must not be null', 'required', 'Is required.'],
  ['Member must have length less', 'too_long', 'Is too long.'],
  ['Member must have length greater', 'too_short', 'Is too short.'],
];

/** One field that AWS's own request validation names. */
export interface ConstraintError {
  /** Member name of the AWS request, for instance `previousPassword`. */
  readonly member: string;
  /** The rule that the field breaks. */
  readonly code: FieldErrorCode;
  /** The rule in words. */
  readonly detail: string;
}

/**
 * Reads every field out of a text such as "2 validation errors detected: Value at 'previousPassword' failed to satisfy
 * constraint: Member must not be null; …".
 *
 * @param message - AWS's message
 */
export function constraintErrors(message: string): ConstraintError[] {
  return [...message.matchAll(CONSTRAINT)].map(({ groups }) => {
    const { member, constraint } = groups as Record<'member' | 'constraint', string>;
    const known = CONSTRAINT_RULES.find(([start]) => constraint.startsWith(start));
    return { member, code: known?.[1] ?? 'invalid', detail: known?.[2] ?? 'AWS does not accept this value.' };
  });
}

/**
 * The verdict for AWS's own request validation: the fields that it names, with our pointers.
 *
 * @param message - AWS's message
 * @param pointers - member name of the AWS request to JSON pointer of ours
 */
export function constraintVerdict(
  message: string,
  pointers: Readonly<Record<string, string>>,
): UpstreamVerdict {
  const errors = constraintErrors(message).flatMap(({ member, code, detail }) => {
    const pointer = Object.hasOwn(pointers, member) ? pointers[member] : undefined;
    return pointer === undefined ? [] : [{ pointer, code, detail }];
  });
  return {
    code: 'request_invalid',
    confidence: errors.length > 0 ? 'inferred' : 'exact',
    errors,
    unmappedText: errors.length === 0,
  };
}

const POLICY_RULES: readonly (readonly [text: RegExp, code: FieldErrorCode, detail: string])[] = [
  [
    /not long enough|minimum (?:password )?length|at least \d+ characters/i,
    'too_short',
    'Is shorter than the password policy wants.',
  ],
  [/uppercase/i, 'uppercase_missing', 'Must have an upper-case letter.'],
  [/lowercase/i, 'lowercase_missing', 'Must have a lower-case letter.'],
  [/\bnumeric|\bnumber/i, 'number_missing', 'Must have a number.'],
  [/symbol|non-alphanumeric/i, 'symbol_missing', 'Must have a symbol.'],
];

const UNNAMED_POLICY: FieldError = {
  pointer: '/newPassword',
  code: 'policy',
  detail: 'Does not meet the password policy.',
};

/**
 * The verdict for a new password that a policy refuses: each rule that the text reveals.
 *
 * @param message - AWS's message
 */
export function passwordPolicyVerdict(message: string): UpstreamVerdict {
  const errors = POLICY_RULES.filter(([text]) => text.test(message)).map(([, code, detail]) => ({
    pointer: '/newPassword',
    code,
    detail,
  }));
  return {
    code: 'new_password_rejected',
    confidence: 'exact',
    errors: errors.length > 0 ? errors : [UNNAMED_POLICY],
    unmappedText: errors.length === 0 && !/did not conform|does not conform/.test(message),
  };
}

/** The field error of a current password that AWS refused. */
export const INCORRECT_PASSWORD: FieldError = {
  pointer: '/currentPassword',
  code: 'incorrect',
  detail: 'Is not the current password.',
};

/** The field error of a new password that the password history refuses. */
export const USED_BEFORE: FieldError = {
  pointer: '/newPassword',
  code: 'used_before',
  detail: 'Was used before.',
};
