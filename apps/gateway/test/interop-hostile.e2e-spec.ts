import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { cognitoRequest, COGNITO_TARGET, iamForm, iamRequest, withHeader } from './interop/native-request.js';
import { expectNativeFailure, expectNativeSuccess, type NativeFailure } from './interop/native-answer.js';
import { type Lane, startLane } from './interop/programs.js';
import { bytesOf, type RawRequest, sendAndLeave, sendBytes } from './interop/raw-request.js';
import type { CognitoPerson, IamPerson } from './support/people.js';
import { FIRST_PASSWORD } from './support/people.js';

let lane: Lane;
let off: Lane;
let iam: IamPerson;
let cognito: CognitoPerson;

beforeAll(async () => {
  [lane, off] = await Promise.all([startLane(), startLane({ AWS_COMPATIBLE_ENDPOINT: 'false' })]);
});

beforeEach(() => {
  iam = lane.world.iamUser();
  cognito = lane.world.cognitoUser();
});

afterAll(() => Promise.all([lane.end(), off.end()]));

/** Sends it and expects that nothing reached AWS. */
async function refused(request: RawRequest, failure: NativeFailure, to: Lane = lane): Promise<void> {
  const before = to.world.sandbox.callCount;
  expectNativeFailure(await sendBytes(to.gateway.url, bytesOf(request)), failure);
  expect(to.world.sandbox.callCount).toBe(before);
  expect(iam.has(FIRST_PASSWORD) && cognito.has(FIRST_PASSWORD)).toBe(true);
}

const INVALID: NativeFailure = { form: 'iam', name: 'ValidationError', code: 'request_malformed' };
const INCOMPLETE: NativeFailure = { form: 'iam', name: 'IncompleteSignature', code: 'credential_malformed' };
const MISMATCH: NativeFailure = {
  form: 'iam',
  name: 'SignatureDoesNotMatch',
  code: 'signature_mismatch',
  status: 403,
};
const NO_ROUTE: NativeFailure = { form: 'iam', name: 'ValidationError', code: 'route_not_found' };
const NO_ROUTE_COGNITO: NativeFailure = {
  form: 'cognito',
  name: 'InvalidParameterException',
  code: 'route_not_found',
};

describe('what the hostile cases are made of is taken', () => {
  it.each(['POST /password/change', 'POST /password/change/', 'POST /', 'POST http://iam.amazonaws.com/'])(
    'IAM, %s',
    async (requestLine) => {
      const person = lane.world.iamUser();
      const before = lane.world.sandbox.callCount;
      const request = { ...iamRequest(person), requestLine };
      expectNativeSuccess(await sendBytes(lane.gateway.url, bytesOf(request)), 'iam');
      expect({ calls: lane.world.sandbox.callCount - before, old: person.has(FIRST_PASSWORD) }).toEqual({
        calls: 1,
        old: false,
      });
    },
  );

  it.each([
    'POST /password/change',
    'POST /password/change/',
    'POST /',
    'POST http://cognito-idp.us-east-1.amazonaws.com/',
  ])('Cognito, %s', async (requestLine) => {
    const person = lane.world.cognitoUser();
    const before = lane.world.sandbox.callCount;
    const request = { ...cognitoRequest(person), requestLine };
    expectNativeSuccess(await sendBytes(lane.gateway.url, bytesOf(request)), 'cognito');
    expect({ calls: lane.world.sandbox.callCount - before, old: person.has(FIRST_PASSWORD) }).toEqual({
      calls: 1,
      old: false,
    });
  });
});

