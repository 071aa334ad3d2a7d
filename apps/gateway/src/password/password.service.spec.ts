import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';
import { PROBLEM_CODES, PasswordChangeError, type ProblemCode } from '@password-gateway/errors';

import { GatewayConfig } from '../config/config.js';
import { jsonDialect } from '../dialect/json.dialect.js';
import { KeyedHash } from '../fingerprint/keyed-hash.js';
import { ChangeLedger } from '../ledger/change-ledger.js';
import { GatewayLedger } from '../ledger/ledger.provider.js';
import { AddressLimit } from '../limits/address-limit.js';
import { RedisConnection } from '../redis/redis-connection.js';
import { Draining } from '../operations/draining.js';
import type { Metrics } from '../operations/metrics.js';
import { UpstreamShares } from '../upstream/upstream-shares.js';
import { type Attempt, newAttempt } from './attempt.js';
import type { CognitoAdapter } from './cognito.adapter.js';
import type { IamAdapter } from './iam.adapter.js';
import { PasswordService } from './password.service.js';
import { UnknownTokenKey } from './pool-keys.js';
import type { Caller, PasswordChanged, PreparedChange } from './provider-adapter.js';

const DIALECT = jsonDialect('');

const BEARER = { authorization: 'Bearer token' };
const SIGNED = { authorization: 'AWS4-HMAC-SHA256 signature', 'x-amz-date': '20261120T224907Z' };

const COGNITO: Caller = {
  provider: 'cognito',
  id: 'pool/sub',
  proven: true,
  audit: { sub: 'sub', userPoolId: 'pool' },
};
const IAM: Caller = { provider: 'iam', id: 'AKIA', proven: false, audit: { accessKeyId: 'AKIA' } };

const ANSWERED = { service: 'iam', error: 'SomeException' };
const ADDRESS = '203.0.113.1';

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(1);
}

/** What AWS does, or what a step before it does. */
interface Behaviour {
  send: (provider: Caller['provider']) => Promise<PasswordChanged>;
  prove: () => void;
  prepare: () => void;
}

interface Options {
  readonly environment?: Readonly<Record<string, string>>;
}

/** The service over a limit and a ledger in this process, and over adapters that do as they are told. */
function arranged({ environment = {} }: Options = {}) {
  const config = new GatewayConfig(environment);
  const hash = new KeyedHash(config);
  const redis = new RedisConnection(undefined);
  const addresses = new AddressLimit(config, redis, hash);
  const ledger = new GatewayLedger(config, redis);
  const draining = new Draining();
  const measured: string[] = [];
  const steps: string[] = [];
  const behave: Behaviour = {
    send: (provider) => Promise.resolve({ provider, upstreamRequestId: 'upstream-id' }),
    prove: () => undefined,
    prepare: () => undefined,
  };
  const adapter = (caller: Caller) => ({
    prove: (): Promise<Caller> => {
      steps.push(`prove ${caller.provider}`);
      behave.prove();
      return Promise.resolve(caller);
    },
    prepare: (
      ...[, , body]: [unknown, unknown, Readonly<Record<string, unknown>>]
    ): Promise<PreparedChange> => {
      steps.push('prepare');
      behave.prepare();
      const newPassword = String(body['newPassword']);
      return Promise.resolve({
        provider: caller.provider,
        caller: caller.id,
        currentPassword: 'old',
        newPassword,
        ...(caller.provider === 'iam' && { signed: { request: newPassword, rememberUntil: 0 } }),
        send: () => {
          steps.push('send');
          return behave.send(caller.provider);
        },
      });
    },
  });
  const service = new PasswordService(
    adapter(COGNITO) as unknown as CognitoAdapter,
    adapter(IAM) as unknown as IamAdapter,
    addresses,
    new ChangeLedger(config, ledger, hash, draining),
    new UpstreamShares(),
    { upstreamCall: (provider: string) => measured.push(provider) } as unknown as Metrics,
  );
  const change = async (
    headers: Readonly<Record<string, string>>,
    newPassword = 'new',
    known: Partial<Attempt> = {},
  ) => {
    const attempt = Object.assign(newAttempt('request-id', ADDRESS), known);
    const read = () => DIALECT.read({ headers } as unknown as IncomingMessage, { newPassword });
    const changing = Promise.resolve().then(() => service.change(attempt, read()));
    const result = await changing.then(
      (answer) => ('error' in answer ? answer.error : answer),
      (thrown: unknown) => thrown,
    );
    return { attempt, result };
  };
  const fail = (error: Error) => {
    behave.send = () => Promise.reject(error);
  };
  /** Points that are charged to a caller. */
  const pointsOf = async ({ provider, id }: Caller): Promise<number> => {
    const caller = hash.of('caller', provider, id);
    const probe = { id: '', requestId: '', caller, proven: true, network: '', change: '', current: '' };
    return (await ledger.begin({ ...probe, names: [], mayRun: false })).charged.points;
  };
  const charged = async () => ({
    address: (await addresses.check(ADDRESS))?.resetSeconds !== undefined,
    identity: (await pointsOf(COGNITO)) + (await pointsOf(IAM)) > 0,
  });
  return { addresses, behave, change, charged, draining, fail, measured, pointsOf, steps };
}

