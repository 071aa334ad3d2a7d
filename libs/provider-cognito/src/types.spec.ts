import { expect, it } from '@jest/globals';

import type { CognitoPasswordProvider } from './index.js';

/** `true` where TypeScript lets a value of the first type pass for one of the second. */
type Assignable<From, To> = [From] extends [To] ? true : false;

type Change = Parameters<CognitoPasswordProvider['changePassword']>[0];

interface Whole {
  accessToken: string;
  currentPassword: string;
  newPassword: string;
}

// The compiler is the judge here: each literal must be the type that it is assigned to.
const whole: Assignable<Whole, Change> = true;
const passwordless: Assignable<Omit<Whole, 'currentPassword'>, Change> = true;
const withoutToken: Assignable<Omit<Whole, 'accessToken'>, Change> = false;
const withoutNew: Assignable<Omit<Whole, 'newPassword'>, Change> = false;
const nullInstead: Assignable<Omit<Whole, 'currentPassword'> & { currentPassword: null }, Change> = false;

it('takes a token and a new password, and may do without the current one', () => {
  expect([whole, passwordless]).not.toContain(false);
  expect([withoutToken, withoutNew, nullInstead]).not.toContain(true);
});
