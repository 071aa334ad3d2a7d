import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { HostileWorld, INCOMPLETE, INVALID_FORM } from './interop/hostile.js';
import { expectNativeSuccess, type NativeFailure } from './interop/native-answer.js';
import {
  cognitoRequest,
  COGNITO_TARGET,
  iamForm,
  iamRequest,
  withHeader,
  without,
} from './interop/native-request.js';
import type { HeaderLine } from './interop/signed-form.js';
import { bytesOf, type RawRequest, sendAndLeave, sendRaw, statusesOf } from './interop/raw-request.js';
import { FIRST_PASSWORD } from './support/people.js';

let hostile: HostileWorld;

beforeAll(async () => {
  hostile = await HostileWorld.start();
});

afterAll(() => hostile.end());

const MISMATCH: NativeFailure = {
  form: 'iam',
  name: 'SignatureDoesNotMatch',
  code: 'signature_mismatch',
  status: 403,
};

describe('forms in more than one spelling', () => {
  const spelled = 'Two Words+1%~*';

  it.each<readonly [string, (text: string) => string]>([
    ['space as +', (text) => encodeURIComponent(text).replaceAll('%20', '+')],
    ['space as %20', encodeURIComponent],
    [
      'everything encoded, in lower case',
      (text) => text.replace(/[^]/g, (character) => `%${character.charCodeAt(0).toString(16)}`),
    ],
  ])('%s: relayed byte for byte, as it was signed', async (_name, encode) => {
    const person = hostile.world.iamUser();
    const body = `Version=2010-05-08&NewPassword=${encode(spelled)}&Action=ChangePassword&OldPassword=${FIRST_PASSWORD}`;
    expectNativeSuccess(await sendRaw(hostile.on, iamRequest(person, { body })), 'iam');
    expect(person.has(spelled)).toBe(true);
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
    await hostile.expectRefused(iamRequest(hostile.iam, { body }), INVALID_FORM);
  });

  it('an encoded NUL, which no password may hold', async () => {
    await hostile.expectRefused(iamRequest(hostile.iam, { body: `${good}%00` }), {
      ...INVALID_FORM,
      code: 'request_invalid',
    });
  });

  it('no body', async () => {
    await hostile.expectRefused(iamRequest(hostile.iam, { body: '' }), INVALID_FORM);
  });
});

describe('encodings and hashes of the body', () => {
  const hashed = (value: string): RawRequest =>
    iamRequest(hostile.iam, { headers: [['X-Amz-Content-Sha256', value]], payloadHash: value });

  it.each([
    'UNSIGNED-PAYLOAD',
    'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '',
  ])('X-Amz-Content-Sha256: %s', async (value) => {
    await hostile.expectRefused(hashed(value), MISMATCH);
  });

  it('aws-chunked', async () => {
    const form = iamForm();
    const body = `${form.length.toString(16)};chunk-signature=${'0'.repeat(64)}\r\n${form}\r\n0;chunk-signature=${'0'.repeat(64)}\r\n\r\n`;
    const payloadHash = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
    const request = iamRequest(hostile.iam, {
      body,
      payloadHash,
      headers: [['X-Amz-Content-Sha256', payloadHash]],
    });
    await hostile.expectRefused(withHeader(request, 'Content-Encoding', 'aws-chunked'), {
      ...INVALID_FORM,
      code: 'media_type_unsupported',
    });
    await hostile.expectRefused(request, INVALID_FORM);
    const decoded = iamRequest(hostile.iam, {
      headers: [['X-Amz-Decoded-Content-Length', `${form.length}`]],
    });
    await hostile.expectRefused(decoded, INCOMPLETE);
  });

  it.each(['gzip', 'aws-chunked,gzip'])('Content-Encoding: %s', async (encoding) => {
    await hostile.expectRefused(withHeader(iamRequest(hostile.iam), 'Content-Encoding', encoding), {
      ...INVALID_FORM,
      code: 'media_type_unsupported',
    });
    await hostile.expectRefused(withHeader(cognitoRequest(hostile.cognito), 'Content-Encoding', encoding), {
      form: 'cognito',
      name: 'InvalidParameterException',
      code: 'media_type_unsupported',
    });
  });

  it('Transfer-Encoding: chunked is an ordinary way to send a body', async () => {
    for (const form of ['iam', 'cognito'] as const) {
      const request =
        form === 'iam' ? iamRequest(hostile.world.iamUser()) : cognitoRequest(hostile.world.cognitoUser());
      const chunked = withHeader(request, 'Transfer-Encoding', 'chunked');
      const body = `${request.body.length.toString(16)}\r\n${request.body}\r\n0\r\n\r\n`;
      expectNativeSuccess(await sendRaw(hostile.on, { ...chunked, body }), form);
    }
  });

  it('a body that is too large', async () => {
    const body = `${iamForm()}${'a'.repeat(17 * 1024)}`;
    await hostile.expectRefused(iamRequest(hostile.iam, { body }), {
      ...INVALID_FORM,
      code: 'request_too_large',
    });
  });
});

