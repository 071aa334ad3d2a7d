import { describe, expect, it } from '@jest/globals';

import { type CallOwner, UpstreamShares } from './upstream-shares.js';

const OWNER: CallOwner = { network: '192.0.2.1', caller: 'cognito user', trusted: true };
const STRANGER: CallOwner = { network: '192.0.2.1', caller: 'iam AKIA', trusted: false };

/** Takes as many places as there are. */
function takeAll(shares: UpstreamShares, owner: (call: number) => CallOwner) {
  const leave: (() => void)[] = [];
  for (let call = 0; call < 10_000; call++) {
    try {
      leave.push(shares.enter(owner(call)));
    } catch {
      break;
    }
  }
  return leave;
}

describe('calls in flight', () => {
  it.each<readonly [string, number, (call: number) => CallOwner]>([
    ['one caller', 64, () => OWNER],
    ['proven callers of one network', 2_000, (call) => ({ ...OWNER, caller: `${call}` })],
    ['strangers of one network', 250, (call) => ({ ...STRANGER, caller: `${call}` })],
    ['all strangers', 2_000, (call) => ({ ...STRANGER, network: `${call}` })],
  ])('of %s are at most %i', (_what, most, owner) => {
    const shares = new UpstreamShares();
    const leave = takeAll(shares, owner);
    expect(leave).toHaveLength(most);
    const refused = () => shares.enter(owner(0));
    expect(refused).toThrow(expect.objectContaining({ code: 'upstream_unavailable', outcome: 'unchanged' }));
    // Others have their own.
    shares.enter({ network: '198.51.100.1', caller: 'cognito other', trusted: true })();
    leave.pop()?.();
    shares.enter(owner(most - 1))();
    for (const end of leave) end();
    expect(shares.size).toBe(0);
  });
});
