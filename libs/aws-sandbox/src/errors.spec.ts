import * as cognito from '@aws-sdk/client-cognito-identity-provider';
import * as iam from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cognitoClient, failureOf, iamClient } from '../test/clients.js';
import { COGNITO_ERRORS } from './cognito/errors.js';
import { COMMON_ERRORS } from './common-errors.js';
import { seedDemo, type DemoData } from './demo.js';
import { IAM_ERRORS } from './iam/errors.js';
import { startAwsSandbox, type AwsSandbox } from './sandbox.js';

let sandbox: AwsSandbox;
let demo: DemoData;

beforeAll(async () => {
  sandbox = await startAwsSandbox();
  demo = seedDemo(sandbox);
});

afterAll(async () => {
  await sandbox.close();
});

const changeInCognito = () =>
  cognitoClient(sandbox).send(
    new cognito.ChangePasswordCommand({
      AccessToken: demo.accessToken,
      PreviousPassword: demo.password,
      ProposedPassword: 'Other-Password-2',
    }),
  );

const changeInIam = () =>
  iamClient(sandbox, demo).send(
    new iam.ChangePasswordCommand({ OldPassword: demo.iamPassword, NewPassword: 'Other-Password-2' }),
  );

describe('Cognito', () => {
  it.each([
    ['ForbiddenException', cognito.ForbiddenException, 403],
    ['InternalErrorException', cognito.InternalErrorException, 500],
    ['InvalidParameterException', cognito.InvalidParameterException, 400],
    ['InvalidPasswordException', cognito.InvalidPasswordException, 400],
    ['LimitExceededException', cognito.LimitExceededException, 400],
    ['NotAuthorizedException', cognito.NotAuthorizedException, 400],
    ['OperationNotEnabledException', cognito.OperationNotEnabledException, 400],
    ['PasswordHistoryPolicyViolationException', cognito.PasswordHistoryPolicyViolationException, 400],
    ['PasswordResetRequiredException', cognito.PasswordResetRequiredException, 400],
    ['ResourceNotFoundException', cognito.ResourceNotFoundException, 400],
    ['TooManyRequestsException', cognito.TooManyRequestsException, 400],
    ['UserNotConfirmedException', cognito.UserNotConfirmedException, 400],
    ['UserNotFoundException', cognito.UserNotFoundException, 400],
  ] as const)('answers %s on demand, typed by the SDK', async (code, type, status) => {
    sandbox.faults.next({ service: 'cognito-idp', action: 'ChangePassword', fault: { kind: 'error', code } });
    const error: unknown = await changeInCognito().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({
      message: COGNITO_ERRORS[code].message,
      $metadata: { httpStatusCode: status },
    });
  });

  it.each(Object.entries(COMMON_ERRORS))('answers the common error %s on demand', async (code, known) => {
    sandbox.faults.next({ service: 'cognito-idp', fault: { kind: 'error', code } });
    expect(await failureOf(changeInCognito())).toEqual({ name: code, ...known });
  });
});

describe('IAM', () => {
  it.each([
    ['EntityTemporarilyUnmodifiable', iam.EntityTemporarilyUnmodifiableException, 409],
    ['InvalidUserType', iam.InvalidUserTypeException, 400],
    ['LimitExceeded', iam.LimitExceededException, 409],
    ['NoSuchEntity', iam.NoSuchEntityException, 404],
    ['PasswordPolicyViolation', iam.PasswordPolicyViolationException, 400],
    ['ServiceFailure', iam.ServiceFailureException, 500],
  ] as const)('answers %s on demand, typed by the SDK', async (code, type, status) => {
    sandbox.faults.next({ service: 'iam', action: 'ChangePassword', fault: { kind: 'error', code } });
    const error: unknown = await changeInIam().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ message: IAM_ERRORS[code].message, $metadata: { httpStatusCode: status } });
  });

  it.each(Object.entries(COMMON_ERRORS))('answers the common error %s on demand', async (code, known) => {
    sandbox.faults.next({ service: 'iam', fault: { kind: 'error', code } });
    expect(await failureOf(changeInIam())).toEqual({ name: code, ...known });
  });
});

it('answers errors that nobody knows, with a text and a status of choice', async () => {
  const fault = { kind: 'error', code: 'BrandNewException', message: 'so <new>', status: 418 } as const;
  sandbox.faults.next({ fault, times: 2 });
  const expected = { name: 'BrandNewException', message: 'so <new>', status: 418 };
  expect(await failureOf(changeInCognito())).toEqual(expected);
  expect(await failureOf(changeInIam())).toEqual(expected);
});

it('commits nothing with a scripted error', () => {
  expect(sandbox.calls.some(({ committed }) => committed)).toBe(false);
  expect(sandbox.cognito.passwordMatches(demo.poolId, demo.username, demo.password)).toBe(true);
  expect(sandbox.iam.passwordMatches(demo.iamUserName, demo.iamPassword)).toBe(true);
});

it('keeps a scripted error for a call that is authenticated', async () => {
  sandbox.faults.next({ service: 'iam', fault: { kind: 'error', code: 'LimitExceeded' } });
  const stranger = iamClient(sandbox, { ...demo, secretAccessKey: 'x' });
  const refused = stranger.send(new iam.ChangePasswordCommand({ OldPassword: 'a', NewPassword: 'b' }));
  expect(await failureOf(refused)).toMatchObject({ name: 'SignatureDoesNotMatch' });
  expect(await failureOf(changeInIam())).toMatchObject({ name: 'LimitExceededException' });
});