const NOBODY = { address: false, identity: false };

describe('a change', () => {
  it.each([
    ['cognito', BEARER, { who: COGNITO.audit, proven: true }],
    ['iam', SIGNED, { who: IAM.audit, proven: true }],
  ] as const)('by %s is told, and charges nobody', async (provider, headers, known) => {
    const { change, charged, measured, steps } = arranged();
    const { attempt, result } = await change(headers);
    expect(result).toEqual({
      requestId: 'request-id',
      changed: { provider, upstreamRequestId: 'upstream-id' },
      replayed: false,
    });
    expect(attempt).toMatchObject({ provider, calledUpstream: true, replayed: false, ...known });
    expect(steps).toEqual([`prove ${provider}`, 'prepare', 'send']);
    expect(measured).toEqual([provider]);
    expect(await charged()).toEqual(NOBODY);
  });

  it('is made once under one key, and then told again', async () => {
    const { change, steps, measured } = arranged();
    const headers = { ...BEARER, 'idempotency-key': 'key' };
    await change(headers);
    const { attempt, result } = await change(headers);
    expect(result).toMatchObject({ changed: { provider: 'cognito' }, replayed: true });
    expect(attempt).toMatchObject({ replayed: true, calledUpstream: false });
    expect(steps.filter((step) => step === 'send')).toHaveLength(1);
    expect(measured).toHaveLength(1);
  });

  it('needs no limit', async () => {
    const { change } = arranged({ environment: { RATE_LIMIT_ADDRESS: 'off', RATE_LIMIT_IDENTITY: 'off' } });
    for (const headers of [BEARER, SIGNED]) {
      const { attempt, result } = await change(headers);
      expect(result).toMatchObject({ changed: {} });
      expect(attempt.limit).toBeUndefined();
    }
  });

  it('shows a proven caller its own limit, and nobody else that of an access key id', async () => {
    const { change } = arranged();
    expect((await change(BEARER)).attempt.limit).toMatchObject({ name: 'identity', remaining: 4 });
    expect((await change(SIGNED)).attempt.limit).toMatchObject({ name: 'address', remaining: 30 });
  });
});

describe('the order of the checks', () => {
  it.each([
    ['the credential', {}, 'credential_missing', []],
    ['the address', BEARER, 'rate_limited', []],
  ])('%s comes before everything else', async (_what, headers, code, done) => {
    const { addresses, change, steps } = arranged({ environment: { RATE_LIMIT_ADDRESS: '1/60' } });
    await addresses.charge(ADDRESS);
    expect((await change(headers)).result).toMatchObject({ code });
    expect(steps).toEqual(done);
  });

  it('the fields come before the idempotency key', async () => {
    const { behave, change } = arranged();
    const headers = { ...BEARER, 'idempotency-key': '' };
    expect((await change(headers)).result).toMatchObject({ code: 'request_malformed' });
    behave.prepare = () => {
      throw new PasswordChangeError('request_invalid');
    };
    expect((await change(headers)).result).toMatchObject({ code: 'request_invalid' });
  });

  it.each([
    ['cognito', BEARER],
    ['iam', SIGNED],
  ] as const)('nothing is sent for a %s identity with too many wrong passwords', async (_name, headers) => {
    const { change, fail, steps } = arranged({ environment: { RATE_LIMIT_IDENTITY: '1/60' } });
    fail(new PasswordChangeError('current_password_incorrect', { upstream: ANSWERED }));
    await change(headers);
    expect((await change(headers, 'newer')).result).toMatchObject({ code: 'rate_limited' });
    expect(steps.filter((step) => step === 'send')).toHaveLength(1);
  });
});

