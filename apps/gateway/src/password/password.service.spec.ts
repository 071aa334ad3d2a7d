import type { IncomingMessage } from 'node:http';

import { describe, expect, it } from '@jest/globals';
import { PROBLEM_CODES, PasswordChangeError, type ProblemCode } from '@password-gateway/errors';

import { GatewayConfig } from '../config/config.js';
import { jsonDialect } from '../dialect/json.dialect.js';
import { Idempotency } from '../limits/idempotency.js';
import { KeyQuota } from '../limits/key-quota.js';
import { KeyedHash } from '../limits/keyed-hash.js';
import { MemoryRecordStore } from '../limits/memory-record-store.js';
import { RateLimits } from '../limits/rate-limits.js';
import type { Claim } from '../limits/record-store.js';
import { RedisConnection } from '../limits/redis-connection.js';
import { UnknownOutcomes } from '../limits/unknown-outcomes.js';
import type { Metrics } from '../operations/metrics.js';
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

/** What AWS does, or what a step before it does. */
interface Behaviour {
  send: (provider: Caller['provider']) => Promise<PasswordChanged>;
  prove: () => void;
  prepare: () => void;
}

interface Options {
  readonly environment?: Readonly<Record<string, string>>;
  readonly store?: MemoryRecordStore;
}

