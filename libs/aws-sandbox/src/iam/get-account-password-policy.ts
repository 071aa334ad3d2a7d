import { iamError } from './errors.js';
import { element } from './query-protocol.js';
import type { QueryCall } from './query-service.js';

/**
 * The operation GetAccountPasswordPolicy; needs no permission here.
 *
 * @throws AwsError `NoSuchEntity` when the account has no policy of its own
 */
export function getAccountPasswordPolicy({ call, account }: QueryCall): string {
  call.checkpoint();
  const { policy } = account;
  if (!policy) {
    throw iamError(
      'NoSuchEntity',
      `The Password Policy with domain name ${account.accountId} cannot be found.`,
    );
  }
  const members = [
    element('MinimumPasswordLength', policy.minimumPasswordLength),
    element('RequireSymbols', policy.requireSymbols),
    element('RequireNumbers', policy.requireNumbers),
    element('RequireUppercaseCharacters', policy.requireUppercaseCharacters),
    element('RequireLowercaseCharacters', policy.requireLowercaseCharacters),
    element('AllowUsersToChangePassword', policy.allowUsersToChangePassword),
    element('ExpirePasswords', false),
  ];
  // IAM leaves the member out when nothing is prevented.
  if (policy.passwordReusePrevention > 0) {
    members.push(element('PasswordReusePrevention', policy.passwordReusePrevention));
  }
  return `    <PasswordPolicy>\n${members.join('')}    </PasswordPolicy>\n`;
}
