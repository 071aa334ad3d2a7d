import type { Principal } from './account.js';
import { element } from './query-protocol.js';
import type { QueryCall } from './query-service.js';

/** The operation GetCallerIdentity of STS: whoever signs may ask. */
export function getCallerIdentity({ call, account, principal, partition }: QueryCall): string {
  call.checkpoint();
  return [
    element('Arn', account.arnOf(principal, partition)),
    element('UserId', userIdOf(principal, account.accountId)),
    element('Account', account.accountId),
  ].join('');
}

function userIdOf(principal: Principal, accountId: string): string {
  if (principal.kind === 'user') return principal.user.userId;
  return principal.kind === 'root' ? accountId : `${principal.roleId}:sandbox`;
}