/** The service over limits and memories in this process, and over adapters that do as they are told. */
function arranged({ environment = {}, store = new MemoryRecordStore(100, 'refuse') }: Options = {}) {
  const config = new GatewayConfig(environment);
  const hash = new KeyedHash(config);
  const memory = new MemoryRecordStore(100, 'forget');
  const redis = new RedisConnection(undefined);
  const limits = new RateLimits(config, redis, hash);
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
      const bound = { caller: caller.id, request: newPassword };
      return Promise.resolve({
        provider: caller.provider,
        caller: caller.id,
        currentPassword: 'old',
        newPassword,
        binding:
          caller.provider === 'iam'
            ? { kind: 'request', ...bound, expiresAt: 0 }
            : { kind: 'caller', ...bound },
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
    limits,
    new Idempotency(config, hash, store, memory, memory, new KeyQuota(redis, hash)),
    new UnknownOutcomes(hash, memory, new MemoryRecordStore(100, 'forget')),
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
  const charged = async () => ({
    address: (await limits.checkAddress(ADDRESS))?.resetSeconds !== undefined,
    identity: (await Promise.all([COGNITO.id, IAM.id].map((id) => limits.checkIdentity(id)))).some(
      (state) => state?.resetSeconds !== undefined,
    ),
  });
  return { behave, change, fail, charged, limits, measured, steps };
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
    const { change, limits, steps } = arranged({ environment: { RATE_LIMIT_ADDRESS: '1/60' } });
    await limits.chargeAddress(ADDRESS);
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
    ['cognito', BEARER, COGNITO],
    ['iam', SIGNED, IAM],
  ] as const)(
    'nothing is sent for a %s identity with too many wrong passwords',
    async (_name, headers, { id }) => {
      const { change, limits, steps } = arranged({ environment: { RATE_LIMIT_IDENTITY: '1/60' } });
      await limits.chargeIdentity(id);
      expect((await change(headers)).result).toMatchObject({ code: 'rate_limited' });
      expect(steps).not.toContain('send');
    },
  );
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

  it.each([
    ['charges the identity when AWS has said so', ANSWERED, true],
    ['does not when AWS has said nothing', { service: 'iam' }, false],
    ['does not when AWS was not asked', undefined, false],
  ])('outcome_unresolved %s', async (_what, upstream, identity) => {
    const { change, fail, charged } = arranged();
    fail(new PasswordChangeError('outcome_unresolved', { ...(upstream && { upstream }) }));
    await change(BEARER);
    expect(await charged()).toEqual({ address: false, identity });
  });

  it.each<readonly [ProblemCode, { readonly address: boolean; readonly identity: boolean }]>([
    ['current_password_incorrect', { address: false, identity: true }],
    ['new_password_rejected', NOBODY],
    ['signature_mismatch', { address: true, identity: false }],
    ['upstream_throttled', { address: true, identity: false }],
    ['upstream_failed', { address: true, identity: false }],
  ])('%s of AWS about a signature proves the caller or charges the address', async (code, expected) => {
    const { change, fail, charged } = arranged();
    fail(new PasswordChangeError(code, { upstream: ANSWERED }));
    const { attempt } = await change(SIGNED);
    expect(attempt.proven).toBe(!expected.address);
    expect(attempt.limit?.name).toBe(expected.identity ? 'identity' : 'address');
    expect(await charged()).toEqual(expected);
  });

  it.each<ProblemCode>([
    'upstream_unreachable',
    'upstream_unavailable',
    'idempotency_unavailable',
    'internal_error',
  ])('%s is nobody’s fault', async (code) => {
    const { change, fail, charged } = arranged();
    fail(new PasswordChangeError(code));
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
    const { change, fail, limits } = arranged();
    fail(new PasswordChangeError('current_password_incorrect'));
    const headers = { ...BEARER, 'idempotency-key': 'key' };
    await change(headers);
    expect((await change(headers)).attempt).toMatchObject({ replayed: true });
    expect(await limits.checkIdentity(COGNITO.id)).toMatchObject({ remaining: 3 });
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
    ['charges nobody when the caller is proven', BEARER, false],
    ['charges the address when not', SIGNED, true],
  ])('of the fields %s', async (_what, headers, address) => {
    const { behave, change, charged } = arranged();
    behave.prepare = () => {
      throw new PasswordChangeError('request_invalid');
    };
    const { attempt } = await change(headers);
    expect(attempt.who).toBeDefined();
    expect(await charged()).toEqual({ address, identity: false });
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
    const { behave, change } = arranged();
    const first = Promise.withResolvers<PasswordChanged>();
    behave.send = () => first.promise;
    const running = change(BEARER);
    behave.send = () => Promise.reject(new PasswordChangeError('current_password_incorrect'));
    expect((await change(BEARER)).result).toMatchObject({ code: 'outcome_unresolved' });
    first.resolve({ provider: 'cognito', upstreamRequestId: undefined });
    await running;
    expect((await change(BEARER)).result).toMatchObject({ code: 'current_password_incorrect' });
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
    behave.send = succeed;
    await change(BEARER);
    fail(new PasswordChangeError('current_password_incorrect'));
    expect((await change(BEARER)).result).toMatchObject({ code: 'current_password_incorrect' });
  });

  it.each([
    ['died', true, 'outcome_unresolved'],
    ['is under way', false, 'current_password_incorrect'],
  ])('whose process %s, under another key', async (_what, leaseOver, code) => {
    const store = new (class extends MemoryRecordStore {
      override claim(_key: string, fingerprint: string): Promise<Claim> {
        return Promise.resolve({ state: 'started', fingerprint, leaseOver });
      }
    })(1, 'refuse');
    const { change, fail, steps } = arranged({ store });
    await change({ ...BEARER, 'idempotency-key': 'key' });
    expect(steps).not.toContain('send');
    fail(new PasswordChangeError('current_password_incorrect'));
    expect((await change(BEARER)).result).toMatchObject({ code });
  });
});

describe('another change under the key of one whose outcome is unknown', () => {
  it('cannot trust an "incorrect": the first may have succeeded', async () => {
    const { change, fail } = arranged();
    const headers = { ...SIGNED, 'idempotency-key': 'key' };
    fail(new PasswordChangeError('upstream_timeout'));
    await change(headers, 'new');
    fail(new PasswordChangeError('current_password_incorrect'));
    expect((await change(headers, 'newer')).result).toMatchObject({ code: 'outcome_unresolved' });
    expect((await change({ ...headers, 'idempotency-key': 'other' }, 'newest')).result).toMatchObject({
      code: 'current_password_incorrect',
    });
  });
});
