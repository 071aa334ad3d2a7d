import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { expectNativeFailure, expectNativeSuccess, type NativeFailure } from './interop/native-answer.js';
import { cognitoRequest, iamForm, iamRequest, withHeader } from './interop/native-request.js';
import { bytesOf, type RawRequest, sendRaw } from './interop/raw-request.js';
import { GatewayProcess } from './support/gateway-process.js';
import { FIRST_PASSWORD } from './support/people.js';
import type { RawAnswer } from './support/raw-socket.js';
import { PROVIDERS, World } from './support/world.js';

let world: World;
let gateway: { readonly url: string };

beforeAll(async () => {
  world = await World.start();
  gateway = await world.gateway({ AWS_COMPATIBLE_ENDPOINT: 'true', UPSTREAM_TIMEOUT_MS: '500' });
});

afterAll(() => world.end());

type Form = (typeof PROVIDERS)[number];

/** A request of somebody new. */
function requestOf(form: Form): RawRequest {
  return form === 'iam' ? iamRequest(world.iamUser()) : cognitoRequest(world.cognitoUser());
}

/** What a provider calls a refusal that is ours. */
function refusal(form: Form, code: string, names: Readonly<Record<Form, string>>): NativeFailure {
  return { form, name: names[form], code };
}

const INVALID = { cognito: 'InvalidParameterException', iam: 'ValidationError' };
const LATER = { cognito: 'TooManyRequestsException', iam: 'Throttling' };
const UNKNOWN = { cognito: 'InternalErrorException', iam: 'ServiceFailure' };

/** Sends it and expects no call. */
async function withoutCall(to: { readonly url: string }, request: RawRequest): Promise<RawAnswer> {
  const before = world.sandbox.callCount;
  const answer = await sendRaw(to, request);
  expect(world.sandbox.callCount).toBe(before);
  return answer;
}

describe.each(PROVIDERS)(
  'what is answered before or beside the controller comes in the form of %s',
  (form) => {
    it('GET', async () => {
      const answer = await withoutCall(gateway, { ...requestOf(form), requestLine: 'GET /password/change' });
      expectNativeFailure(answer, refusal(form, 'method_not_allowed', INVALID));
      expect(answer.headers.get('allow')).toBe('POST');
    });

    it('a target that cannot be decoded', async () => {
      const answer = await withoutCall(gateway, { ...requestOf(form), requestLine: 'POST /%zz' });
      expectNativeFailure(answer, refusal(form, 'request_malformed', INVALID));
    });

    it('an expectation that is not met', async () => {
      const answer = await withoutCall(gateway, withHeader(requestOf(form), 'Expect', '200-ok'));
      expectNativeFailure(answer, refusal(form, 'request_malformed', INVALID));
      expect(answer.closed).toBe(true);
    });

    it('a network that may not call', async () => {
      const closed = await world.gateway({ ALLOWED_CLIENT_CIDRS: '10.0.0.0/8' });
      const names = { cognito: 'NotAuthorizedException', iam: 'AccessDenied' };
      expectNativeFailure(await withoutCall(closed, requestOf(form)), {
        ...refusal(form, 'permission_denied', names),
        status: form === 'iam' ? 403 : 400,
      });
    });

    it('a limit', async () => {
      const limited = await world.gateway({ RATE_LIMIT_ADDRESS: '1/60' });
      const request = requestOf(form);
      const bad =
        form === 'iam'
          ? iamRequest(world.iamUser(), { region: 'eu-west-1' })
          : { ...request, body: request.body.replace('.', '.x') };
      await withoutCall(limited, bad);
      const answer = await withoutCall(limited, requestOf(form));
      expectNativeFailure(answer, refusal(form, 'rate_limited', LATER));
      expect(answer.headers.get('ratelimit')).toMatch(/^"address";r=0;t=\d+$/);
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    });

    it('a gateway that is told to stop', async () => {
      const stopping = await GatewayProcess.start(world.settings({ UPSTREAM_TIMEOUT_MS: '3000' }));
      try {
        world.sandbox.faults.next({ fault: { kind: 'delay', ms: 800 } });
        const before = world.sandbox.callCount;
        const running = sendRaw(stopping, requestOf(form));
        while (world.sandbox.callCount === before) await new Promise((resolve) => setTimeout(resolve, 5));
        stopping.terminate();
        await stopping.line(({ msg }) => msg === 'stopping');
        const refused = await withoutCall(stopping, requestOf(form));
        expectNativeFailure(refused, refusal(form, 'gateway_draining', LATER));
        expect(refused.closed).toBe(true);
        expectNativeSuccess(await running, form);
      } finally {
        await stopping.kill();
      }
    });
  },
);

