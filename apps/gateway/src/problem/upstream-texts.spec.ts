import { describe, expect, it } from '@jest/globals';
import {
  PasswordChangeError,
  PROBLEM_CODES,
  problemDefinition,
  type ProviderName,
  type UpstreamHandler,
} from '@password-gateway/errors';
import { CognitoPasswordProvider } from '@password-gateway/provider-cognito';
import { IamPasswordProvider } from '@password-gateway/provider-iam';
import fc from 'fast-check';

// Whatever AWS says, and however it changes its words: no failure may be sure of a cause that it does not know, or say a
// sentence that its own errors contradict.

/** Stands in mangled texts, and must stand in no answer. */
const CANARY = 'Kan4rie';

const USER = 'User: arn:aws:iam::123456789012:user/X is not authorized to perform: iam:ChangePassword';
const AT = (member: string) => `Value at '${member}' failed to satisfy constraint: Member must`;

/** Texts of both services; see the sources in the tables of the providers. */
const TEXTS = [
  '',
  'Incorrect username or password.',
  'Invalid Access Token',
  'Access Token has expired',
  'Access Token has been revoked',
  'Access Token does not have required scopes',
  'User is disabled',
  'User is not authorized to change password.',
  'Password attempts exceeded',
  'Attempt limit exceeded, please try after some time.',
  'Password did not conform with policy: Password not long enough',
  'Password did not conform with policy: Password must have uppercase characters',
  'Provided password cannot be used for security reasons.',
  'Password has previously been used',
  'Policy constraint violation with password reuse prevention during password change.',
  'Password does not conform to the account password policy.',
  'Password should meet 1 more of the following requirements: Password should have at least one uppercase letter, Password should have at least one symbol',
  `1 validation error detected: ${AT('previousPassword')} have length greater than or equal to 6`,
  `2 validation errors detected: ${AT('oldPassword')} not be null; ${AT('newPassword')} have length less than or equal to 128`,
  `1 validation error detected: ${AT('proposedPassword')} satisfy regular expression pattern: ^[\\S]+.*[\\S]+$`,
  'The specified value for newPassword is invalid. It must contain only printable ASCII characters',
  'Must specify userName when calling with non-User credentials',
  'PrivateLink access is disabled for the user pool that has ManagedLogin configured.',
  'The old password was incorrect.',
  'Only IAM Users can change their own password',
  USER,
  `${USER} with an explicit deny in an identity-based policy: arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV2`,
  `${USER} because no permissions boundary allows the iam:ChangePassword action`,
  'User: arn:aws:sts::123456789012:assumed-role/Admin/s is not authorized to perform: iam:ChangePassword',
  'Either user is not authorized to perform iam:ChangePassword or entered password does not comply with account password policy set by administrator',
  'The security token included in the request is invalid',
  'The request signature we calculated does not match the signature you provided.',
  'Signature expired: 20261120T000000Z is now earlier than 20261120T000001Z',
  'Login Profile for User X cannot be found.',
  'The user with name X cannot be found.',
];

/** Error names whose text decides the cause; every other name decides alone. */
const BY_TEXT =
  /^(?:NotAuthorizedException|AccessDenied(?:Exception)?|Invalid(?:Parameter(?:Exception|Value)|PasswordException|Input|SignatureException)|PasswordPolicyViolation|MissingParameter|NoSuchEntity|SignatureDoesNotMatch|Validation(?:Error|Exception))$/;

/** Texts that say their cause beyond doubt under a name whose text decides. */
const CERTAIN: Readonly<Record<string, RegExp>> = {
  signature_mismatch: /^$|^The request signature we calculated does not match/i,
  new_password_rejected:
    /^(?:\s*(?:Password did not conform with policy|Password not long enough|Password must have \w+ characters|Password does not conform to the account password policy|Password should meet \d+ more of the following requirements|Password should have at least one (?:\w+ letter|symbol|number)|Provided password cannot be used for security reasons)[\s:,.;]*)*$/i,
};

const NAMES: Readonly<Record<ProviderName, readonly string[]>> = {
  cognito: namesOf('cognito'),
  iam: namesOf('iam'),
};

/** What the problem pages say that AWS says. */
function namesOf(provider: ProviderName): string[] {
  const entries = PROBLEM_CODES.flatMap((code) => problemDefinition(code).upstream?.[provider] ?? []);
  return [...new Set(entries.map((entry) => entry.split(': ')[0] ?? ''))];
}

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  gone: fc.nat(6),
  come: fc.oneof(
    fc.constantFrom('', ' ', "'", '; ', ` ${CANARY} `, ' not ', ' or ', 'policy', 'same as', 'number'),
    fc.string({ maxLength: 4 }),
  ),
});

