import { gzipSync } from 'node:zlib';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemCode } from '@password-gateway/errors';

import { expectChanged, expectProblem } from './support/expect-problem.js';
import { change, changeWithBytes, PASSWORDS } from './support/http.js';
import { startStack, type Stack } from './support/stack.js';
import { cognitoUser, iamUser, OLD, signed } from './support/users.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterEach(() => {
  stack.sandbox.reset();
});

afterAll(() => stack.close());

type Bytes = string | Uint8Array<ArrayBuffer>;

const JSON_TEXT = JSON.stringify(PASSWORDS);

async function expectRefused(bytes: Bytes, code: ProblemCode, headers: object = {}): Promise<void> {
  const { auth } = cognitoUser(stack);
  expectProblem(await changeWithBytes(stack, { ...auth, ...headers }, bytes), code);
  expect(stack.sandbox.callCount).toBe(0);
}

describe('media type -> 415', () => {
  it.each([
    'text/plain',
    'text/json',
    'application/x-amz-json-1.0',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json-patch+json',
    'application/json; charset=utf-16',
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf-8; charset=utf-16',
    'application/json; version=2',
    'application/json, text/plain',
    'json',
  ])('%s', async (type) => {
    await expectRefused(JSON_TEXT, 'media_type_unsupported', { 'Content-Type': type });
  });

  it('none at all', async () => {
    const response = await fetch(`${stack.url}/password/change`, {
      method: 'POST',
      headers: cognitoUser(stack).auth,
      body: new TextEncoder().encode(JSON_TEXT),
    });
    expect(response.status).toBe(415);
    expect(stack.sandbox.callCount).toBe(0);
  });

  it.each([
    'application/json',
    'Application/JSON',
    'application/json;charset=UTF-8',
    'application/json; charset="utf-8"',
  ])('%s is good', async (type) => {
    const answer = await changeWithBytes(
      stack,
      { ...cognitoUser(stack).auth, 'Content-Type': type },
      JSON_TEXT,
    );
    expectChanged(answer, 'cognito');
  });
});

describe('content encoding -> 415', () => {
  it.each(['gzip', 'GZIP', 'deflate', 'br', 'aws-chunked', 'identity, gzip', 'x-unknown'])(
    '%s',
    async (encoding) => {
      const bytes = /^gzip$/i.test(encoding) ? new Uint8Array(gzipSync(JSON_TEXT)) : JSON_TEXT;
      await expectRefused(bytes, 'media_type_unsupported', { 'Content-Encoding': encoding });
    },
  );

  it('identity is good', async () => {
    const headers = { ...cognitoUser(stack).auth, 'Content-Encoding': 'identity' };
    expectChanged(await changeWithBytes(stack, headers, JSON_TEXT), 'cognito');
  });
});

/** A JSON text whose newPassword is these bytes. */
function withBytes(...bytes: readonly number[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    Buffer.concat([
      Buffer.from(`{"currentPassword":"${OLD}","newPassword":"Aa1!xxxx`),
      Buffer.from(bytes),
      Buffer.from('"}'),
    ]),
  );
}

/** A JSON text whose newPassword is this, written out. */
function withText(text: string): string {
  return `{"currentPassword":"${OLD}","newPassword":${text}}`;
}

describe('bytes that are not clean UTF-8 -> 400', () => {
  it.each<readonly [string, Bytes]>([
    ['a byte that never stands in UTF-8', withBytes(0xff)],
    ['Latin-1', withBytes(0xe9)],
    ['an overlong form', withBytes(0xc0, 0xaf)],
    ['a surrogate in UTF-8 (CESU-8)', withBytes(0xed, 0xa0, 0xbd, 0xed, 0xb0, 0x8e)],
    ['a sequence cut short', withBytes(0xf0, 0x9f, 0x90)],
    ['a code point beyond Unicode', withBytes(0xf4, 0x90, 0x80, 0x80)],
    ['a byte order mark', `\ufeff${JSON_TEXT}`],
    ['UTF-16', new Uint8Array(Buffer.from(JSON_TEXT, 'utf16le'))],
    ['a lone high surrogate', withText('"Aa1!xxxx\\ud83d"')],
    ['a lone low surrogate', withText('"Aa1!xxxx\\udc0e"')],
    ['surrogates the wrong way round', withText('"Aa1!xxxx\\udc0e\\ud83d"')],
    ['a lone surrogate in a key', '{"newPassword":"Aa1!xxxx","\\ud83d":""}'],
  ])('%s', async (_name, bytes) => {
    await expectRefused(bytes, 'request_malformed');
  });

  it('a surrogate pair in escapes is good', async () => {
    const answer = await changeWithBytes(
      stack,
      cognitoUser(stack).auth,
      withText('"Aa1!xxxx\\ud83d\\udc0e"'),
    );
    expectChanged(answer, 'cognito');
  });
});

/** 8,000 opening brackets of one kind, closed again. */
function deep(open: string, close: string): string {
  return `${open.repeat(8_000)}${close.repeat(8_000)}`;
}