describe('a second body', () => {
  const { length } = iamForm();

  it.each<readonly [string, readonly HeaderLine[]]>([
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
    const request = iamRequest(hostile.iam);
    const before = hostile.calls;
    const { status, headers, text } = await sendRaw(hostile.on, {
      ...request,
      headers: [...request.headers, ...framing],
    });
    expect({ status, connection: headers.get('connection') }).toEqual({ status: 400, connection: 'close' });
    expect(text).toContain('request_malformed');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-request-id')).not.toBeNull();
    expect(hostile.calls).toBe(before);
  });

  it('a body shorter than its length, by a client that goes', async () => {
    const before = hostile.calls;
    const request = withHeader(iamRequest(hostile.iam), 'Content-Length', `${length + 1}`);
    await sendAndLeave(hostile.on.url, bytesOf(request));
    expect(hostile.calls).toBe(before);
  });

  it('what is longer than its length is a request of its own, and none', async () => {
    const person = hostile.world.iamUser();
    const before = hostile.calls;
    const bytes = Buffer.concat([bytesOf(iamRequest(person)), Buffer.from('&Action=DeleteUser')]);
    expect(await statusesOf(hostile.on.url, bytes, 2)).toEqual([200]);
    expect(hostile.world.sandbox.calls.slice(before - hostile.calls)).toMatchObject([
      { service: 'iam', action: 'ChangePassword' },
    ]);
  });

  it('a pipelined request is judged by itself', async () => {
    const person = hostile.world.iamUser();
    const before = hostile.calls;
    const second = iamRequest(hostile.iam, { body: iamForm().replace('ChangePassword', 'DeleteUser') });
    const bytes = Buffer.concat([bytesOf(iamRequest(person)), bytesOf(second)]);
    expect(await statusesOf(hostile.on.url, bytes, 2)).toEqual([200, 400]);
    expect(hostile.world.sandbox.calls.slice(before - hostile.calls)).toMatchObject([
      { service: 'iam', action: 'ChangePassword' },
    ]);
  });
});