describe('IAM forms that are signed rightly and still refused', () => {
  const good = iamForm();
  it.each<readonly [string, string]>([
    ['another Action', good.replace('ChangePassword', 'DeleteUser')],
    ['another Version', good.replace('2010-05-08', '2011-06-15')],
    ['a second Action', `${good}&Action=DeleteUser`],
    ['the same Action twice', `${good}&Action=ChangePassword`],
    ['a second Version', `${good}&Version=2010-05-08`],
    ['a second NewPassword', `${good}&NewPassword=Other-Staple-3`],
    ['UserName', `${good}&UserName=somebody-else`],
    ['X-Amz-Signature', `${good}&X-Amz-Signature=00`],
    ['Action in lower case', good.replace('Action=', 'action=')],
    ['Action percent-encoded', good.replace('Action=', '%41ction=')],
    ['a second Action percent-encoded', `${good}&%41ction=DeleteUser`],
    ['NewPassword percent-encoded', good.replace('NewPassword', 'New%50assword')],
    ['a name behind white space', good.replace('&Version', '&+Version')],
    ['a semicolon between parameters', `${good};Action=DeleteUser`],
    ['an empty parameter', `${good}&`],
    ['a parameter without a value', good.replace('&Version=2010-05-08', '&Version')],
    ['a parameter left out', good.replace('&Version=2010-05-08', '')],
    ['an encoding that is none', `${good}%zz`],
    ['an encoding that is not UTF-8', `${good}%ff`],
    ['a line break', `${good}\r\n`],
    ['a NUL', `${good}\0`],
    ['Latin-1', `${good}\xe9`],
  ])('%s', async (_name, body) => {
    await refused(iamRequest(iam, { body }), INVALID);
  });

  it('an encoded NUL, which no password may hold', async () => {
    await refused(iamRequest(iam, { body: `${good}%00` }), { ...INVALID, code: 'request_invalid' });
  });

  it('no body', async () => {
    await refused(iamRequest(iam, { body: '' }), INVALID);
  });
});

