import { type FieldError, type FieldErrorCode, nextStepFor } from './field-error.js';
import { REUSED, REUSED_TEXT } from './policy-texts.js';
import type { UpstreamVerdict } from './upstream-mapping.js';

/** One field that AWS's own request validation names. */
export interface ConstraintError {
  /** Member name of the AWS request, for instance `previousPassword`. */
  readonly member: string;
  /** The rule that the field breaks. */
  readonly code: FieldErrorCode;
  /** The rule in words. */
  readonly detail: string;
}

type Wanted = Pick<ConstraintError, 'code' | 'detail'>;

/**
 * A sentence that names a field, with what is wrong with it. AWS writes the value that it got between the two in some
 * services; of a longer one than this it would be no password.
 *
 * Sources: errors.md, "Known upstream texts"; Smithy's server validation ("Value with length 0 at '/member' …"); AWS IAM,
 * "The specified value for policyName is invalid. It must contain only …"; EC2, "The request must contain the parameter …".
 */
const SENTENCES =
  /Value(?: with length \d{1,9})?(?: '.{0,1024}?')? at '\/?(?<at>\w+)' failed to satisfy constraint: (?<constraint>Member must .+?)(?=; (?:Value|The specified value)|$)|The specified value for '?(?<for>\w+)'? is invalid(?<wants>\. It must contain only [\w -]+)?|must contain the parameter '?(?<missing>\w+)|[Mm]issing required (?:parameter|member|key):? '?(?<absent>\w+)/gs;

const characters = (count: string | undefined): string =>
  `${count ?? ''} ${count === '1' ? 'character' : 'characters'}`;

const REQUIRED: Wanted = { code: 'required', detail: 'Is required.' };
const INVALID: Wanted = { code: 'invalid', detail: 'AWS does not accept this value.' };

/** What each constraint wants. The patterns are those of the two services' passwords, as AWS prints them. */
const CONSTRAINTS: readonly (readonly [text: RegExp, wants: (match: RegExpExecArray) => Wanted])[] = [
  [/^Member must not be null/, () => REQUIRED],
  [
    /^Member must have length less than or equal to (\d{1,6})/,
    ([, most]) => ({ code: 'too_long', detail: `Must have at most ${characters(most)}.` }),
  ],
  [
    /^Member must have length greater than or equal to (\d{1,6})/,
    ([, least]) => ({ code: 'too_short', detail: `Must have at least ${characters(least)}.` }),
  ],
  [
    /^Member must have length between (\d{1,6}) and (\d{1,6})/,
    ([, least, most]) => ({ code: 'invalid', detail: `Must have ${least ?? ''} to ${characters(most)}.` }),
  ],
  [
    /pattern: \^\[\\S\]\+\.\*\[\\S\]\+\$/,
    () => ({
      code: 'invalid',
      detail: 'Must have at least 2 characters, no white space at either end and no line break inside.',
    }),
  ],
  [
    /pattern: \^?\[\\S\]\+/,
    () => ({ code: 'invalid', detail: 'Must begin and end with a character that is no white space.' }),
  ],
  [
    /pattern: .*\\u0020-\\u00FF/i,
    () => ({
      code: 'character_not_allowed',
      detail: 'Must hold only tab, line feed, carriage return and characters from U+0020 to U+00FF.',
    }),
  ],
  [/pattern: /, () => ({ code: 'invalid', detail: 'Does not have the form that AWS wants.' })],
];

/**
 * Reads every field out of a text such as "2 validation errors detected: Value at 'previousPassword' failed to satisfy
 * constraint: Member must not be null; …".
 *
 * @param message - AWS's message
 */
export function constraintErrors(message: string): ConstraintError[] {
  return [...message.matchAll(SENTENCES)].map(({ groups = {} }) => {
    const { at, constraint = '', wants } = groups;
    const member = at ?? groups['for'];
    if (member === undefined) return { member: groups['missing'] ?? groups['absent'] ?? '', ...REQUIRED };
    return { member, ...(at === undefined ? allowedCharacters(wants) : constraintWants(constraint)) };
  });
}

function constraintWants(constraint: string): Wanted {
  for (const [text, wants] of CONSTRAINTS) {
    const match = text.exec(constraint);
    if (match) return wants(match);
  }
  return INVALID;
}

function allowedCharacters(wants: string | undefined): Wanted {
  if (wants === undefined) return INVALID;
  const only = wants.includes('printable ASCII')
    ? 'Must hold only printable ASCII characters.'
    : 'Holds a character that AWS does not take.';
  return { code: 'character_not_allowed', detail: only };
}

/** What a refusal says that is about no field that was sent here. */
const NO_FIELD: UpstreamVerdict = {
  code: 'request_invalid',
  confidence: 'inferred',
  detail:
    'AWS refused the request and named no field of it: most often a setting of the account or user pool is the reason.',
  next: 'ask_administrator',
  errors: [],
  unmappedText: true,
};

/**
 * The verdict for AWS's own request validation: the fields that it names, with our pointers.
 *
 * @param message - AWS's message
 * @param pointers - member name of the AWS request, in lower camel case, to JSON pointer of ours
 */
export function constraintVerdict(
  message: string,
  pointers: Readonly<Record<string, string>>,
): UpstreamVerdict {
  const named = constraintErrors(message);
  const errors = named.flatMap(({ member, code, detail }): FieldError[] => {
    const key = member.charAt(0).toLowerCase() + member.slice(1);
    const pointer = Object.hasOwn(pointers, key) ? pointers[key] : undefined;
    return pointer === undefined ? [] : [{ pointer, code, detail }];
  });
  if (errors.length === 0) return REUSED_TEXT.test(message) ? REUSED : NO_FIELD;
  const detail = detailOf(errors, named.length - errors.length);
  return {
    code: 'request_invalid',
    confidence: 'inferred',
    next: nextStepFor(errors),
    ...(detail !== undefined && { detail }),
    errors,
    unmappedText: false,
  };
}

/** What the errors do not say themselves. */
function detailOf(errors: readonly FieldError[], others: number): string | undefined {
  if (others > 0) return 'AWS refused fields of its request; errors lists those that were sent here.';
  const isCurrent = errors.every(
    ({ pointer, code }) => pointer === '/currentPassword' && code !== 'required',
  );
  return isCurrent
    ? 'The current password breaks a rule that every password keeps, so it is not the current password.'
    : undefined;
}
