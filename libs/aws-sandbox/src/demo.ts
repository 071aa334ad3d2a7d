import type { AwsSandbox } from './sandbox.js';

/** Everything one needs to change the two demonstration passwords. */
export interface DemoData {
  /** The user pool. */
  readonly poolId: string;
  /** The `iss` of its tokens. */
  readonly issuer: string;
  /** Its region. */
  readonly region: string;
  /** App client of the pool, for InitiateAuth. */
  readonly clientId: string;
  /** The Cognito user. */
  readonly username: string;
  /** The Cognito user's password. */
  readonly password: string;
  /** A fresh access token of the Cognito user, good for an hour. */
  readonly accessToken: string;
  /** The IAM user. */
  readonly iamUserName: string;
  /** The IAM user's console password. */
  readonly iamPassword: string;
  /** A long-term key of the IAM user. */
  readonly accessKeyId: string;
  /** The secret of that key. */
  readonly secretAccessKey: string;
}

const USERNAME = 'alice';
const PASSWORD = 'Correct-Horse-1';
const IAM_USER_NAME = 'bob';
const IAM_PASSWORD = 'Battery-Staple-1';

/**
 * Makes a pool with the user alice, and the IAM user bob with an access key. Call it once per sandbox.
 *
 * @throws Error when the IAM user exists already
 */
export function seedDemo(sandbox: AwsSandbox): DemoData {
  const { id: poolId, issuer, region, clientId } = sandbox.cognito.createUserPool();
  sandbox.cognito.createUser(poolId, { username: USERNAME, password: PASSWORD });
  const { accessToken } = sandbox.cognito.signIn(poolId, USERNAME, PASSWORD);
  sandbox.iam.createUser({ userName: IAM_USER_NAME, password: IAM_PASSWORD });
  sandbox.demo = {
    poolId,
    issuer,
    region,
    clientId,
    username: USERNAME,
    password: PASSWORD,
    accessToken,
    iamUserName: IAM_USER_NAME,
    iamPassword: IAM_PASSWORD,
    ...sandbox.iam.createAccessKey(IAM_USER_NAME),
  };
  return sandbox.demo;
}

/** Sets the Cognito user's state and password back and signs in: a new access token, whatever happened before. */
export function renewDemoCognitoUser(sandbox: AwsSandbox, { poolId, username, password }: DemoData) {
  sandbox.cognito.updateUser(poolId, username, { password, status: 'CONFIRMED', enabled: true });
  sandbox.cognito.resetAttempts(poolId, username);
  const { accessToken } = sandbox.cognito.signIn(poolId, username, password);
  return { provider: 'cognito', username, accessToken, currentPassword: password } as const;
}

/** Sets the IAM user's state and password back. The access key stays the same one. */
export function renewDemoIamUser(sandbox: AwsSandbox, demo: DemoData) {
  const { iamUserName: userName, iamPassword: password, accessKeyId, secretAccessKey } = demo;
  sandbox.iam.updateUser(userName, { password, canChangePassword: true, unmodifiable: false });
  return { provider: 'iam', userName, accessKeyId, secretAccessKey, currentPassword: password } as const;
}