describe('targets', () => {
  const byTarget = (requestLine: string, host = 'iam.amazonaws.com'): RawRequest => ({
    ...iamRequest(iam, { host }),
    requestLine,
  });

  it.each([
    '/password/change?Action=DeleteUser',
    '/password/change?',
    '/password/change/?a=b',
    '/?Action=DeleteUser',
  ])('query string: %s', async (target) => {
    await refused(byTarget(`POST ${target}`), INVALID);
  });

  it('query string: absolute form', async () => {
    await refused(byTarget('POST http://iam.amazonaws.com/?Action=DeleteUser'), INVALID);
  });

  it.each<readonly [target: string, host: string]>([
    ['http://169.254.169.254/', '169.254.169.254'],
    ['http://169.254.169.254/latest/meta-data/', '169.254.169.254'],
    ['http://169.254.169.254/password/change', '169.254.169.254'],
    ['http://169.254.169.254/password/change', 'iam.amazonaws.com'],
    ['http://iam.amazonaws.com/password/change', 'iam.amazonaws.com'],
    ['http://sts.amazonaws.com/', 'sts.amazonaws.com'],
    ['http://localhost/', 'localhost'],
    ['http://iam.cn-north-1.amazonaws.com.cn/', 'iam.cn-north-1.amazonaws.com.cn'],
    ['http://iam.us-gov.amazonaws.com/', 'iam.us-gov.amazonaws.com'],
    ['http://cognito-idp.us-east-1.amazonaws.com/', 'cognito-idp.us-east-1.amazonaws.com'],
    ['http://iam.amazonaws.com.evil.test/', 'iam.amazonaws.com.evil.test'],
    ['http://iam.amazonaws.com./', 'iam.amazonaws.com.'],
    ['http://iam.amazonaws.com/', 'sts.amazonaws.com'],
    ['http://sts.amazonaws.com/', 'iam.amazonaws.com'],
    ['http://iam.amazonaws.com:80/', 'iam.amazonaws.com'],
    ['http://iam.amazonaws.com:80/', 'iam.amazonaws.com:80'],
    ['http://iam.amazonaws.com:8080/', 'iam.amazonaws.com:8080'],
    ['http://user@iam.amazonaws.com/', 'iam.amazonaws.com'],
    ['http://iam.amazonaws.com@169.254.169.254/', 'iam.amazonaws.com'],
    ['http://iam.amazonaws.com/other', 'iam.amazonaws.com'],
    ['http://iam.amazonaws.com//', 'iam.amazonaws.com'],
    ['https://iam.amazonaws.com/', 'iam.amazonaws.com'],
    ['https://169.254.169.254/', '169.254.169.254'],
    ['ftp://iam.amazonaws.com/', 'iam.amazonaws.com'],
    ['ftp://169.254.169.254/password/change', 'iam.amazonaws.com'],
    ['https://169.254.169.254/password/change', 'iam.amazonaws.com'],
    ['//iam.amazonaws.com/', 'iam.amazonaws.com'],
    ['/other', 'iam.amazonaws.com'],
  ])('%s with Host %s', async (target, host) => {
    await refused(byTarget(`POST ${target}`, host), NO_ROUTE);
  });

  it('a partition that is served, in the name of another one', async () => {
    // Signed for Europe's sovereign cloud or China, asked for at the host of the United States.
    const both = await startLane({ IAM_PARTITIONS: 'aws,aws-cn' });
    try {
      const person = both.world.iamUser();
      const request = iamRequest(person, { region: 'cn-north-1' });
      await refused({ ...request, requestLine: 'POST http://iam.amazonaws.com/' }, INCOMPLETE, both);
    } finally {
      await both.end();
    }
  });

  it.each<readonly [target: string, host: string]>([
    ['http://iam.amazonaws.com/', 'iam.amazonaws.com'],
    ['http://cognito-idp.eu-west-1.amazonaws.com/', 'cognito-idp.eu-west-1.amazonaws.com'],
    ['http://169.254.169.254/', '169.254.169.254'],
    ['http://169.254.169.254/password/change', '169.254.169.254'],
  ])('Cognito at %s', async (target, host) => {
    const request = { ...cognitoRequest(cognito, { host }), requestLine: `POST ${target}` };
    await refused(request, NO_ROUTE_COGNITO);
  });

  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])('%s', async (method) => {
    await refused(byTarget(`${method} http://iam.amazonaws.com/`), NO_ROUTE);
  });

  it.each(['iam.amazonaws.com:443', '169.254.169.254:80'])('CONNECT %s is closed', async (authority) => {
    const before = lane.world.sandbox.callCount;
    const bytes = `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`;
    const { status } = await sendBytes(lane.gateway.url, bytes);
    expect([0, 400, 404, 405]).toContain(status);
    expect(lane.world.sandbox.callCount).toBe(before);
  });

  it.each(['POST /', 'POST http://gateway.test/'])(
    'JSON at %s is a 404 of the documented dialect',
    async (requestLine) => {
      const body = JSON.stringify({ currentPassword: FIRST_PASSWORD, newPassword: 'Battery-Staple-2' });
      const { status, text } = await sendBytes(
        lane.gateway.url,
        bytesOf({
          requestLine,
          headers: [
            ['Host', 'gateway.test'],
            ['Content-Type', 'application/json'],
            ['Authorization', `Bearer ${cognito.accessToken}`],
          ],
          body,
        }),
      );
      expect({ status, ...(JSON.parse(text) as object) }).toMatchObject({
        status: 404,
        code: 'route_not_found',
      });
      expect(cognito.has(FIRST_PASSWORD)).toBe(true);
    },
  );
});

describe('without AWS_COMPATIBLE_ENDPOINT', () => {
  it.each(['POST /', 'POST http://iam.amazonaws.com/', 'POST https://iam.amazonaws.com/'])(
    'IAM, %s',
    async (requestLine) => {
      await refused({ ...iamRequest(off.world.iamUser()), requestLine }, NO_ROUTE, off);
    },
  );

  it.each(['POST /', 'POST http://cognito-idp.us-east-1.amazonaws.com/'])(
    'Cognito, %s',
    async (requestLine) => {
      await refused({ ...cognitoRequest(off.world.cognitoUser()), requestLine }, NO_ROUTE_COGNITO, off);
    },
  );

  it('the one route takes both, with a trailing slash too', async () => {
    for (const requestLine of ['POST /password/change', 'POST /password/change/']) {
      const { url } = off.gateway;
      const iamAnswer = await sendBytes(url, bytesOf({ ...iamRequest(off.world.iamUser()), requestLine }));
      expectNativeSuccess(iamAnswer, 'iam');
      const request = { ...cognitoRequest(off.world.cognitoUser()), requestLine };
      expectNativeSuccess(await sendBytes(url, bytesOf(request)), 'cognito');
    }
  });
});

