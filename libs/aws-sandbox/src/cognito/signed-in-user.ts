import type { Call } from '../service.js';
import { accessTokenRule, checkMembers } from './constraints.js';
import { stringMember, type JsonInput } from './json-protocol.js';
import type { PoolDirectory, PoolUser } from './user-pool.js';
import { requireUsable } from './user-state.js';
import { verifyAccessToken } from './verify-access-token.js';

/** The operation GetUser: the attributes of the token's owner. */
export function getUser(pools: PoolDirectory, call: Call, input: JsonInput): object {
  const user = ownerOf(pools, call, input);
  return {
    Username: user.username,
    UserAttributes: [
      { Name: 'sub', Value: user.sub },
      { Name: 'email', Value: user.email },
      { Name: 'email_verified', Value: 'true' },
    ],
  };
}

/** The operation GlobalSignOut: revokes every token of the token's owner. */
export function globalSignOut(pools: PoolDirectory, call: Call, input: JsonInput): object {
  ownerOf(pools, call, input).signOutEverywhere(call.now);
  call.record.committed = true;
  return {};
}

function ownerOf(pools: PoolDirectory, call: Call, input: JsonInput): PoolUser {
  const token = stringMember(input, 'AccessToken');
  checkMembers([accessTokenRule(token)]);
  const { user } = verifyAccessToken(pools, token ?? '', call.now);
  call.checkpoint();
  requireUsable(user);
  return user;
}
