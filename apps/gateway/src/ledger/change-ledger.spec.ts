import { describe, expect, it } from '@jest/globals';

import { GatewayConfig } from '../config/config.js';
import { KeyedHash } from '../fingerprint/keyed-hash.js';
import { Draining } from '../operations/draining.js';
import { newAttempt } from '../password/attempt.js';
import type { Caller } from '../password/provider-adapter.js';
import { RedisConnection } from '../redis/redis-connection.js';
import { ChangeLedger } from './change-ledger.js';
import { GatewayLedger } from './ledger.provider.js';

const config = new GatewayConfig({ IDEMPOTENCY_SECRET: 'a secret of more than thirty-two characters' });
const ledger = new ChangeLedger(
  config,
  new GatewayLedger(config, new RedisConnection(undefined)),
  new KeyedHash(config),
  new Draining(),
);

function noted(provider: 'cognito' | 'iam', caller: string) {
  const who: Caller = { provider, id: caller, proven: true, audit: { accessKeyId: caller } };
  const send = () => Promise.reject(new Error('nothing is sent'));
  const change = {
    provider,
    caller,
    currentPassword: 'Correct-Horse-1',
    newPassword: 'Battery-Staple-2',
    send,
  };
  return ledger.noted(newAttempt('request', '192.0.2.1'), who, change, { value: 'key', promised: true });
}

describe('what the ledger gets to see of a change', () => {
  it.each([
    ['another caller', noted('cognito', 'two')],
    ['another provider', noted('iam', 'one')],
  ])(
    'shares nothing with that of %s with the same passwords: nobody tests guesses by an account of his own',
    (_what, other) => {
      const own = noted('cognito', 'one');
      const hashes = ({ caller, change, current, names }: typeof own) => [
        ...[caller, change, current],
        ...names.flatMap(({ name, binding }) => [name, binding]),
      ];
      expect(hashes(own).filter((hash) => hashes(other).includes(hash))).toEqual([]);
    },
  );

  it('holds no password, no caller and no key', () => {
    const text = JSON.stringify(noted('cognito', 'a-caller'));
    for (const secret of ['Correct-Horse-1', 'Battery-Staple-2', 'a-caller', '"key"}', '192.0.2.1']) {
      expect(text).not.toContain(secret);
    }
  });
});