describe('encodings and hashes of the body', () => {
  const hashed = (value: string): RawRequest =>
    iamRequest(iam, { headers: [['X-Amz-Content-Sha256', value]], payloadHash: value });

  it.each([
    'UNSIGNED-PAYLOAD',
    'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '',
  ])('X-Amz-Content-Sha256: %s', async (value) => {
    await refused(hashed(value), MISMATCH);
  });

  it('aws-chunked', async () => {
    const form = iamForm();
    const body = `${form.length.toString(16)};chunk-signature=${'0'.repeat(64)}\r\n${form}\r\n0;chunk-signature=${'0'.repeat(64)}\r\n\r\n`;
    const payloadHash = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
    const request = iamRequest(iam, { body, payloadHash, headers: [['X-Amz-Content-Sha256', payloadHash]] });
    await refused(withHeader(request, 'Content-Encoding', 'aws-chunked'), {
      ...INVALID,
      code: 'media_type_unsupported',
    });
    await refused(request, INVALID);
    const decoded = iamRequest(iam, { headers: [['X-Amz-Decoded-Content-Length', `${form.length}`]] });
    await refused(decoded, INCOMPLETE);
  });

  it.each(['gzip', 'aws-chunked,gzip'])('Content-Encoding: %s', async (encoding) => {
    await refused(withHeader(iamRequest(iam), 'Content-Encoding', encoding), {
      ...INVALID,
      code: 'media_type_unsupported',
    });
    await refused(withHeader(cognitoRequest(cognito), 'Content-Encoding', encoding), {
      form: 'cognito',
      name: 'InvalidParameterException',
      code: 'media_type_unsupported',
    });
  });

  it('Transfer-Encoding: chunked is an ordinary way to send a body', async () => {
    for (const form of ['iam', 'cognito'] as const) {
      const request =
        form === 'iam' ? iamRequest(lane.world.iamUser()) : cognitoRequest(lane.world.cognitoUser());
      const chunked = withHeader(request, 'Transfer-Encoding', 'chunked');
      const body = `${request.body.length.toString(16)}\r\n${request.body}\r\n0\r\n\r\n`;
      expectNativeSuccess(await sendBytes(lane.gateway.url, bytesOf({ ...chunked, body })), form);
    }
  });

  it('a body that is too large', async () => {
    const body = `${iamForm()}${'a'.repeat(17 * 1024)}`;
    await refused(iamRequest(iam, { body }), { ...INVALID, code: 'request_too_large' });
  });
});

describe('a second body', () => {
  const { length } = iamForm();

  it.each<readonly [string, readonly (readonly [string, string])[]]>([
    [
      'two lengths',
      [
        ['Content-Length', `${length}`],
        ['Content-Length', '1'],
      ],
    ],
    [
      'the same length twice',
      [
        ['Content-Length', `${length}`],
        ['Content-Length', `${length}`],
      ],
    ],
    [
      'a length and chunks',
      [
        ['Content-Length', `${length}`],
        ['Transfer-Encoding', 'chunked'],
      ],
    ],
    ['chunks within something else', [['Transfer-Encoding', 'chunked, identity']]],
  ])('%s', async (_name, framing) => {
    const request = iamRequest(iam);
    const before = lane.world.sandbox.callCount;
    const bytes = bytesOf({ ...request, headers: [...request.headers, ...framing] });
    const { status, headers, text } = await sendBytes(lane.gateway.url, bytes);
    expect({ status, connection: headers.get('connection') }).toEqual({ status: 400, connection: 'close' });
    expect(text).toContain('request_malformed');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-request-id')).not.toBeNull();
    expect(lane.world.sandbox.callCount).toBe(before);
  });

  it('a body shorter than its length, by a client that goes', async () => {
    const before = lane.world.sandbox.callCount;
    const request = withHeader(iamRequest(iam), 'Content-Length', `${length + 1}`);
    await sendAndLeave(lane.gateway.url, bytesOf(request));
    expect(lane.world.sandbox.callCount).toBe(before);
  });

  it('a body longer than its length is another request, and a bad one', async () => {
    const person = lane.world.iamUser();
    const before = lane.world.sandbox.callCount;
    const bytes = `${bytesOf(iamRequest(person))}&Action=DeleteUser`;
    const { statuses } = await sendBytes(lane.gateway.url, bytes, 2);
    expect([[200, 400], [400]]).toContainEqual(statuses);
    expect(lane.world.sandbox.callCount - before).toBeLessThanOrEqual(1);
  });

  it('a pipelined request is judged by itself', async () => {
    const person = lane.world.iamUser();
    const before = lane.world.sandbox.callCount;
    const second = bytesOf(iamRequest(iam, { body: iamForm().replace('ChangePassword', 'DeleteUser') }));
    const { statuses } = await sendBytes(lane.gateway.url, bytesOf(iamRequest(person)) + second, 2);
    expect(statuses).toEqual([200, 400]);
    const calls = lane.world.sandbox.calls.slice(before - lane.world.sandbox.callCount);
    expect(calls.map(({ action }) => action)).toEqual(['ChangePassword']);
  });
});

