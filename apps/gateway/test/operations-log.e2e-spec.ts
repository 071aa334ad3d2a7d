import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';

import { GatewayProcess, type LogLine } from './support/gateway-process.js';
import { type CognitoPerson, type IamPerson, stranger } from './support/people.js';
import { change, GOOD, World, WRONG } from './support/world.js';

const ACCOUNT = '123456789012';
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

/** All that a line may have; anything else is a leak waiting to happen. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  listening: ['url'],
  answered: [
    'requestId',
    'traceId',
    'method',
    'route',
    'status',
    'delivered',
    'durationMs',
    'provider',
    'code',
    'outcome',
    'upstreamError',
    'upstreamRequestId',
    'unmappedText',
    'fault',
  ],
  audit: [
    'event',
    'version',
    'requestId',
    'traceId',
    'address',
    'provider',
    'who',
    'identityProven',
    'code',
    'outcome',
    'replayed',
    'upstreamRequestId',
  ],
};

/** On every line. */
const COMMON = ['level', 'time', 'msg'];

describe('log and audit events of a gateway', () => {
  let world: World;
  let gateway: GatewayProcess;
  let cognito: CognitoPerson;
  let iam: IamPerson;
  let requestId: string;

  beforeAll(async () => {
    world = await World.start();
    gateway = await GatewayProcess.start(world.settings({ LOG_LEVEL: 'debug' }));
  });

  beforeEach(() => {
    world.sandbox.reset();
    [cognito, iam] = [world.cognitoUser(), world.iamUser()];
    requestId = randomUUID();
  });

  afterAll(async () => {
    await gateway.kill();
    await world.end();
  });

  const headers = () => ({
    'x-request-id': requestId,
    traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01`,
  });

  /** The audit event of the request, without what is on every line. */
  async function audit(): Promise<LogLine> {
    const line = await gateway.line(({ msg, requestId: id }) => msg === 'audit' && id === requestId);
    const { level, time, msg, ...event } = line;
    expect([level, msg]).toEqual([30, 'audit']);
    expect(Date.parse(String(time))).not.toBeNaN();
    return event;
  }

  const event = (more: object) => ({
    event: 'password_change',
    version: 1,
    requestId,
    traceId: TRACE_ID,
    address: '127.0.0.1',
    replayed: false,
    ...more,
  });

  const upstreamRequestId = () => world.sandbox.calls[0]?.requestId;

  it('a success of a Cognito user', async () => {
    await change(gateway, cognito, GOOD, { headers: headers() });
    expect(await audit()).toEqual(
      event({
        provider: 'cognito',
        who: { sub: cognito.sub, userPoolId: world.poolId },
        identityProven: true,
        code: 'changed',
        outcome: 'changed',
        upstreamRequestId: upstreamRequestId(),
      }),
    );
  });

  it('a wrong password of a Cognito user', async () => {
    await change(gateway, cognito, WRONG, { headers: headers() });
    expect(await audit()).toEqual(
      event({
        provider: 'cognito',
        who: { sub: cognito.sub, userPoolId: world.poolId },
        identityProven: true,
        code: 'current_password_incorrect',
        outcome: 'unchanged',
        upstreamRequestId: upstreamRequestId(),
      }),
    );
  });

  it('a success of an IAM user, whom AWS has proven', async () => {
    await change(gateway, iam, GOOD, { headers: headers() });
    expect(await audit()).toEqual(
      event({
        provider: 'iam',
        who: { accessKeyId: iam.credentials.accessKeyId },
        identityProven: true,
        code: 'changed',
        outcome: 'changed',
        upstreamRequestId: upstreamRequestId(),
      }),
    );
  });

  it("a stranger with the victim's access key id: not proven", async () => {
    await change(gateway, { authorise: stranger(iam) }, WRONG, { headers: headers() });
    expect(await audit()).toEqual(
      event({
        provider: 'iam',
        who: { accessKeyId: iam.credentials.accessKeyId },
        identityProven: false,
        code: 'signature_mismatch',
        outcome: 'unchanged',
        upstreamRequestId: upstreamRequestId(),
      }),
    );
  });

  it('an IAM user whom a policy refuses: AWS names the account', async () => {
    world.sandbox.iam.updateUser(iam.userName, { canChangePassword: false });
    await change(gateway, iam, GOOD, { headers: headers() });
    expect(await audit()).toEqual(
      event({
        provider: 'iam',
        who: { accessKeyId: iam.credentials.accessKeyId, account: ACCOUNT },
        identityProven: true,
        code: 'permission_denied',
        outcome: 'unchanged',
        upstreamRequestId: upstreamRequestId(),
      }),
    );
  });

  it('a call that ended unknown', async () => {
    world.sandbox.faults.next({ fault: { kind: 'commit-then-reset' } });
    await change(gateway, iam, GOOD, { headers: headers() });
    expect(await audit()).toEqual(
      event({
        provider: 'iam',
        who: { accessKeyId: iam.credentials.accessKeyId },
        identityProven: false,
        code: 'upstream_failed',
        outcome: 'unknown',
      }),
    );
  });

  it('an answer that is given again, with the ids of both requests', async () => {
    const key = { 'idempotency-key': randomUUID() };
    await change(gateway, cognito, GOOD, { headers: { ...key, 'x-request-id': 'the-first' } });
    await change(gateway, cognito, GOOD, { headers: { ...key, ...headers() } });
    expect(await audit()).toMatchObject({
      requestId,
      replayed: true,
      code: 'changed',
      outcome: 'changed',
      upstreamRequestId: upstreamRequestId(),
    });
  });

  it('an attempt without a credential: nobody is named', async () => {
    await change(gateway, { authorise: () => Promise.resolve({}) }, GOOD, { headers: headers() });
    expect(await audit()).toEqual(
      event({ identityProven: false, code: 'credential_missing', outcome: 'unchanged' }),
    );
  });

  it('a token that is not one: nobody is named', async () => {
    const forged = { authorise: () => Promise.resolve({ authorization: 'Bearer a.b.c' }) };
    await change(gateway, forged, GOOD, { headers: headers() });
    expect(await audit()).toEqual(
      event({
        provider: 'cognito',
        identityProven: false,
        code: 'credential_malformed',
        outcome: 'unchanged',
      }),
    );
  });

  it('every request has one line, and every attempt one audit event', async () => {
    await change(gateway, cognito, WRONG, { headers: headers() });
    await audit();
    const own = gateway.log.filter((line) => line['requestId'] === requestId);
    expect(own.map(({ msg }) => msg).sort()).toEqual(['answered', 'audit']);
    expect(own.find(({ msg }) => msg === 'answered')).toMatchObject({
      level: 30,
      traceId: TRACE_ID,
      method: 'POST',
      route: '/password/change',
      status: 422,
      provider: 'cognito',
      code: 'current_password_incorrect',
      outcome: 'unchanged',
      upstreamError: 'NotAuthorizedException',
      upstreamRequestId: upstreamRequestId(),
      durationMs: expect.any(Number),
    });
  });

  it.each([
    ['00-00000000-1-01'],
    [`00-${TRACE_ID.toUpperCase()}-00f067aa0ba902b7-01`],
    [`00-${TRACE_ID}-00f067aa0ba902b7-01, 00-${TRACE_ID}-00f067aa0ba902b7-01`],
    ['{"password":"x"}'],
    [`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
  ])('a traceparent that is none is not logged: %s', async (traceparent) => {
    await change(gateway, cognito, WRONG, { headers: { ...headers(), traceparent } });
    expect(await audit()).not.toHaveProperty('traceId');
  });

  it('a request id that is none is replaced', async () => {
    const { headers: answered } = await change(gateway, cognito, WRONG, {
      headers: { 'x-request-id': 'an id with "quotes"' },
    });
    expect(answered['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    requestId = answered['x-request-id'] ?? '';
    expect(await audit()).toMatchObject({ requestId });
  });

  it('of an unknown text of AWS only its being there is logged', async () => {
    world.sandbox.faults.next({
      fault: { kind: 'error', code: 'NotAuthorizedException', message: 'Psst: 12345' },
    });
    await change(gateway, cognito, GOOD, { headers: headers() });
    await audit();
    const line = gateway.log.find(({ msg, requestId: id }) => msg === 'answered' && id === requestId);
    expect(line).toMatchObject({ code: 'not_authorized', unmappedText: true });
    expect(gateway.output).not.toContain('Psst');
  });

  it('all lines are JSON, and have no field that is not on the list', () => {
    const lines = gateway.output.trim().split('\n');
    expect(gateway.log).toHaveLength(lines.length);
    for (const line of gateway.log) {
      const allowed = [...COMMON, ...(FIELDS[String(line['msg'])] ?? [])];
      expect(Object.keys(line).filter((field) => !allowed.includes(field))).toEqual([]);
    }
  });
});
