import { matchesHash } from '../password-hash.js';
import type { IamUser } from './account.js';
import { iamError } from './errors.js';
import { requireConformity } from './password-policy.js';
import type { QueryCall } from './query-service.js';

/**
 * The operation ChangePassword (IAM API reference), in the order: parameters, kind of caller, permission, login
 * profile, old password, policy, reuse.
 *
 * @throws AwsError every error that the reference lists for it, `ValidationError` and `AccessDenied`
 */
export function changePassword(query: QueryCall): undefined {
  const { call, principal, parameters } = query;
  const oldPassword = parameters.get('OldPassword');
  const newPassword = parameters.get('NewPassword');
  const violations = [
    ...violationsOf('oldPassword', oldPassword),
    ...violationsOf('newPassword', newPassword),
  ];
  if (violations.length > 0) {
    const count = violations.length === 1 ? '1 validation error' : `${violations.length} validation errors`;
    throw iamError('ValidationError', `${count} detected: ${violations.join('; ')}`);
  }
  call.checkpoint();
  if (principal.kind !== 'user') throw iamError('InvalidUserType');
  const { user } = principal;
  requirePermission(query, user, principal.credentials === 'mfa-session');
  if (!user.password) {
    throw iamError('NoSuchEntity', `Login Profile for User ${user.userName} cannot be found.`);
  }
  if (user.unmodifiable) {
    throw iamError(
      'EntityTemporarilyUnmodifiable',
      `Login Profile for User ${user.userName} cannot be modified while login profile is being created.`,
    );
  }
  if (!matchesHash(user.password, oldPassword ?? '')) {
    throw iamError('AccessDenied', 'The old password was incorrect.');
  }
  setNewPassword(query, user, newPassword ?? '');
  call.record.committed = true;
}

function setNewPassword({ account }: QueryCall, user: IamUser, newPassword: string): void {
  requireConformity(account.policy, account.accountId, newPassword);
  const refused = user.lastPasswords(account.policy?.passwordReusePrevention ?? 0);
  if (refused.some((earlier) => matchesHash(earlier, newPassword))) {
    throw iamError(
      'PasswordPolicyViolation',
      'Policy constraint violation with password reuse prevention during password change.',
    );
  }
  user.setPassword(newPassword);
}

function requirePermission({ account, principal, partition }: QueryCall, user: IamUser, mfa: boolean): void {
  const allowed = user.canChangePassword === true || (user.canChangePassword === 'with-mfa' && mfa);
  if (allowed && account.policy?.allowUsersToChangePassword !== false) return;
  const reason =
    user.canChangePassword === 'with-mfa'
      ? 'with an explicit deny in an identity-based policy'
      : 'because no identity-based policy allows the iam:ChangePassword action';
  const arn = account.arnOf(principal, partition);
  throw iamError(
    'AccessDenied',
    `User: ${arn} is not authorized to perform: iam:ChangePassword on resource: user ${user.userName} ${reason}`,
  );
}

function violationsOf(name: string, value: string | undefined): string[] {
  const at = `Value at '${name}' failed to satisfy constraint: `;
  if (value === undefined) return [`${at}Member must not be null`];
  const violations: string[] = [];
  if (value === '') violations.push(`${at}Member must have length greater than or equal to 1`);
  if (Array.from(value).length > 128) {
    violations.push(`${at}Member must have length less than or equal to 128`);
  }
  if (!/^[\t\n\r\u0020-\u00ff]*$/u.test(value)) {
    violations.push(
      `${at}Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+`,
    );
  }
  return violations;
}