describe('signed headers', () => {
  it.each<readonly [string, () => RawRequest]>([
    [
      'signed and not sent: accept',
      () => without(iamRequest(hostile.iam, { headers: [['Accept', '*/*']] }), 'Accept'),
    ],
    [
      'signed and sent twice: accept',
      () => withHeader(iamRequest(hostile.iam, { headers: [['Accept', '*/*']] }), 'Accept', 'a'),
    ],
    [
      'signed: X-Amz-Decoded-Content-Length',
      () => iamRequest(hostile.iam, { headers: [['X-Amz-Decoded-Content-Length', '1']] }),
    ],
    ['signed: TE', () => iamRequest(hostile.iam, { headers: [['TE', 'trailers']] })],
    ['signed: X-Amz-Target', () => iamRequest(hostile.iam, { headers: [['X-Amz-Target', COGNITO_TARGET]] })],
    ['two Authorization', () => withHeader(iamRequest(hostile.iam), 'Authorization', 'Bearer a')],
    ['two X-Amz-Date', () => withHeader(iamRequest(hostile.iam), 'X-Amz-Date', '20261120T224907Z')],
    [
      'a session token that is not signed',
      () => withHeader(iamRequest(hostile.iam), 'X-Amz-Security-Token', 'token'),
    ],
    [
      'a session token that is signed and not sent',
      () =>
        without(
          iamRequest(hostile.iam, { headers: [['X-Amz-Security-Token', 'token']] }),
          'X-Amz-Security-Token',
        ),
    ],
    [
      'signed by AWS4-ECDSA',
      () => changed(iamRequest(hostile.iam), 'Authorization', (value) => value.replace('HMAC', 'ECDSA-P256')),
    ],
    ['Date in place of X-Amz-Date', () => renamed(iamRequest(hostile.iam), 'X-Amz-Date', 'Date')],
    ['another region', () => iamRequest(hostile.iam, { region: 'eu-west-1' })],
  ])('%s', async (_name, request) => {
    await hostile.expectRefused(request(), INCOMPLETE);
  });

  it.each(['Host', 'Content-Type', 'Idempotency-Key'])('two %s', async (name) => {
    const request = withHeader(withHeader(iamRequest(hostile.iam), name, 'a'), name, 'b');
    await hostile.expectRefused(request, INVALID_FORM);
  });

  it('headers that are not signed are not relayed', async () => {
    const person = hostile.world.iamUser();
    const request = [
      ['Accept', 'text/html'],
      ['X-Evil', '1'],
      ['X-Amz-User-Agent', 'somebody'],
      ['X-Forwarded-For', '10.0.0.1'],
      ['Cookie', 'a=b'],
    ].reduce((whole, [name = '', value = '']) => withHeader(whole, name, value), iamRequest(person));
    expectNativeSuccess(await sendRaw(hostile.on, request), 'iam');
    const relayed = hostile.world.sandbox.calls.at(-1)?.headers.map((name) => name.toLowerCase()) ?? [];
    expect(relayed).toContain('authorization');
    for (const name of ['x-evil', 'x-amz-user-agent', 'x-forwarded-for', 'cookie']) {
      expect(relayed).not.toContain(name);
    }
  });

  it('an old signature', async () => {
    const request = iamRequest(hostile.iam, { at: new Date(Date.now() - 16 * 60_000) });
    await hostile.expectRefused(request, {
      form: 'iam',
      name: 'RequestExpired',
      code: 'credential_expired',
      status: 400,
    });
  });

  it('a Bearer token in place of the signature', async () => {
    const request = withHeader(
      without(iamRequest(hostile.iam), 'Authorization', 'X-Amz-Date'),
      'Authorization',
      `Bearer ${hostile.cognito.accessToken}`,
    );
    await hostile.expectRefused(request, INCOMPLETE);
  });

  it('no credential', async () => {
    await hostile.expectRefused(without(iamRequest(hostile.iam), 'Authorization'), {
      form: 'iam',
      name: 'MissingAuthenticationToken',
      code: 'credential_missing',
      status: 403,
    });
  });

  it('a partition that is not served', async () => {
    await hostile.expectRefused(
      iamRequest(hostile.iam, { region: 'cn-north-1', host: 'iam.cn-north-1.amazonaws.com.cn' }),
      {
        form: 'iam',
        name: 'AccessDenied',
        code: 'pool_not_allowed',
        status: 403,
      },
    );
  });
});

function changed(request: RawRequest, name: string, change: (value: string) => string): RawRequest {
  const headers = request.headers.map((line): HeaderLine =>
    line[0] === name ? [name, change(line[1])] : line,
  );
  return { ...request, headers };
}

function renamed(request: RawRequest, from: string, to: string): RawRequest {
  const headers = request.headers.map((line): HeaderLine => (line[0] === from ? [to, line[1]] : line));
  return { ...request, headers };
}