describe('signed headers', () => {
  it.each<readonly [string, () => RawRequest]>([
    [
      'signed and not sent: accept',
      () => without(iamRequest(iam, { headers: [['Accept', '*/*']] }), 'Accept'),
    ],
    [
      'signed and sent twice: accept',
      () => withHeader(iamRequest(iam, { headers: [['Accept', '*/*']] }), 'Accept', 'a'),
    ],
    ['signed, and not one of the list', () => iamRequest(iam, { headers: [['X-Evil', '1']] })],
    ['signed: X-Amz-Target', () => iamRequest(iam, { headers: [['X-Amz-Target', COGNITO_TARGET]] })],
    ['two Authorization', () => withHeader(iamRequest(iam), 'Authorization', 'Bearer a')],
    ['two X-Amz-Date', () => withHeader(iamRequest(iam), 'X-Amz-Date', '20261120T224907Z')],
    [
      'a session token that is not signed',
      () => withHeader(iamRequest(iam), 'X-Amz-Security-Token', 'token'),
    ],
    [
      'a session token that is signed and not sent',
      () =>
        without(iamRequest(iam, { headers: [['X-Amz-Security-Token', 'token']] }), 'X-Amz-Security-Token'),
    ],
    ['another region', () => iamRequest(iam, { region: 'eu-west-1' })],
  ])('%s', async (_name, request) => {
    await refused(request(), INCOMPLETE);
  });

  it.each(['Host', 'Content-Type', 'Idempotency-Key'])('two %s', async (name) => {
    const request = withHeader(withHeader(without(iamRequest(iam), 'nothing'), name, 'a'), name, 'b');
    await refused(request, INVALID);
  });

  it('an old signature', async () => {
    const request = iamRequest(iam, { at: new Date(Date.now() - 6 * 60_000) });
    await refused(request, { form: 'iam', name: 'ExpiredToken', code: 'credential_expired', status: 403 });
  });

  it('a Bearer token in place of the signature', async () => {
    const request = withHeader(
      without(iamRequest(iam), 'Authorization', 'X-Amz-Date'),
      'Authorization',
      `Bearer ${cognito.accessToken}`,
    );
    await refused(request, INCOMPLETE);
  });

  it('no credential', async () => {
    await refused(without(iamRequest(iam), 'Authorization'), {
      form: 'iam',
      name: 'MissingAuthenticationToken',
      code: 'credential_missing',
      status: 403,
    });
  });

  it('a partition that is not served', async () => {
    await refused(iamRequest(iam, { region: 'cn-north-1', host: 'iam.cn-north-1.amazonaws.com.cn' }), {
      form: 'iam',
      name: 'AccessDenied',
      code: 'pool_not_allowed',
      status: 403,
    });
  });
});

function without(request: RawRequest, ...names: readonly string[]): RawRequest {
  return { ...request, headers: request.headers.filter(([name]) => !names.includes(name)) };
}