/** The texts as they are, joined, and with edits. */
const mangled = fc
  .tuple(
    fc.array(fc.constantFrom(...TEXTS), { minLength: 1, maxLength: 2 }),
    fc.array(edit, { maxLength: 4 }),
  )
  .map(([parts, edits]) =>
    edits.reduce((text, { at, gone, come }) => {
      const start = Math.floor(at * text.length);
      return text.slice(0, start) + come + text.slice(start + gone);
    }, parts.join(' ')),
  );

function answering(type: string, body: string): UpstreamHandler {
  const headers = { 'content-type': type };
  const response = { statusCode: 400, headers, body: new TextEncoder().encode(body) };
  return { handle: () => Promise.resolve({ response }) };
}

const OLD = 'Old-Password-1';
const NEW = 'New-Password-2';

const FAIL: Readonly<Record<ProviderName, (name: string, message: string) => Promise<unknown>>> = {
  cognito: (name, message) => {
    const requestHandler = answering('application/x-amz-json-1.1', JSON.stringify({ __type: name, message }));
    return new CognitoPasswordProvider({ region: 'eu-central-1', requestHandler }).changePassword({
      accessToken: 'a.b.c',
      currentPassword: OLD,
      newPassword: NEW,
    });
  },
  iam: (name, message) => {
    const escaped = message.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);
    const xml = `<ErrorResponse><Error><Type>Sender</Type><Code>${name}</Code><Message>${escaped}</Message></Error></ErrorResponse>`;
    return new IamPasswordProvider({ requestHandler: answering('text/xml', xml) }).changePassword({
      credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' },
      currentPassword: OLD,
      newPassword: NEW,
    });
  },
};

async function failure(provider: ProviderName, name: string, message: string): Promise<PasswordChangeError> {
  try {
    await FAIL[provider](name, message);
  } catch (error) {
    if (error instanceof PasswordChangeError) return error;
    throw error;
  }
  throw new Error('the change succeeded');
}

/** What a failure says that its own errors contradict, in words; empty when all is well. */
function contradictions({ code, message, next, errors }: PasswordChangeError): string[] {
  const pointers = errors.map(({ pointer }) => pointer);
  const codes = errors.map((error) => error.code);
  const elsewhere = (pointer: string): boolean => pointers.some((one) => one !== pointer);
  const rules: Readonly<Record<string, boolean>> = {
    'a list that is empty': message.includes('errors lists') && errors.length === 0,
    'the policy, though it is not the reason':
      message.includes('because of the password policy') && codes.some((one) => one === 'compromised'),
    'a leak that no error names': message.includes('known from leaks') && !codes.includes('compromised'),
    'the current password, and another field':
      message.includes('is not the current password') && elsewhere('/currentPassword'),
    'another field than that of the code':
      (code.startsWith('new_password') && elsewhere('/newPassword')) ||
      (code.startsWith('current_password') && elsewhere('/currentPassword')),
    'a field, and names none': /^(?:new|current)_password/.test(code) && errors.length === 0,
    'no field, and names one': errors.length > 0 && !/_password_|request_invalid/.test(code),
    'a step about another field':
      errors.length > 0 &&
      ((next === 'choose_another_password' && !pointers.includes('/newPassword')) ||
        (next === 'correct_current_password' && !pointers.includes('/currentPassword'))),
  };
  return Object.keys(rules).filter((rule) => rules[rule]);
}

describe.each(['cognito', 'iam'] as const)('a text of %s, however mangled', (provider) => {
  it('is told without a wrong cause that is sure, a contradiction, or a word of AWS', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...NAMES[provider]), mangled, async (name, message) => {
        const error = await failure(provider, name, message);
        expect(contradictions(error)).toEqual([]);
        expect(JSON.stringify([error, error.message])).not.toContain(CANARY);
        if (error.outcome === 'unchanged' && error.confidence === 'exact' && BY_TEXT.test(name)) {
          expect(message.trim()).toMatch(CERTAIN[error.code] ?? /^\b$/);
        }
      }),
      { numRuns: 1500 },
    );
  }, 60_000);

  it('under a name that nobody knows leaves the outcome unknown', async () => {
    const name = fc
      .stringMatching(/^[A-Z][a-z]{3,8}[A-Z][a-z]{3,8}$/)
      .filter((one) => !NAMES[provider].includes(one));
    await fc.assert(
      fc.asyncProperty(name, mangled, async (invented, message) => {
        expect(await failure(provider, invented, message)).toMatchObject({
          code: 'upstream_error_unrecognised',
          outcome: 'unknown',
          unmappedText: true,
        });
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('is never a wrong password unless it says so from the start', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...NAMES[provider]), mangled, async (name, message) => {
        const { code } = await failure(provider, name, message);
        const says = /^\s*(?:Incorrect username or password|The old password was incorrect)/i.test(message);
        expect(code === 'current_password_incorrect' && !says).toBe(false);
      }),
      { numRuns: 1500 },
    );
  }, 60_000);
});
