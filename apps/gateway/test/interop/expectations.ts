import type { Client } from './client.js';
import type { CaseName, Observation } from './matrix.js';

type Raised = Readonly<Record<Exclude<CaseName, 'success'>, string>>;

/** Amazon Cognito's exceptions; all are classes of its clients. */
const COGNITO: Raised = {
  'wrong password': 'NotAuthorizedException',
  'policy violation': 'InvalidPasswordException',
  'expired credential': 'NotAuthorizedException',
  'invalid credential': 'NotAuthorizedException',
  throttled: 'TooManyRequestsException',
  'committed, then reset': 'InternalErrorException',
  'committed, then silence': 'InternalErrorException',
  'committed, then 500': 'InternalErrorException',
};

/** AWS IAM's error codes, as they stand in the answer. */
const IAM: Raised = {
  'wrong password': 'AccessDenied',
  'policy violation': 'PasswordPolicyViolation',
  'expired credential': 'ExpiredToken',
  'invalid credential': 'InvalidClientTokenId',
  throttled: 'Throttling',
  'committed, then reset': 'ServiceFailure',
  'committed, then silence': 'ServiceFailure',
  'committed, then 500': 'ServiceFailure',
};

/** Codes of the documented dialect. */
const PROBLEMS: Raised = {
  'wrong password': 'current_password_incorrect',
  'policy violation': 'new_password_rejected',
  'expired credential': 'credential_expired',
  'invalid credential': 'credential_invalid',
  throttled: 'upstream_throttled',
  'committed, then reset': 'upstream_failed',
  'committed, then silence': 'upstream_timeout',
  'committed, then 500': 'upstream_failed',
};

/** Those of IAM's codes that the service's model declares for ChangePassword, so that clients have classes for them. */
const IAM_MODELLED = new Set(['PasswordPolicyViolation', 'ServiceFailure']);

/** Clients with a class per exception. */
const TYPED = new Set(['boto3', 'AWS SDK for JavaScript']);

/** What an observation must say. */
export function expected(client: Client, name: CaseName): Omit<Observation, 'client' | 'case'> {
  const changed = name === 'success' || name.startsWith('committed');
  // Only AWS can tell an IAM signature's worth; the gateway itself tells a token's.
  const refusedHere = client.provider === 'cognito' && name.endsWith('credential');
  return {
    seen: name === 'success' ? { raised: null, modelled: false } : raised(client, name),
    calls: refusedHere ? 0 : 1,
    oldPasswordHolds: !changed,
    newPasswordHolds: changed,
  };
}

function raised(client: Client, name: Exclude<CaseName, 'success'>): Observation['seen'] {
  const typed = TYPED.has(client.name);
  if (client.setting.includes('Bearer')) return { raised: PROBLEMS[name], modelled: false };
  if (client.provider === 'cognito') return { raised: COGNITO[name], modelled: typed };
  const modelled = typed && IAM_MODELLED.has(IAM[name]);
  return { raised: IAM[name] + (modelled ? 'Exception' : ''), modelled };
}