it('a body that does not come: each in its own form, and the connection is closed', async () => {
  const before = world.sandbox.callCount;
  const withoutBody = async (form: Form): Promise<string> => {
    const request = requestOf(form);
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    const bytes = bytesOf(request);
    socket.write(bytes.subarray(0, bytes.length - request.body.length));
    return text(socket);
  };
  const [cognito, iam] = await Promise.all(PROVIDERS.map(withoutBody));
  for (const received of [cognito, iam]) {
    expect(received).toMatch(/^HTTP\/1\.1 400 /);
    expect(received).toMatch(/^X-Problem-Code: request_timeout\r$/m);
    expect(received).toMatch(/^Cache-Control: no-store\r$/m);
  }
  expect(cognito).toMatch(/\r\n\r\n\{"__type":"InvalidParameterException",/);
  expect(iam).toMatch(/\r\n\r\n<ErrorResponse .*<Code>ValidationError<\/Code>/);
  expect(world.sandbox.callCount).toBe(before);
}, 20_000);

it("a page of CORS_ORIGINS may use Cognito's SDK for browsers, which adds a slash to the path", async () => {
  const origin = ['Origin', 'https://app.example.com'] as const;
  const open = await world.gateway({ CORS_ORIGINS: origin[1] });
  const requestLine = 'POST /password/change/';
  const wanted = 'amz-sdk-invocation-id,amz-sdk-request,content-type,x-amz-target,x-amz-user-agent';
  const preflight = await withoutCall(open, {
    requestLine: requestLine.replace('POST', 'OPTIONS'),
    headers: [
      ['Host', 'gateway.test'],
      origin,
      ['Access-Control-Request-Method', 'POST'],
      ['Access-Control-Request-Headers', wanted],
    ],
    body: '',
  });
  expect(preflight.headers.get('access-control-allow-origin')).toBe(origin[1]);
  expect(preflight.headers.get('access-control-allow-headers')).toBe(wanted);
  const answer = await sendRaw(open, { ...withHeader(requestOf('cognito'), ...origin), requestLine });
  expectNativeSuccess(answer, 'cognito');
  expect(answer.headers.get('access-control-allow-origin')).toBe(origin[1]);
  expect(answer.headers.get('access-control-expose-headers')).toMatch(
    /X-Problem-Code.*x-amzn-RequestId.*x-amzn-errortype/,
  );
});

describe('amz-sdk-invocation-id is the idempotency key of a native call', () => {
  const ID = 'amz-sdk-invocation-id';

  it('Cognito: a call that is repeated is answered again, without a call to AWS', async () => {
    const request = withHeader(requestOf('cognito'), ID, 'b0f8e0ff-5d6d-4c16-8b7e-6d2f0d1a8a11');
    expectNativeSuccess(await sendRaw(gateway, request), 'cognito');
    const again = await withoutCall(gateway, request);
    expectNativeSuccess(again, 'cognito');
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('IAM: a call that is repeated with another signature is not told of a key, and AWS is not called', async () => {
    const person = world.iamUser();
    const id = [ID, 'b0f8e0ff-5d6d-4c16-8b7e-6d2f0d1a8a12'] as const;
    expectNativeSuccess(await sendRaw(gateway, withHeader(iamRequest(person), ...id)), 'iam');
    const again = await withoutCall(gateway, withHeader(iamRequest(person), ...id));
    expectNativeFailure(again, refusal('iam', 'outcome_unresolved', UNKNOWN));
  });

  it.each(PROVIDERS)('%s: what became of a call whose answer was lost is not made up', async (form) => {
    const person = form === 'iam' ? world.iamUser() : world.cognitoUser();
    const id = [ID, `unknown-${form}`] as const;
    const signed = (): RawRequest =>
      withHeader('credentials' in person ? iamRequest(person) : cognitoRequest(person), ...id);
    world.sandbox.faults.next({ fault: { kind: 'commit-then-reset' } });
    expectNativeFailure(await sendRaw(gateway, signed()), refusal(form, 'upstream_failed', UNKNOWN));
    expect(person.has(FIRST_PASSWORD)).toBe(false);
    const again = await sendRaw(gateway, signed());
    const code = form === 'iam' ? 'outcome_unresolved' : 'upstream_failed';
    expectNativeFailure(again, refusal(form, code, UNKNOWN));
  });

  it('Idempotency-Key goes before it, and has to be one', async () => {
    const bad = withHeader(withHeader(requestOf('cognito'), ID, 'a'), 'Idempotency-Key', '"');
    const answer = await withoutCall(gateway, bad);
    expectNativeFailure(answer, refusal('cognito', 'request_malformed', INVALID));
  });

  it('without either, a captured IAM request is answered again, without a call to AWS', async () => {
    const request = requestOf('iam');
    expectNativeSuccess(await sendRaw(gateway, request), 'iam');
    expectNativeSuccess(await withoutCall(gateway, request), 'iam');
    // The same signature in another spelling, beside another header that is not signed.
    const headers = request.headers.map(
      ([name, value]) => [name, name === 'Authorization' ? value.replaceAll(', ', ',') : value] as const,
    );
    const respelled = withHeader({ ...request, headers }, 'X-Amz-User-Agent', 'another');
    expectNativeSuccess(await withoutCall(gateway, respelled), 'iam');
  });
});

it.each<readonly [string, string, NativeFailure]>([
  [
    'equal passwords',
    iamForm(FIRST_PASSWORD, FIRST_PASSWORD),
    { form: 'iam', name: 'PasswordPolicyViolation', code: 'new_password_reused' },
  ],
  [
    'an empty password',
    iamForm('', 'Battery-Staple-2'),
    { form: 'iam', name: 'ValidationError', code: 'request_invalid' },
  ],
])('fields are checked as in the documented dialect: %s', async (_name, body, failure) => {
  expectNativeFailure(await withoutCall(gateway, iamRequest(world.iamUser(), { body })), failure);
});