describe('a failed change', () => {
  const WRONG: readonly ProblemCode[] = ['current_password_incorrect', 'not_authorized'];

  it.each(PROBLEM_CODES)(
    '%s of a proven caller charges the identity for a wrong password only',
    async (code) => {
      const { change, fail, charged } = arranged();
      fail(new PasswordChangeError(code));
      expect((await change(BEARER)).result).toMatchObject({ code });
      expect(await charged()).toEqual({ address: false, identity: WRONG.includes(code) });
    },
  );

  it.each<readonly [ProblemCode, { readonly address: boolean; readonly identity: boolean }]>([
    ['current_password_incorrect', { address: false, identity: true }],
    ['new_password_rejected', NOBODY],
    ['signature_mismatch', { address: true, identity: false }],
  ])('%s of AWS about a signature proves the caller or charges the address', async (code, expected) => {
    const { change, fail, charged } = arranged();
    fail(new PasswordChangeError(code, { upstream: ANSWERED }));
    const { attempt } = await change(SIGNED);
    expect(attempt.proven).toBe(!expected.address);
    expect(attempt.limit?.name).toBe(expected.identity ? 'identity' : 'address');
    expect(await charged()).toEqual(expected);
  });

  it.each<ProblemCode>([
    'upstream_failed',
    'upstream_throttled',
    'upstream_timeout',
    'upstream_unreachable',
    'upstream_unavailable',
    'idempotency_unavailable',
    'internal_error',
  ])('%s is nobody’s fault', async (code) => {
    const { change, fail, charged } = arranged();
    fail(new PasswordChangeError(code, { upstream: ANSWERED }));
    await change(SIGNED);
    expect(await charged()).toEqual(NOBODY);
  });

  it('shows the limit that was charged', async () => {
    const { change, fail } = arranged();
    fail(new PasswordChangeError('current_password_incorrect'));
    expect((await change(BEARER)).attempt.limit).toMatchObject({ name: 'identity', remaining: 3 });
    fail(new PasswordChangeError('signature_mismatch'));
    expect((await change(SIGNED)).attempt.limit).toMatchObject({ name: 'address', remaining: 29 });
  });

  it('shows no limit when addresses have none', async () => {
    const { change, fail } = arranged({ environment: { RATE_LIMIT_ADDRESS: 'off' } });
    fail(new PasswordChangeError('signature_mismatch'));
    expect((await change(SIGNED)).attempt.limit).toBeUndefined();
  });

  it('charges nothing when it is told again', async () => {
    const { change, fail, pointsOf } = arranged();
    fail(new PasswordChangeError('current_password_incorrect'));
    const headers = { ...BEARER, 'idempotency-key': 'key' };
    await change(headers);
    expect((await change(headers)).attempt).toMatchObject({ replayed: true });
    expect(await pointsOf(COGNITO)).toBe(1);
  });

  it('notes the account that AWS named', async () => {
    const { change, fail } = arranged();
    fail(new PasswordChangeError('permission_denied', { account: '123456789012' }));
    expect((await change(SIGNED)).attempt.account).toBe('123456789012');
  });

  it.each([
    ['current_password_incorrect', ['cognito']],
    ['upstream_timeout', ['cognito']],
    // The circuit is open: there was no call to measure.
    ['upstream_unavailable', []],
  ] as const)('%s is measured as %j', async (code, expected) => {
    const { change, fail, measured } = arranged();
    fail(new PasswordChangeError(code));
    await change(BEARER);
    expect(measured).toEqual(expected);
  });

  it('by a fault of ours is an internal error, whose outcome nobody knows', async () => {
    const { change, fail, charged, measured } = arranged();
    fail(new TypeError('a fault'));
    const { attempt, result } = await change(SIGNED);
    expect(result).toMatchObject({ code: 'internal_error', outcome: 'unknown' });
    expect(attempt.calledUpstream).toBe(true);
    expect(measured).toEqual([]);
    expect(await charged()).toEqual(NOBODY);
  });
});

describe('a refusal before the call', () => {
  it.each([
    ['charges the address', new PasswordChangeError('credential_invalid'), true],
    ['charges nobody when keys cannot be fetched', new PasswordChangeError('upstream_unavailable'), false],
    ['charges the address for a key id that nobody knows', new UnknownTokenKey('unknown'), true],
    ['charges nobody for a fault of ours', new TypeError('a fault'), false],
  ])('of the credential %s', async (_what, error, address) => {
    const { behave, change, charged } = arranged();
    behave.prove = () => {
      throw error;
    };
    const { attempt, result } = await change(BEARER);
    expect(result).toBe(error);
    expect(attempt).toMatchObject({ proven: false, calledUpstream: false, who: undefined });
    expect(await charged()).toEqual({ address, identity: false });
  });

  it.each([
    ['of a proven caller', BEARER],
    ['of a stranger', SIGNED],
  ])('of the fields %s charges nobody: no credential is to blame', async (_what, headers) => {
    const { behave, change, charged } = arranged();
    behave.prepare = () => {
      throw new PasswordChangeError('request_invalid');
    };
    const { attempt } = await change(headers);
    expect(attempt.who).toBeDefined();
    expect(await charged()).toEqual(NOBODY);
  });
});

