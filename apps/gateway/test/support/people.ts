import type { AwsSandbox, IssueTokensOptions } from '@password-gateway/aws-sandbox';
import { type AwsCredentials, signIamPasswordChange } from '@password-gateway/provider-iam';

import type { Passwords } from './send-change.js';

/** Somebody with a password at one of the two providers. */
export interface Person {
  readonly provider: 'cognito' | 'iam';
  readonly password: string;
  /** Headers that authorise this change. For IAM a new signature each time, never one that was made before. */
  readonly authorise: (passwords: Passwords) => Promise<Record<string, string>>;
  /** Whether this is the password now. */
  readonly has: (password: string) => boolean;
}

/** A Cognito user. */
export interface CognitoPerson extends Person {
  readonly username: string;
  readonly sub: string;
  readonly accessToken: string;
}

/** An IAM user. */
export interface IamPerson extends Person {
  readonly userName: string;
  readonly credentials: AwsCredentials;
}

/** The password that everybody begins with. */
export const FIRST_PASSWORD = 'Correct-Horse-1';

let people = 0;

/** Makes a Cognito user with an access token. */
export function cognitoPerson(
  sandbox: AwsSandbox,
  poolId: string,
  { password = FIRST_PASSWORD, ...token }: { readonly password?: string } & IssueTokensOptions = {},
): CognitoPerson {
  const username = `user-${++people}`;
  const { sub } = sandbox.cognito.createUser(poolId, { username, password });
  const { accessToken } = sandbox.cognito.issueTokens(poolId, username, token);
  return {
    provider: 'cognito',
    username,
    sub,
    accessToken,
    password,
    authorise: () => Promise.resolve({ authorization: `Bearer ${accessToken}` }),
    has: (candidate) => sandbox.cognito.passwordMatches(poolId, username, candidate),
  };
}

/** Makes an IAM user with an access key. */
export function iamPerson(sandbox: AwsSandbox, password = FIRST_PASSWORD): IamPerson {
  const userName = `user-${++people}`;
  sandbox.iam.createUser({ userName, password });
  const credentials = sandbox.iam.createAccessKey(userName);
  return {
    provider: 'iam',
    userName,
    credentials,
    password,
    authorise: signer(credentials),
    has: (candidate) => sandbox.iam.passwordMatches(userName, candidate),
  };
}

/** Somebody who knows a victim's access key id and nothing else. */
export function stranger(victim: IamPerson): Person['authorise'] {
  return signer({ ...victim.credentials, secretAccessKey: 'not-the-secret-of-this-access-key-id-000' });
}

/** Signs with credentials, each time with another date: two signatures of one second would be the same. */
export function signer(credentials: AwsCredentials): Person['authorise'] {
  const used = new Set<number>();
  return async ({ currentPassword = '', newPassword }) => {
    let second = Math.floor(Date.now() / 1000);
    while (used.has(second)) second -= 1;
    used.add(second);
    const date = new Date(second * 1000);
    const headers = await signIamPasswordChange({ currentPassword, newPassword, credentials, date });
    return Object.fromEntries(Object.entries(headers));
  };
}
