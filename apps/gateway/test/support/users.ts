import {
  type IamPasswordChangeToSign,
  signIamPasswordChange,
  type SignedIamRequest,
} from '@password-gateway/provider-iam/signer';

import type { Stack } from './stack.js';

/** A password that every default policy accepts. */
export const OLD = 'Old-Horse-Battery-1';
/** Another one. */
export const NEW = 'New-Staple-Correct-2';
/** A third one, which nobody has. */
export const WRONG = 'Wrong-Horse-Battery-3';

type CognitoState = Parameters<Stack['sandbox']['cognito']['createUser']>[1];
type IamState = Parameters<Stack['sandbox']['iam']['createUser']>[0];

let made = 0;

/** A user of a pool, signed in. */
export interface CognitoUser {
  readonly poolId: string;
  readonly username: string;
  readonly sub: string;
  readonly accessToken: string;
  readonly idToken: string;
  /** Headers of a request by this user. */
  readonly auth: { readonly Authorization: string };
}

/**
 * Makes a Cognito user with the password {@link OLD} and signs in without looking at the user's state.
 *
 * @param poolId default the first pool
 */
export function cognitoUser(
  { sandbox, pool }: Stack,
  state: Partial<CognitoState> = {},
  poolId = pool.id,
): CognitoUser {
  const username = `user-${(made += 1)}`;
  const { sub } = sandbox.cognito.createUser(poolId, { password: OLD, ...state, username });
  const { accessToken, idToken } = sandbox.cognito.issueTokens(poolId, username);
  return { poolId, username, sub, accessToken, idToken, auth: bearer(accessToken) };
}

/** Headers with this access token. */
export function bearer(accessToken: string): { readonly Authorization: string } {
  return { Authorization: `Bearer ${accessToken}` };
}

/** Keys of an IAM user. */
export type Keys = IamPasswordChangeToSign['credentials'];

/** An IAM user with a long-term key. */
export interface IamUser {
  readonly userName: string;
  readonly keys: Keys;
}

/** Makes an IAM user with the password {@link OLD} and an access key. */
export function iamUser({ sandbox }: Stack, state: Partial<IamState> = {}): IamUser {
  const userName = `user-${(made += 1)}`;
  sandbox.iam.createUser({ password: OLD, ...state, userName });
  return { userName, keys: sandbox.iam.createAccessKey(userName) };
}

/** Headers with the signature of an IAM change, from {@link OLD} to {@link NEW} unless given. */
export function signed(
  credentials: Keys,
  passwords: { readonly currentPassword?: string; readonly newPassword?: string } = {},
  date?: Date,
): Promise<SignedIamRequest> {
  return signIamPasswordChange({
    credentials,
    currentPassword: passwords.currentPassword ?? OLD,
    newPassword: passwords.newPassword ?? NEW,
    ...(date && { date }),
  });
}