describe('Cognito', () => {
  const NOT_AUTHORIZED: NativeFailure = {
    form: 'cognito',
    name: 'NotAuthorizedException',
    code: 'credential_malformed',
  };
  const BAD: NativeFailure = {
    form: 'cognito',
    name: 'InvalidParameterException',
    code: 'request_malformed',
  };

  it.each([
    'AWSCognitoIdentityProviderService.AdminSetUserPassword',
    'AWSCognitoIdentityProviderService.ConfirmForgotPassword',
    'AWSCognitoIdentityProviderService.GetUser',
    'awscognitoidentityproviderservice.changepassword',
    `${COGNITO_TARGET},AWSCognitoIdentityProviderService.GetUser`,
    'ChangePassword',
  ])('X-Amz-Target: %s', async (target) => {
    for (const type of ['application/x-amz-json-1.1', 'application/json']) {
      await refused(cognitoRequest(cognito, { target, type }), BAD);
    }
  });

  it('no X-Amz-Target, and an empty one', async () => {
    await refused(without(cognitoRequest(cognito), 'X-Amz-Target'), BAD);
    await refused(cognitoRequest(cognito, { target: '' }), BAD);
  });

  it('two X-Amz-Target', async () => {
    await refused(withHeader(cognitoRequest(cognito), 'X-Amz-Target', COGNITO_TARGET), NOT_AUTHORIZED);
  });

  it('X-Amz-Target and Authorization', async () => {
    const bearer = withHeader(cognitoRequest(cognito), 'Authorization', `Bearer ${cognito.accessToken}`);
    await refused(bearer, NOT_AUTHORIZED);
    const [, signature = ''] = iamRequest(iam).headers.find(([name]) => name === 'Authorization') ?? [];
    await refused(withHeader(cognitoRequest(cognito), 'Authorization', signature), NOT_AUTHORIZED);
  });

  it.each<readonly [string, object, NativeFailure]>([
    ['no AccessToken', { AccessToken: undefined }, { ...NOT_AUTHORIZED, code: 'credential_missing' }],
    ['AccessToken null', { AccessToken: null }, { ...NOT_AUTHORIZED, code: 'credential_missing' }],
    ['AccessToken a list', { AccessToken: ['a'] }, NOT_AUTHORIZED],
    ['AccessToken with a line break', { AccessToken: 'a\r\nb' }, NOT_AUTHORIZED],
    ['AccessToken no token', { AccessToken: 'abc' }, NOT_AUTHORIZED],
    ['ClientMetadata', { ClientMetadata: {} }, { ...BAD, code: 'request_invalid' }],
    ['Username', { Username: 'somebody-else' }, { ...BAD, code: 'request_invalid' }],
    ['our own field', { newPassword: 'Other-Staple-3' }, { ...BAD, code: 'request_invalid' }],
    ['no ProposedPassword', { ProposedPassword: undefined }, { ...BAD, code: 'request_invalid' }],
    [
      'a list for a password',
      { ProposedPassword: ['Battery-Staple-2'] },
      { ...BAD, code: 'request_invalid' },
    ],
    ['__proto__', JSON.parse('{"__proto__":{"a":1}}') as object, BAD],
  ])('%s', async (_name, members, failure) => {
    await refused(cognitoRequest(cognito, { members }), failure);
  });

  it('a member twice', async () => {
    const { body, ...request } = cognitoRequest(cognito);
    const twice = body.replace('{', '{"ProposedPassword":"Other-Staple-3",');
    await refused({ ...request, body: twice }, BAD);
  });

  it('an unknown member does not hide a bad token', async () => {
    const members = { AccessToken: 'abc', Username: 'somebody-else' };
    await refused(cognitoRequest(cognito, { members }), NOT_AUTHORIZED);
  });

  it('a form that claims to be Cognito', async () => {
    await refused(
      withHeader(iamRequest(iam, { body: cognitoRequest(cognito).body }), 'X-Amz-Target', COGNITO_TARGET),
      INVALID,
    );
  });
});
