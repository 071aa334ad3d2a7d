import { matchesHash } from '../password-hash.js';
import type { Call } from '../service.js';
import { accessTokenRule, checkMembers, passwordRule, validationError } from './constraints.js';
import { cognitoError } from './errors.js';
import { stringMember, type JsonInput } from './json-protocol.js';
import { brokenRule } from './password-policy.js';
import type { PoolDirectory, PoolUser, UserPool } from './user-pool.js';
import { requireUsable } from './user-state.js';
import { verifyAccessToken } from './verify-access-token.js';

/**
 * The operation ChangePassword (Cognito API reference).
 *
 * @throws AwsError every exception that the reference lists for it
 */
export function changePassword(pools: PoolDirectory, call: Call, input: JsonInput): object {
  const previous = stringMember(input, 'PreviousPassword');
  const proposed = stringMember(input, 'ProposedPassword');
  const token = stringMember(input, 'AccessToken');
  checkMembers([
    passwordRule('previousPassword', previous, false),
    passwordRule('proposedPassword', proposed, true),
    accessTokenRule(token),
  ]);
  const { pool, user } = verifyAccessToken(pools, token ?? '', call.now);
  call.checkpoint();
  requireUsable(user);
  proveKnowledge(pool, user, previous, call.now.getTime());
  requireNewPassword(pool, user, proposed ?? '');
  user.setPassword(proposed ?? '');
  call.record.committed = true;
  return {};
}

function proveKnowledge(pool: UserPool, user: PoolUser, previous: string | undefined, now: number): void {
  if (previous === undefined) {
    // What the service answered when the member was still required. It is no attempt: no password was tried.
    if (user.password) {
      throw validationError([
        "Value at 'previousPassword' failed to satisfy constraint: Member must not be null",
      ]);
    }
    return;
  }
  if (user.attempts.isLocked(now)) throw cognitoError('LimitExceededException');
  if (!matchesHash(user.password, previous)) {
    user.attempts.failed(pool.attemptLimit, now);
    throw cognitoError('NotAuthorizedException');
  }
  user.attempts.reset();
}

function requireNewPassword(pool: UserPool, user: PoolUser, proposed: string): void {
  const broken = brokenRule(pool.policy, proposed);
  if (broken !== undefined) {
    throw cognitoError('InvalidPasswordException', `Password did not conform with policy: ${broken}`);
  }
  const { passwordHistorySize } = pool.policy;
  if (
    passwordHistorySize > 0 &&
    user.remembered(passwordHistorySize).some((earlier) => matchesHash(earlier, proposed))
  ) {
    throw cognitoError('PasswordHistoryPolicyViolationException');
  }
}
