// Arbitrary headers around credentials that are right, bent, or put together from the words of their grammars.
import { signJwt } from '@password-gateway/aws-sandbox';
import { Buffer } from 'node:buffer';
import fc from 'fast-check';

import { PLACE, ordinary, requestBytes } from './request.mjs';

const NAMES = [
  ...['Authorization', 'authorization', 'Proxy-Authorization', 'X-Amz-Date', 'X-Amz-Security-Token'],
  ...[
    'X-Amz-Content-Sha256',
    'X-Amz-Target',
    'X-Amz-Signature',
    'Date',
    'Host',
    'Content-Type',
    'Content-Length',
  ],
  ...['Content-Encoding', 'Transfer-Encoding', 'Expect', 'Idempotency-Key', 'X-Request-Id', 'traceparent'],
  ...['X-Forwarded-For', 'X-Forwarded-Host', 'Forwarded', 'Origin', 'Accept', 'Connection', 'Cookie'],
  ...[
    'X-HTTP-Method-Override',
    'X-Original-URL',
    '__proto__',
    'constructor',
    'TE',
    'Via',
    'Range',
    'If-Match',
  ],
];

/** Most requests with a second one of these are refused at once. */
const FRAMING_NAMES = [
  ...['Authorization', 'authorization', 'X-Amz-Date', 'X-Amz-Security-Token', 'X-Amz-Content-Sha256', 'Host'],
  ...['X-Amz-Target', 'Content-Type', 'Content-Length', 'Content-Encoding', 'Transfer-Encoding', 'Expect'],
];

const VALUES = [
  ...['', ' ', ',', '*', '%00', '{}', 'chunked', 'gzip', '100-continue', 'text/plain', 'application/json'],
  ...['application/json; charset=utf-16', 'multipart/form-data', 'application/x-amz-json-1.1', 'close'],
  ...[
    '127.0.0.1',
    '169.254.169.254',
    'GET',
    '/health/live',
    'UNSIGNED-PAYLOAD',
    '"quoted key"',
    '20260101T000000Z',
  ],
  ...[
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'AWSCognitoIdentityProviderService.ChangePassword',
    '\x00',
    '\x7f',
  ],
  ...['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'null', 'a, b', 'bytes=0-1', '\ta'],
];

const WORDS = [
  ...[
    'Bearer',
    'bearer',
    'Basic',
    'AWS4-HMAC-SHA256',
    'AWS4-ECDSA-P256-SHA256',
    'AWS4',
    ' ',
    '  ',
    '\t',
    ',',
  ],
  ...[', ', ';', '=', '.', '/', '..', 'Credential=', 'SignedHeaders=', 'Signature=', 'host', 'x-amz-date'],
  ...[
    'host;x-amz-date',
    'content-type;host;x-amz-date',
    'x-amz-security-token',
    'Host',
    'us-east-1',
    'eu-west-1',
  ],
  ...[
    'iam',
    'sts',
    'aws4_request',
    '{token}',
    '{header}',
    '{payload}',
    '{tokenSignature}',
    '{keyId}',
    '{day}',
  ],
  ...['{scope}', '{signature}', '{valid}', 'e30', 'eyJhbGciOiJub25lIn0', '0'.repeat(64), 'A'.repeat(9_000)],
];

const latin1 = fc.uint8Array({ maxLength: 16 }).map((bytes) =>
  Buffer.from(bytes)
    .toString('latin1')
    .replaceAll(/[\r\n]/g, ''),
);
const visible = fc.string({ unit: 'grapheme-ascii', maxLength: 16 });
const value = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 1, arbitrary: latin1 },
  { weight: 12, arbitrary: visible },
);
const name = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 2, arbitrary: fc.constantFrom(...FRAMING_NAMES) },
  { weight: 4, arbitrary: fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}$/) },
  { weight: 1, arbitrary: latin1.map((text) => text.replaceAll(':', '')) },
);

const edit = fc.record({
  at: PLACE,
  removed: fc.nat(3),
  inserted: fc.oneof(fc.constantFrom('', ...WORDS), visible, fc.constantFrom('A', '0', '_', 'f', '=', '.')),
});

