import { matchesHash } from '../password-hash.js';
import { cognitoError } from './errors.js';
import type { PoolUser, UserPool } from './user-pool.js';
import { requireUsable } from './user-state.js';

/**
 * Proves a user by name and password.
 *
 * @throws AwsError as InitiateAuth does; an unknown user looks like a wrong password, which is the default of pools
 *   made in the console (`PreventUserExistenceErrors`)
 */
export function authenticate(pool: UserPool, username: string, password: string, now: Date): PoolUser {
  const user = pool.users.get(username);
  if (!user) throw cognitoError('NotAuthorizedException');
  if (!user.enabled) requireUsable(user);
  if (user.attempts.isLocked(now.getTime())) {
    throw cognitoError('NotAuthorizedException', 'Password attempts exceeded');
  }
  if (!matchesHash(user.password, password)) {
    user.attempts.failed(pool.attemptLimit, now.getTime());
    throw cognitoError('NotAuthorizedException');
  }
  user.attempts.reset();
  requireUsable(user);
  return user;
}