describe('JSON that readers could read in two ways -> 400, never 500', () => {
  it.each([
    ['nothing', ''],
    ['not JSON', 'currentPassword=a'],
    ['cut short', '{"newPassword":"a"'],
    ['something behind it', `${JSON_TEXT}x`],
    ['two documents', `${JSON_TEXT}${JSON_TEXT}`],
    ['a comment', `/**/${JSON_TEXT}`],
    ['a trailing comma', '{"newPassword":"a",}'],
    ['single quotes', "{'newPassword':'a'}"],
    ['NaN', withText('NaN')],
    ['a raw control character in a string', withText('"a\u0001b"')],
    ['null', 'null'],
    ['a string', '"newPassword"'],
    ['an array', `[${JSON_TEXT}]`],
    ['a key twice', '{"newPassword":"a","newPassword":"b"}'],
    ['a key twice, once with an escape', '{"newPassword":"a","newP\\u0061ssword":"b"}'],
    ['a key twice, further in', '{"newPassword":{"a":1,"a":2}}'],
    ['8,000 arrays deep', deep('[', ']')],
    ['8,000 arrays deep in a field', `{"newPassword":${deep('[', ']')}}`],
    ['2,000 objects deep', `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`],
    ['8,000 brackets that nobody closes', '['.repeat(8_000)],
    ['__proto__', '{"newPassword":"a","__proto__":{"currentPassword":"b"}}'],
    ['__proto__ with an escape', '{"newPassword":"a","\\u005f_proto__":{}}'],
    ['__proto__ further in', '{"newPassword":{"__proto__":{"polluted":true}}}'],
    ['constructor.prototype', '{"newPassword":"a","constructor":{"prototype":{"polluted":true}}}'],
  ])('%s', async (_name, text) => {
    await expectRefused(text, 'request_malformed');
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('fields that nobody knows -> 422, named', () => {
  it.each(['Action', 'UserName', 'Version', 'OldPassword', 'AccessToken'])('%s, Cognito', async (name) => {
    const answer = await change(stack, cognitoUser(stack).auth, { ...PASSWORDS, [name]: 'DeleteUser' });
    expectProblem(answer, 'request_invalid', { errors: [`/${name} unknown_field`] });
    expect(stack.sandbox.callCount).toBe(0);
  });

  it.each(['Action', 'UserName', 'Version'])('%s, IAM', async (name) => {
    const answer = await change(stack, await signed(iamUser(stack).keys), {
      ...PASSWORDS,
      [name]: 'DeleteUser',
    });
    expectProblem(answer, 'request_invalid', { provider: 'iam', errors: [`/${name} unknown_field`] });
    expect(stack.sandbox.callCount).toBe(0);
  });

  it.each([
    'accountId',
    'Kanarie-Passwort-1',
    '',
    'toString',
    'hasOwnProperty',
    'valueOf',
    'then',
    'toJSON',
    'length',
    '__defineGetter__',
    '__lookupSetter__',
  ])('%j is refused, and not shown: it might be a misplaced value', async (name) => {
    const answer = await change(stack, cognitoUser(stack).auth, { ...PASSWORDS, [name]: 'x' });
    expectProblem(answer, 'request_invalid', { errors: [' unknown_field'] });
    if (name !== '') expect(answer.text).not.toContain(name);
    expect(stack.sandbox.callCount).toBe(0);
  });

  it('many unknown fields are one error, and the answer is no longer than the request', async () => {
    const fields = Object.fromEntries(Array.from({ length: 1_500 }, (_, index) => [`x${index}`, 0]));
    const answer = await change(stack, cognitoUser(stack).auth, { ...PASSWORDS, ...fields });
    expectProblem(answer, 'request_invalid', { errors: [' unknown_field'] });
    expect(answer.text.length).toBeLessThan(1_000);
    expect(stack.sandbox.callCount).toBe(0);
  });

  it.each([[['x']], [{ toString: 'x' }], [true], [0], [null]])(
    '%j for a password is no string',
    async (value) => {
      const answer = await change(stack, cognitoUser(stack).auth, {
        currentPassword: OLD,
        newPassword: value,
      });
      expectProblem(answer, 'request_invalid', { errors: ['/newPassword not_a_string'] });
      expect(stack.sandbox.callCount).toBe(0);
    },
  );
});

describe('size', () => {
  const padded = (bytes: number): string => {
    const { length } = JSON.stringify({ currentPassword: OLD, newPassword: '' });
    return JSON.stringify({ currentPassword: OLD, newPassword: 'x'.repeat(bytes - length) });
  };

  it('16 KiB are read', async () => {
    const answer = await changeWithBytes(stack, cognitoUser(stack).auth, padded(16 * 1024));
    expectProblem(answer, 'request_invalid', { errors: ['/newPassword too_long'] });
  });

  it.each([16 * 1024 + 1, 17 * 1024, 1024 * 1024])('%d bytes -> 413', async (bytes) => {
    await expectRefused(padded(bytes), 'request_too_large');
  });

  it('17 KiB in chunks -> 413', async () => {
    const chunks = new Blob([padded(17 * 1024)]).stream();
    const response = await fetch(`${stack.url}/password/change`, {
      method: 'POST',
      headers: { ...cognitoUser(stack).auth, 'Content-Type': 'application/json' },
      body: chunks,
      duplex: 'half',
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'request_too_large', outcome: 'unchanged' });
    expect(stack.sandbox.callCount).toBe(0);
  });

  it('white space around a small document is good', async () => {
    const answer = await changeWithBytes(
      stack,
      cognitoUser(stack).auth,
      ` \n\t${JSON_TEXT}${' '.repeat(9_000)}`,
    );
    expectChanged(answer, 'cognito');
  });
});