const claim = fc.oneof(
  fc.tuple(
    fc.constantFrom('exp', 'iat', 'nbf', 'auth_time'),
    fc.oneof(fc.integer(), fc.double(), fc.constant('x')),
  ),
  fc.tuple(
    fc.constantFrom('token_use', 'scope', 'iss', 'sub', 'client_id', 'exp'),
    fc.jsonValue({ maxDepth: 1 }),
  ),
  fc.tuple(
    fc.constant('iss'),
    fc.constantFrom('http://169.254.169.254/us-east-1_a', 'https://evil.test/{poolId}'),
  ),
  fc.tuple(fc.constant('token_use'), fc.constantFrom('id', 'access ')),
);
const headerMember = fc.oneof(
  fc.tuple(fc.constant('alg'), fc.constantFrom('none', 'HS256', 'RS384', 'PS256', 'rs256', '')),
  fc.tuple(fc.constantFrom('kid', 'jku', 'x5u', 'jwk', 'crit', 'typ'), fc.jsonValue({ maxDepth: 1 })),
);

const credential = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('token', 'key', 'session') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('words'),
      words: fc.array(fc.oneof(fc.constantFrom(...WORDS), visible), { maxLength: 14 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('bent'),
      of: fc.constantFrom('token', 'key', 'session'),
      header: fc.nat(2),
      edits: fc.array(edit, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('claims'),
      claims: fc.array(claim, { maxLength: 2 }),
      members: fc.array(headerMember, { maxLength: 1 }),
      resigned: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('dated'),
      of: fc.constantFrom('key', 'session'),
      minutes: fc.integer({ min: -20, max: 20 }),
    }),
  },
);

export const headersCases = fc.record({
  credential,
  more: fc.array(fc.tuple(name, value), { maxLength: 3 }),
  last: fc.boolean(),
});

/** The headers and bytes of a case. */
export async function headersOf({ credential: wanted, more, last }, person, world) {
  const body = JSON.stringify(person.passwords);
  const credentials = await credentialLines(wanted, person, world);
  const headers = ordinary(body, ...(last ? [...more, ...credentials] : [...credentials, ...more]));
  return { bytes: requestBytes({ headers, body }), whole: true };
}

async function credentialLines(wanted, person, world) {
  switch (wanted.kind) {
    case 'words':
      return [['Authorization', await filled(wanted.words.join(''), person)]];
    case 'bent':
      return bent(wanted, person);
    case 'claims':
      return [['Authorization', `Bearer ${otherToken(wanted, person, world)}`]];
    case 'dated':
      return person.credential(wanted.of, undefined, new Date(Date.now() + wanted.minutes * 60_000));
    default:
      return person.credential(wanted.kind);
  }
}

async function bent({ of, header, edits }, person) {
  const lines = await person.credential(of);
  const [lineName, whole] = lines[header % lines.length];
  let text = whole;
  for (const { at, removed, inserted } of edits) {
    const offset = Math.floor(at * text.length);
    text = text.slice(0, offset) + (await filled(inserted, person)) + text.slice(offset + removed);
  }
  return lines.map((line) => (line[0] === lineName ? [lineName, text] : line));
}

function otherToken({ claims, members, resigned }, person, { signingKey, poolId }) {
  const [header, payload, signature] = person.token.split('.');
  const read = (part) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  const fit = (odd) => (typeof odd === 'string' ? odd.replace('{poolId}', poolId) : odd);
  const otherHeader = { ...read(header), ...Object.fromEntries(members) };
  const otherPayload = {
    ...read(payload),
    ...Object.fromEntries(claims.map(([key, odd]) => [key, fit(odd)])),
  };
  if (resigned) return signJwt(signingKey, otherHeader, otherPayload);
  const encode = (part) => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode(otherHeader)}.${encode(otherPayload)}.${signature}`;
}

async function filled(text, person) {
  if (!text.includes('{')) return text;
  const [header, payload, tokenSignature] = person.token.split('.');
  const [[, valid]] = await person.credential('key');
  const [, keyId, day] = /Credential=(\w+)\/(\d{8})/.exec(valid);
  const words = { token: person.token, header, payload, tokenSignature, keyId, day, valid };
  words.scope = `${keyId}/${day}/us-east-1/iam/aws4_request`;
  words.signature = valid.slice(-64);
  return text.replaceAll(/\{(\w+)\}/g, (all, word) => words[word] ?? all);
}
