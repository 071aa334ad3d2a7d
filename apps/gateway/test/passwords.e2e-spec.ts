import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import type { Answer } from './support/answer.js';
import { expectChanged, expectProblem } from './support/expect-problem.js';
import { change } from './support/http.js';
import { startStack, type Stack } from './support/stack.js';
import { cognitoUser, iamUser, NEW, OLD, signed } from './support/users.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterEach(() => {
  stack.sandbox.reset();
});

afterAll(() => stack.close());

/** U+00E9, and the same letter as e with U+0301. */
const [NFC, NFD] = ['\u00e9', 'e\u0301'];
const HORSE = '\u{1f40e}';

type Verdict = 'relayed' | readonly string[];

/** A password, and what each provider's own rules say of it: it is relayed, or the rules that it breaks. */
const PASSWORDS: readonly (readonly [name: string, password: string, cognito: Verdict, iam: Verdict])[] = [
  ['spaces', 'Aa1! two  inner spaces', 'relayed', 'relayed'],
  ['+', 'Aa1!+plus+', 'relayed', 'relayed'],
  ['&', 'Aa1!&and&', 'relayed', 'relayed'],
  ['%', 'Aa1!100%%41', 'relayed', 'relayed'],
  ['~', 'Aa1!~tilde~', 'relayed', 'relayed'],
  ['*', "Aa1!*star*('it')", 'relayed', 'relayed'],
  ['ü', 'Aa1!über-ÿ', 'relayed', 'relayed'],
  ['a tab', 'Aa1!tab\tbed', 'relayed', 'relayed'],
  ['quotes, backslash and slash', 'Aa1!"\\/\'=?#', 'relayed', 'relayed'],
  ['&Action=DeleteUser', 'Aa1!&Action=DeleteUser&UserName=root', 'relayed', 'relayed'],
  ['%00', 'Aa1!%00%0d%0aX-Evil', 'relayed', 'relayed'],
  ['NUL itself', 'Aa1!\u0000nul', 'relayed', ['character_not_allowed']],
  ['é in NFC form', `Aa1!caf${NFC}s`, 'relayed', 'relayed'],
  ['é in NFD form', `Aa1!caf${NFD}s`, 'relayed', ['character_not_allowed']],
  ['an emoji', `Aa1!horse-${HORSE}`, 'relayed', ['character_not_allowed']],
  ['a space at the end', 'Aa1!space-at-the-end ', ['white_space_at_end'], 'relayed'],
  ['a tab at the start', '\tAa1!tab-at-the-start', ['white_space_at_end'], 'relayed'],
  ['128 characters outside ASCII', `Aa1!${'ü'.repeat(124)}`, 'relayed', 'relayed'],
  ['129 characters', `Aa1!${'x'.repeat(125)}`, 'relayed', ['too_long']],
  [
    '256 code points, of which 252 are surrogate pairs',
    `Aa1!${HORSE.repeat(252)}`,
    'relayed',
    ['character_not_allowed', 'too_long'],
  ],
  ['257 code points', `Aa1!${'x'.repeat(253)}`, ['too_long'], ['too_long']],
];

const IAM_LINE_FEED = 'Aa1!line\nfeed';

interface Subject {
  readonly change: (currentPassword: string, newPassword: string) => Promise<Answer>;
  readonly has: (password: string) => boolean;
}

function cognito(): Subject {
  const { poolId, username, auth } = cognitoUser(stack);
  return {
    change: (currentPassword, newPassword) => change(stack, auth, { currentPassword, newPassword }),
    has: (password) => stack.sandbox.cognito.passwordMatches(poolId, username, password),
  };
}

function iam(): Subject {
  const { userName, keys } = iamUser(stack);
  return {
    change: async (currentPassword, newPassword) => {
      const passwords = { currentPassword, newPassword };
      return change(stack, await signed(keys, passwords), passwords);
    },
    has: (password) => stack.sandbox.iam.passwordMatches(userName, password),
  };
}

describe.each([
  { provider: 'cognito' as const, subject: cognito },
  { provider: 'iam' as const, subject: iam },
])('$provider', ({ provider, subject }) => {
  const rows = PASSWORDS.map(([name, password, ...verdicts]) => ({
    name,
    password,
    verdict: verdicts[provider === 'cognito' ? 0 : 1],
  }));

  it.each(rows.filter(({ verdict }) => verdict === 'relayed'))(
    'relays byte-exact, as the new and as the current password: $name',
    async ({ password }) => {
      const user = subject();
      expectChanged(await user.change(OLD, password), provider);
      expect(user.has(password)).toBe(true);
      expect(user.has(OLD)).toBe(false);
      expectChanged(await user.change(password, NEW), provider);
      expect(user.has(NEW)).toBe(true);
    },
  );

  it.each(rows.filter(({ verdict }) => verdict !== 'relayed'))(
    'answers 422 and calls nobody: $name',
    async ({ password, verdict }) => {
      const user = subject();
      const brokenRules = verdict === 'relayed' ? [] : verdict;
      const errorsAt = (pointer: string) => brokenRules.map((code) => `${pointer} ${code}`);
      expectProblem(await user.change(OLD, password), 'request_invalid', {
        provider,
        errors: errorsAt('/newPassword'),
        next: 'choose_another_password',
      });
      expectProblem(await user.change(password, NEW), 'request_invalid', {
        provider,
        errors: errorsAt('/currentPassword'),
        next: 'correct_current_password',
      });
      expect(user.has(OLD)).toBe(true);
      expect(stack.sandbox.callCount).toBe(0);
    },
  );
});

it('keeps the NFC and the NFD form apart', async () => {
  const user = cognito();
  expectChanged(await user.change(OLD, `Aa1!caf${NFC}s`), 'cognito');
  expect(user.has(`Aa1!caf${NFD}s`)).toBe(false);
  expectProblem(await user.change(`Aa1!caf${NFD}s`, NEW), 'current_password_incorrect', {
    errors: ['/currentPassword incorrect'],
  });
  expectChanged(await user.change(`Aa1!caf${NFC}s`, `Aa1!caf${NFD}s`), 'cognito');
});

it('relays a line feed to IAM, and refuses one for Cognito, which takes none', async () => {
  const [iamSubject, cognitoSubject] = [iam(), cognito()];
  expectChanged(await iamSubject.change(OLD, IAM_LINE_FEED), 'iam');
  expect(iamSubject.has(IAM_LINE_FEED)).toBe(true);
  expectProblem(await cognitoSubject.change(OLD, IAM_LINE_FEED), 'request_invalid', {
    errors: ['/newPassword character_not_allowed'],
    next: 'choose_another_password',
    detail: /errors lists/,
  });
  expect(stack.sandbox.callCount).toBe(1);
});
