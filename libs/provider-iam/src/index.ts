export {
  type CredentialedIamPasswordChange,
  type IamPasswordChange,
  type IamPasswordChanged,
  IamPasswordProvider,
  type SignedIamPasswordChange,
} from './iam-password-provider.js';
export {
  IAM_PARTITION_NAMES,
  IAM_PARTITIONS,
  type IamEndpointVariant,
  iamHost,
  iamHosts,
  type IamPartition,
  type IamPartitionName,
} from './partitions.js';
export type { PreparedIamPasswordChange } from './prepared-change.js';
export { readChangePasswordForm } from './change-password-form.js';
export type {
  IamCallOptions,
  IamClient,
  IamClientOptions,
  IamEndpointOptions,
  IamPasswordProviderOptions,
} from './provider-options.js';
export type { RelayableIamRequest } from './relayable-request.js';
export { isRelayable, RELAYED_HEADERS, type SignedIamForm, type SignedIamRequest } from './signed-request.js';
export { type CheckedIamRequest, checkSignedIamRequest } from './signed-request-check.js';
export { type AwsCredentials, type IamPasswordChangeToSign, signIamPasswordChange } from './signer.js';
export { changePasswordBody, FORM_CONTENT_TYPE, type IamPasswords } from './upstream-body.js';
