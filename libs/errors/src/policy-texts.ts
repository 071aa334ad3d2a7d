import { COMPROMISED, type FieldError, type FieldErrorCode, USED_BEFORE } from './field-error.js';
import type { UpstreamVerdict } from './upstream-mapping.js';

/** One rule of a password policy. */
interface PolicyRule {
  readonly text: RegExp;
  readonly code: FieldErrorCode;
  /** The rule in words. */
  readonly detail: string;
  /** What to add, for a sentence that offers several rules. */
  readonly part: string;
}

/**
 * Rules as the two services word them.
 *
 * Sources: Amazon Cognito, "Password did not conform with policy: …" (amazon-cognito-identity-js#311); AWS IAM,
 * "Password should meet 1 more of the following requirements: …" (CreateLoginProfile, many public logs).
 */
const POLICY_RULES: readonly PolicyRule[] = [
  {
    text: /not long enough|too short|minimum (?:password )?length|at least \d+ characters/i,
    code: 'too_short',
    detail: 'Is shorter than the password policy wants.',
    part: 'the minimum length',
  },
  {
    text: /too long|maximum (?:password )?length|at most \d+ characters/i,
    code: 'too_long',
    detail: 'Is longer than the password policy wants.',
    part: 'the maximum length',
  },
  {
    text: /uppercase/i,
    code: 'uppercase_missing',
    detail: 'Must have an upper-case letter.',
    part: 'an upper-case letter',
  },
  {
    text: /lowercase/i,
    code: 'lowercase_missing',
    detail: 'Must have a lower-case letter.',
    part: 'a lower-case letter',
  },
  { text: /\bnumeric|\bnumber/i, code: 'number_missing', detail: 'Must have a number.', part: 'a number' },
  {
    text: /symbol|non-alphanumeric/i,
    code: 'symbol_missing',
    detail: 'Must have a symbol.',
    part: 'a symbol',
  },
];

const UNNAMED_POLICY: FieldError = {
  pointer: '/newPassword',
  code: 'policy',
  detail: 'Does not meet the password policy.',
};

/** Of texts that are made of these and nothing else, every word is known. */
const KNOWN_PHRASES =
  /password did not conform with (?:password )?policy|password does not conform to the account password policy|password should meet \d+ more of the following requirements|password not long enough|password must have (?:uppercase|lowercase|numeric|symbol) characters|password should have at least one (?:uppercase letter|lowercase letter|number|symbol|non-alphanumeric character)|password should have at least \d+ characters|password should have a minimum length of \d+|minimum password length of \d+ characters/gi;

/** What forbids something names no rule that is missing. */
const NEGATION = /\b(?:must|should|may|can) ?not\b/i;

/**
 * Words of a refusal because of the password history. "Same as" counts only where it is no comparison with the user's
 * name.
 *
 * Sources: Amazon Cognito, PasswordHistoryPolicyViolationException; AWS IAM, "password reuse prevention" (errors.md of
 * moto and LocalStack); other identity services' words for the same.
 */
export const REUSED_TEXT =
  /\bre-?us(?:e|ed|ing)\b|\b(?:previously|already|recently) (?:been )?used\b|\bused (?:before|previously|recently|already)\b|\bsame as\b(?!.*\b(?:user ?name|e-?mail|account|login|alias)\b)|\bpassword history\b/is;

const COMPROMISED_TEXT = /for security reasons|\bcompromised\b|\bleaked\b|\bdata breach\b|\bcommonly used\b/i;
const COMPROMISED_WHOLE = /^Provided password cannot be used for security reasons\.?$/i;

/** The verdict for a new password that the history refuses, as far as only the text says so. */
export const REUSED: UpstreamVerdict = {
  code: 'new_password_reused',
  confidence: 'inferred',
  errors: [USED_BEFORE],
};

/**
 * The verdict for a new password that AWS refuses: that it was used before, that it is known from leaks, or each rule of
 * the policy that the text reveals.
 *
 * @param message - AWS's message
 */
export function passwordPolicyVerdict(message: string): UpstreamVerdict {
  if (COMPROMISED_TEXT.test(message)) {
    return {
      code: 'new_password_rejected',
      confidence: COMPROMISED_WHOLE.test(message) ? 'exact' : 'inferred',
      detail: 'AWS refused the new password because it is known from leaks or too easy to guess.',
      errors: [COMPROMISED],
    };
  }
  if (REUSED_TEXT.test(message)) return REUSED;
  const errors = NEGATION.test(message) ? [] : brokenRules(message);
  const isEmpty = message.trim() === '';
  const isKnown = /^[\s,.:;]*$/.test(message.replace(KNOWN_PHRASES, ''));
  return {
    code: 'new_password_rejected',
    confidence: isKnown ? 'exact' : 'inferred',
    errors: errors.length > 0 ? errors : [UNNAMED_POLICY],
    unmappedText: isEmpty || (errors.length === 0 && !isKnown),
  };
}

function brokenRules(message: string): FieldError[] {
  const rules = POLICY_RULES.filter(({ text }) => text.test(message));
  const wanted = Number(/meet (\d{1,3}) more of the following/i.exec(message)?.[1] ?? rules.length);
  if (wanted > 0 && wanted < rules.length) {
    return [
      {
        ...UNNAMED_POLICY,
        detail: choice(
          wanted,
          rules.map(({ part }) => part),
        ),
      },
    ];
  }
  return rules.map(({ code, detail }) => ({ pointer: '/newPassword', code, detail }));
}

/** A sentence that leaves the choice, because each of the rules may go unmet. */
function choice(wanted: number, parts: readonly string[]): string {
  if (wanted > 1) return `Must have ${wanted} of these: ${parts.join(', ')}.`;
  return `Must have either ${parts.slice(0, -1).join(', ')} or ${parts.at(-1) ?? ''}.`;
}
