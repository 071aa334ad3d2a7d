import { cognitoError } from './errors.js';
import type { PoolUser } from './user-pool.js';

/**
 * Lets only an enabled and confirmed user pass.
 *
 * @throws AwsError `NotAuthorizedException`, `UserNotConfirmedException` or `PasswordResetRequiredException`
 */
export function requireUsable(user: PoolUser): void {
  if (!user.enabled) throw cognitoError('NotAuthorizedException', 'User is disabled');
  if (user.status === 'UNCONFIRMED') throw cognitoError('UserNotConfirmedException');
  if (user.status === 'RESET_REQUIRED') throw cognitoError('PasswordResetRequiredException');
}