describe('while the gateway drains', () => {
  it('what the ledger has never seen is refused as unchanged, and what it knows has its answer', async () => {
    const { change, draining, steps } = arranged();
    const headers = { ...BEARER, 'idempotency-key': 'key' };
    await change(headers);
    await draining.drain(0);
    expect((await change(headers)).result).toMatchObject({ changed: {}, replayed: true });
    expect((await change(BEARER)).result).toMatchObject({ code: 'gateway_draining', outcome: 'unknown' });
    expect((await change(SIGNED, 'newer')).result).toMatchObject({
      code: 'gateway_draining',
      outcome: 'unchanged',
    });
    expect(steps.filter((step) => step === 'send')).toHaveLength(1);
  });
});

describe('a change that was cut off before its call', () => {
  it.each([
    ['of a proven caller', BEARER],
    ['of a caller whom AWS would prove', SIGNED],
  ])('%s is not made any more, because it was told of as unchanged', async (_what, headers) => {
    const { change, charged, steps } = arranged();
    const { attempt, result } = await change(headers, 'new', { cutOff: true });
    expect(result).toMatchObject({ code: 'gateway_draining', outcome: 'unchanged' });
    expect(attempt.calledUpstream).toBe(false);
    expect(steps).not.toContain('send');
    expect(await charged()).toEqual(NOBODY);
  });
});

describe('parallel attempts', () => {
  it('of a proven caller are no more than it has points', async () => {
    const { behave, change } = arranged({ environment: { RATE_LIMIT_IDENTITY: '1/60' } });
    const first = Promise.withResolvers<PasswordChanged>();
    behave.send = () => first.promise;
    const running = change(BEARER);
    expect((await change(BEARER)).result).toMatchObject({ code: 'rate_limited' });
    first.resolve({ provider: 'cognito', upstreamRequestId: undefined });
    await running;
    expect((await change(BEARER)).result).toMatchObject({ changed: {} });
  });

  it('at one change cannot trust an "incorrect": the other may have made it so', async () => {
    const { behave, change, steps } = arranged();
    const first = Promise.withResolvers<PasswordChanged>();
    behave.send = () => first.promise;
    const running = change(BEARER);
    await until(() => steps.includes('send'));
    behave.send = () => Promise.reject(new PasswordChangeError('current_password_incorrect'));
    expect((await change(BEARER)).result).toMatchObject({ code: 'outcome_unresolved' });
    first.resolve({ provider: 'cognito', upstreamRequestId: undefined });
    await running;
    await sleep(5);
    expect((await change(BEARER, 'newer')).result).toMatchObject({ code: 'current_password_incorrect' });
  });
});

describe('a change after one whose outcome is unknown', () => {
  it('cannot trust an "incorrect" until it has succeeded', async () => {
    const { behave, change, fail } = arranged();
    const succeed = behave.send;
    fail(new PasswordChangeError('upstream_timeout'));
    await change(BEARER);
    fail(new PasswordChangeError('current_password_incorrect'));
    expect((await change(BEARER)).result).toMatchObject({ code: 'outcome_unresolved' });
    expect((await change(BEARER, 'newer')).result).toMatchObject({ code: 'outcome_unresolved' });
    behave.send = succeed;
    await change(BEARER);
    await sleep(5);
    fail(new PasswordChangeError('current_password_incorrect'));
    expect((await change(BEARER, 'newer')).result).toMatchObject({ code: 'current_password_incorrect' });
  });
});

describe('another signature under the key of one whose outcome is unknown', () => {
  it('is not sent, and not told of as unchanged', async () => {
    const { change, fail, steps } = arranged();
    const headers = { ...SIGNED, 'idempotency-key': 'key' };
    fail(new PasswordChangeError('upstream_timeout'));
    await change(headers, 'new');
    expect((await change(headers, 'newer')).result).toMatchObject({
      code: 'idempotency_key_reused',
      outcome: 'unknown',
    });
    expect(steps.filter((step) => step === 'send')).toHaveLength(1);
  });
});
