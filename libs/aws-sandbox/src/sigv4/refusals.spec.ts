import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { withHeader, withoutHeader } from '../../test/tampering.js';
import { canonicalRequest } from './canonical-request.js';
import { parseBasicDate } from './date.js';
import { headerValues } from './headers.js';
import { hashOf, signature, stringToSign } from './signature.js';
import type { SigV4Key, SigV4Request } from './types.js';
import { verifySigV4 } from './verify.js';

const NOW = '20261120T224907Z';
const TOKEN = 'FwoGZXIvYXdzEXAMPLE';
const BODY = Buffer.from('Action=ChangePassword&Version=2010-05-08&OldPassword=a&NewPassword=b');
const KEYS = new Map<string, SigV4Key>([
  ['AKIAIOSFODNN7EXAMPLE', { secretAccessKey: 'long-term' }],
  [
    'ASIAIOSFODNN7EXAMPLE',
    { secretAccessKey: 'temporary', sessionToken: TOKEN, expiresAt: at('20261120T225000Z') },
  ],
]);

describe('a request that this folder signed itself, for the refusals', () => {
  it('is accepted', () => {
    expect(verify(sign())).toEqual({ ok: true, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' });
    expect(verify(sign({ accessKeyId: 'ASIAIOSFODNN7EXAMPLE', token: TOKEN }))).toMatchObject({ ok: true });
  });
});

describe('Authorization', () => {
  it.each([
    ['absent', (r: SigV4Request) => withoutHeader(r, 'authorization')],
    ['a bearer token', (r: SigV4Request) => withHeader(r, 'authorization', () => 'Bearer eyJ')],
    [
      'only in the query',
      (r: SigV4Request) => ({ ...withoutHeader(r, 'authorization'), target: '/?X-Amz-Signature=0' }),
    ],
  ])('%s: MissingAuthenticationToken', (_, change) => {
    expect(verify(change(sign()))).toEqual({
      ok: false,
      status: 403,
      code: 'MissingAuthenticationToken',
      message: 'Request is missing Authentication Token',
    });
  });

  it.each([
    [
      'AWS4-ECDSA-P256-SHA256 Credential=a',
      "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256' (only AWS4-HMAC-SHA256 for now). ",
    ],
    ['AWS4-HMAC-SHA256', invalidPair('AWS4-HMAC-SHA256')],
    ['AWS4-HMAC-SHA256 Credential', invalidPair('AWS4-HMAC-SHA256 Credential')],
    ['AWS4-HMAC-SHA256 Credential=a,Credential=b', invalidPair('AWS4-HMAC-SHA256 Credential=a,Credential=b')],
    [
      'AWS4-HMAC-SHA256 Credential=a SignedHeaders=b',
      invalidPair('AWS4-HMAC-SHA256 Credential=a SignedHeaders=b'),
    ],
    [
      'AWS4-HMAC-SHA256 Credential=a',
      "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. " +
        `(Hashed with SHA-256 and encoded with Base64) Authorization=${hashed('AWS4-HMAC-SHA256 Credential=a')}`,
    ],
    [
      'AWS4-HMAC-SHA256 Credential=, SignedHeaders=host, Signature=0',
      "Authorization header requires 'Credential' parameter. (Hashed with SHA-256 and encoded with Base64) " +
        `Authorization=${hashed('AWS4-HMAC-SHA256 Credential=, SignedHeaders=host, Signature=0')}`,
    ],
    [
      'AWS4-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=host, Signature=0',
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b/c/d'",
    ],
    [
      'AWS4-HMAC-SHA256 Credential=a/b/c/d/e/f, SignedHeaders=host, Signature=0',
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b/c/d/e/f'",
    ],
  ])('%s: IncompleteSignature', (value, message) => {
    const request = withHeader(sign(), 'authorization', () => value);
    expect(verify(request)).toEqual({ ok: false, status: 400, code: 'IncompleteSignature', message });
  });

  it('takes its parameters in any order, with or without a space after the comma', () => {
    const request = withHeader(sign(), 'authorization', (value) => {
      const [credential, signedHeaders, sent] = value.replace('AWS4-HMAC-SHA256 ', '').split(', ');
      return `AWS4-HMAC-SHA256 ${String(sent)},${String(credential)},  ${String(signedHeaders)}`;
    });
    expect(verify(request)).toMatchObject({ ok: true });
  });
});

describe('headers that may occur once', () => {
  it.each(['Authorization', 'Host', 'X-Amz-Date', 'X-Amz-Security-Token', 'X-Amz-Content-Sha256'])(
    '%s',
    (name) => {
      const request = sign({ accessKeyId: 'ASIAIOSFODNN7EXAMPLE', token: TOKEN, withContentHash: true });
      const [value = ''] = headerValues(request.headers, name.toLowerCase());
      const twice = { ...request, headers: [...request.headers, [name.toUpperCase(), value] as const] };
      expect(verify(request)).toMatchObject({ ok: true });
      expect(verify(twice)).toMatchObject({ status: 400, code: 'IncompleteSignature' });
    },
  );
});

describe('the date', () => {
  it('absent: IncompleteSignature', () => {
    expect(verify(withoutHeader(sign(), 'x-amz-date'))).toEqual({
      ok: false,
      status: 400,
      code: 'IncompleteSignature',
      message: "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
    });
  });

  it.each([
    '2026-11-20T22:49:07Z',
    'Fri, 20 Nov 2026 22:49:07 GMT',
    '20260230T000000Z',
    '20261120T246000Z',
    '',
  ])('%j: IncompleteSignature', (date) => {
    expect(verify(withHeader(sign(), 'x-amz-date', () => date))).toEqual({
      ok: false,
      status: 400,
      code: 'IncompleteSignature',
      message: `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    });
  });

  it.each(['20261120T223407Z', '20261120T230407Z'])('%s, 15 minutes off: accepted', (timestamp) => {
    expect(verify(sign({ timestamp }))).toMatchObject({ ok: true });
  });

  it.each([
    [
      '20261120T223406Z',
      'Signature expired: 20261120T223406Z is now earlier than 20261120T223407Z (20261120T224907Z - 15 min.)',
    ],
    [
      '20261120T230408Z',
      'Signature not yet current: 20261120T230408Z is still later than 20261120T230407Z (20261120T224907Z + 15 min.)',
    ],
  ])('%s, more than 15 minutes off: SignatureDoesNotMatch', (timestamp, message) => {
    const refused = { ok: false, status: 403, code: 'SignatureDoesNotMatch', message };
    expect(verify(sign({ timestamp }))).toEqual(refused);
  });
});

describe('the credential scope', () => {
  it.each([
    [{ region: 'eu-west-1' }, "Credential should be scoped to a valid Region, not 'eu-west-1'. "],
    [{ service: 'sts' }, "Credential should be scoped to correct service: 'iam'. "],
    [
      { terminator: 'aws5_request' },
      "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. ",
    ],
    [
      { day: '20261119' },
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
        "'20261119' != '20261120', from '20261120T224907Z'.",
    ],
    [
      { region: 'x', service: 'y', terminator: 'z', day: '0' },
      "Credential should be scoped to a valid Region, not 'x'. Credential should be scoped to correct service: 'iam'. " +
        "Credential should be scoped with a valid terminator: 'aws4_request', not 'z'. Date in Credential scope does " +
        "not match YYYYMMDD from ISO-8601 version of date from HTTP: '0' != '20261120', from '20261120T224907Z'.",
    ],
  ])('%j, properly signed: SignatureDoesNotMatch', (scope, message) => {
    expect(verify(sign(scope))).toEqual({ ok: false, status: 403, code: 'SignatureDoesNotMatch', message });
  });
});

describe('keys and session tokens', () => {
  const invalid = {
    ok: false,
    status: 403,
    code: 'InvalidClientTokenId',
    message: 'The security token included in the request is invalid',
  };

  it('refuses an unknown key', () => {
    expect(verify(sign({ accessKeyId: 'AKIAUNKNOWN' }))).toEqual(invalid);
  });

  it.each([
    ['temporary credentials without their token', { accessKeyId: 'ASIAIOSFODNN7EXAMPLE' }],
    ['temporary credentials with another token', { accessKeyId: 'ASIAIOSFODNN7EXAMPLE', token: `${TOKEN}x` }],
    ['temporary credentials with an empty token', { accessKeyId: 'ASIAIOSFODNN7EXAMPLE', token: '' }],
    ['a long-term key with a token', { token: TOKEN }],
  ])('refuses %s, properly signed', (_, signing) => {
    expect(verify(sign(signing))).toEqual(invalid);
  });

  it('refuses temporary credentials from their last millisecond on', () => {
    const request = sign({ accessKeyId: 'ASIAIOSFODNN7EXAMPLE', token: TOKEN });
    expect(verify(request, new Date(at('20261120T225000Z') - 1))).toMatchObject({ ok: true });
    expect(verify(request, new Date(at('20261120T225000Z')))).toEqual({
      ok: false,
      status: 403,
      code: 'ExpiredToken',
      message: 'The security token included in the request is expired',
    });
  });
});

describe('what must be signed', () => {
  it.each([
    [
      'Host',
      { signedHeaders: ['x-amz-date'] },
      "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    ],
    [
      'X-Amz-Security-Token',
      { accessKeyId: 'ASIAIOSFODNN7EXAMPLE', token: TOKEN, signedHeaders: ['host', 'x-amz-date'] },
      "'X-Amz-Security-Token' must be a 'SignedHeader' in the AWS Authorization.",
    ],
  ])('%s', (_, signing, message) => {
    expect(verify(sign(signing))).toEqual({ ok: false, status: 403, code: 'SignatureDoesNotMatch', message });
  });

  it.each([
    ['not in order', ['x-amz-date', 'host']],
    ['repeated', ['host', 'host', 'x-amz-date']],
    ['in upper case', ['Content-Type', 'host', 'x-amz-date']],
    ['absent from the request', ['host', 'x-absent', 'x-amz-date']],
  ])('refuses signed headers that are %s, although the signature fits', (_, signedHeaders) => {
    expect(verify(sign({ signedHeaders }))).toMatchObject({ ok: false, code: 'SignatureDoesNotMatch' });
  });

  it.each(['UNSIGNED-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', hashOf(Buffer.from('other')), ''])(
    'refuses X-Amz-Content-Sha256 %j, although the signature fits',
    (contentHash) => {
      const refused = { ok: false, code: 'SignatureDoesNotMatch' };
      expect(verify(sign({ contentHash }))).toMatchObject(refused);
      expect(verify(sign({ contentHash, payloadHash: hashOf(BODY) }))).toMatchObject(refused);
    },
  );
});

interface Signing {
  readonly accessKeyId?: string;
  readonly timestamp?: string;
  readonly day?: string;
  readonly region?: string;
  readonly service?: string;
  readonly terminator?: string;
  readonly token?: string;
  readonly withContentHash?: boolean;
  readonly contentHash?: string;
  readonly payloadHash?: string;
  readonly signedHeaders?: readonly string[];
}

/** A signature that fits whatever it is asked to sign: only the rule under test can refuse it. */
function sign(signing: Signing = {}): SigV4Request {
  const {
    accessKeyId = 'AKIAIOSFODNN7EXAMPLE',
    timestamp = NOW,
    day = timestamp.slice(0, 8),
    token,
  } = signing;
  const { region = 'us-east-1', service = 'iam', terminator = 'aws4_request' } = signing;
  const contentHash = signing.contentHash ?? (signing.withContentHash === true ? hashOf(BODY) : undefined);
  const headers: [string, string][] = [
    ['Host', 'iam.amazonaws.com'],
    ['Content-Type', 'application/x-www-form-urlencoded; charset=utf-8'],
    ['X-Amz-Date', timestamp],
  ];
  if (token !== undefined) headers.push(['X-Amz-Security-Token', token]);
  if (contentHash !== undefined) headers.push(['X-Amz-Content-Sha256', contentHash]);

  const request = { method: 'POST', target: '/', headers, body: BODY };
  const signedHeaders = signing.signedHeaders ?? headers.map(([name]) => name.toLowerCase()).sort();
  const scope = { date: day, region, service, terminator };
  const canonical = canonicalRequest(
    request,
    signedHeaders,
    signing.payloadHash ?? contentHash ?? hashOf(BODY),
  );
  const secret = KEYS.get(accessKeyId)?.secretAccessKey ?? 'unknown';
  const value =
    `AWS4-HMAC-SHA256 Credential=${[accessKeyId, day, region, service, terminator].join('/')}, ` +
    `SignedHeaders=${signedHeaders.join(';')}, ` +
    `Signature=${signature(secret, scope, stringToSign(timestamp, scope, canonical))}`;
  return { ...request, headers: [...headers, ['Authorization', value]] };
}

function verify(request: SigV4Request, now = new Date(at(NOW))) {
  return verifySigV4(request, { service: 'iam', region: 'us-east-1', now, lookup: (id) => KEYS.get(id) });
}

function at(timestamp: string): number {
  return parseBasicDate(timestamp)!.getTime();
}

function hashed(value: string): string {
  return createHash('sha256').update(value).digest('base64');
}

function invalidPair(value: string): string {
  return (
    'Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): ' +
    `'${hashed(value)}'.`
  );
}
