import { expect, it } from '@jest/globals';

import type { AwsCredentials, IamPasswordProvider, SignedIamRequest } from './index.js';

/** `true` where TypeScript lets a value of the first type pass for one of the second. */
type Assignable<From, To> = [From] extends [To] ? true : false;

type Change = Parameters<IamPasswordProvider['changePassword']>[0];

interface Passwords {
  currentPassword: string;
  newPassword: string;
}

interface Signed {
  signedRequest: SignedIamRequest;
}

interface Credentialed {
  credentials: AwsCredentials;
}

// The compiler is the judge here: each literal must be the type that it is assigned to.
const signed: Assignable<Passwords & Signed, Change> = true;
const credentialed: Assignable<Passwords & Credentialed, Change> = true;
const partitioned: Assignable<Passwords & Credentialed & { partition: 'aws-cn' }, Change> = true;
const both: Assignable<Passwords & Signed & Credentialed, Change> = false;
const neither: Assignable<Passwords, Change> = false;
const withoutCurrent: Assignable<Omit<Passwords, 'currentPassword'> & Signed, Change> = false;
const unknownPartition: Assignable<Passwords & Credentialed & { partition: 'aws-moon' }, Change> = false;

it('takes a signed request or credentials, never both and never neither', () => {
  expect([signed, credentialed, partitioned]).not.toContain(false);
  expect([both, neither, withoutCurrent, unknownPartition]).not.toContain(true);
});
