export { AwsError, type ErrorTable, type KnownError } from './aws-error.js';
export type { CallRecord, ServiceName } from './calls.js';
export { DEFAULT_ATTEMPT_LIMIT, type AttemptLimit } from './cognito/attempt-limit.js';
export type {
  CognitoControl,
  CreatedUserPool,
  CreateUserPoolOptions,
  UserState,
} from './cognito/cognito-control.js';
export { COGNITO_ERRORS } from './cognito/errors.js';
export type { PoolPasswordPolicy } from './cognito/password-policy.js';
export type { SigningKey } from './cognito/signing-keys.js';
export { signJwt, type IssuedTokens, type IssueTokensOptions } from './cognito/tokens.js';
export type { UserStatus } from './cognito/user-pool.js';
export { seedDemo, type DemoData } from './demo.js';
export type { Fault, FaultQueue, FaultScript, FaultService } from './faults.js';
export type { ConnectionCounts } from './http/listener.js';
export type { ChangePermission } from './iam/account.js';
export { IAM_ERRORS } from './iam/errors.js';
export type { AccessKey, IamControl, IamUserState, SessionCredentials } from './iam/iam-control.js';
export type { AccountPasswordPolicy } from './iam/password-policy.js';
export { AwsSandbox, startAwsSandbox, type AwsSandboxOptions } from './sandbox.js';
