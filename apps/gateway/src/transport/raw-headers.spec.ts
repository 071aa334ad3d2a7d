import { describe, expect, it } from '@jest/globals';
import { PasswordChangeError } from '@password-gateway/errors';

import { checkRawHeaders } from './raw-headers.js';

/** The code of the refusal; undefined when the headers are taken. */
function refusal(...rawHeaders: readonly string[]): string | undefined {
  try {
    const names = rawHeaders.filter((_name, index) => index % 2 === 0);
    checkRawHeaders(names.some((name) => /^host$/i.test(name)) ? rawHeaders : ['Host', 'h', ...rawHeaders]);
    return undefined;
  } catch (error) {
    if (!(error instanceof PasswordChangeError)) throw error;
    return error.code;
  }
}

it('asks for a host', () => {
  expect(() => {
    checkRawHeaders(['Accept', '*/*']);
  }).toThrow('The header host is missing.');
});

it('takes ordinary headers, and others as often as they come', () => {
  expect(refusal()).toBeUndefined();
  expect(
    refusal('Host', 'a', 'Authorization', 'Bearer x', 'Content-Type', 'application/json'),
  ).toBeUndefined();
  expect(
    refusal('Accept', 'a', 'accept', 'b', 'X-Forwarded-For', 'a', 'X-Forwarded-For', 'b'),
  ).toBeUndefined();
  expect(refusal('X-Note', 'tab\tand ~ and space ')).toBeUndefined();
});

describe('a header that must not come twice', () => {
  it.each([
    ['Authorization', 'credential_malformed'],
    ['X-Amz-Date', 'credential_malformed'],
    ['X-Amz-Security-Token', 'credential_malformed'],
    ['X-Amz-Content-Sha256', 'credential_malformed'],
    ['X-Amz-Target', 'credential_malformed'],
    ['Content-Type', 'request_malformed'],
    ['Content-Length', 'request_malformed'],
    ['Transfer-Encoding', 'request_malformed'],
    ['Host', 'request_malformed'],
    ['Idempotency-Key', 'request_malformed'],
  ])('%s -> %s', (name, code) => {
    expect(refusal(name, 'a')).toBeUndefined();
    expect(refusal(name, 'a', name, 'a')).toBe(code);
    expect(refusal(name.toLowerCase(), 'a', 'Accept', '*/*', name.toUpperCase(), 'b')).toBe(code);
  });
});

describe('characters', () => {
  it.each(['a\u0000', 'a\u007f', 'a\rb', 'a\nb', '\u0100', '\u001b[31m'])(
    '%j -> request_malformed',
    (value) => {
      for (const name of ['X-Note', 'Authorization', 'Host'])
        expect(refusal(name, value)).toBe('request_malformed');
    },
  );

  it.each([
    'Accept',
    'Amz-Sdk-Invocation-Id',
    'Amz-Sdk-Request',
    'Authorization',
    'Content-Encoding',
    'Content-Length',
    'Content-Type',
    'Host',
    'Idempotency-Key',
    'Origin',
    'X-Amz-Content-Sha256',
    'X-Amz-Date',
    'X-Amz-Security-Token',
    'X-Amz-Target',
    'X-Amz-User-Agent',
    'X-Forwarded-For',
  ])('above ASCII are refused in %s, which is read or relayed', (name) => {
    expect(refusal(name, 'caf\u00e9')).toBe('request_malformed');
  });

  it.each(['CF-IPCity', 'X-Geo-City', 'Cookie', 'User-Agent', 'X-Note', 'X-Request-Id', 'Referer'])(
    'above ASCII refuse nobody in %s',
    (name) => {
      expect(refusal(name, Buffer.from('S\u00e3o Paulo').toString('latin1'))).toBeUndefined();
      expect(refusal(name, 'caf\u00e9')).toBeUndefined();
    },
  );

  it('are refused in words that hold no value', () => {
    expect(() => {
      checkRawHeaders(['Authorization', 'Bearer canary\u00e9']);
    }).toThrow(/^(?!.*canary)/);
  });
});
