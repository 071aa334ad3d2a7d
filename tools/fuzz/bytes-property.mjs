// Arbitrary bytes, HTTP-like fragments, and right requests that were bent in some places.
import { Buffer } from 'node:buffer';
import fc from 'fast-check';

import { PLACE, chunked, ordinary, requestBytes, ROUTE, sometimes } from './request.mjs';

const FRAGMENTS = [
  ...['POST ', 'GET ', 'HEAD ', 'OPTIONS ', 'CONNECT ', 'PRI * HTTP/2.0', 'POST'],
  ...[
    ROUTE,
    `${ROUTE}/`,
    `${ROUTE}?Action=DeleteUser`,
    `http://gateway.test${ROUTE}`,
    '//',
    '/%',
    '*',
    '/../',
  ],
  ...[
    ' HTTP/1.1',
    ' HTTP/1.0',
    ' HTTP/2.0',
    ' HTTP/9.9',
    '\r\n',
    '\r\n\r\n',
    '\n',
    '\r',
    ' ',
    '\t',
    ':',
    '\0',
  ],
  ...[
    'Host: gateway.test\r\n',
    'Host: \r\n',
    'Content-Type: application/json\r\n',
    'Expect: 100-continue\r\n',
  ],
  ...['Content-Length: 5\r\n', 'Content-Length: -1\r\n', 'Content-Length: 99999999999999999999\r\n'],
  ...[
    'Transfer-Encoding: chunked\r\n',
    'Transfer-Encoding: xchunked\r\n',
    'Transfer-Encoding: gzip, chunked\r\n',
  ],
  ...[
    'Connection: close\r\n',
    'Connection: upgrade\r\nUpgrade: websocket\r\n',
    '0\r\n\r\n',
    '5\r\nhello\r\n',
  ],
  ...['ffffffffffffffff\r\n', '{}', '[', '{"newPassword":', '"', '\xff\xfe', '\xc3\xa9', 'X-A: b\r\n c\r\n'],
  ...['{authorization}\r\n', '{request}', '{body}'],
];

const LINES = [
  ['Content-Length', '1'],
  ['Content-Length', '20000'],
  ['content-length', '+5'],
  ['Transfer-Encoding', 'chunked'],
  ['Transfer-Encoding', 'identity'],
  ['Transfer-Encoding', 'chunked, chunked'],
  ['Transfer-Encoding ', 'chunked'],
  ['Host', 'other.test'],
  ['Expect', '100-continue'],
  ['Expect', '200-ok'],
  ['Connection', 'close'],
  ['Connection', 'authorization'],
  ['Upgrade', 'h2c'],
  ['HTTP2-Settings', 'AAMAAABkAAQAAP__'],
  ['Trailer', 'Authorization'],
  ['Content-Encoding', 'gzip'],
  ['X-Amz-Target', 'AWSCognitoIdentityProviderService.ChangePassword'],
  ['X-Filler', 'x'.repeat(17_000)],
];

const latin1 = fc
  .uint8Array({ minLength: 1, maxLength: 12 })
  .map((bytes) => Buffer.from(bytes).toString('latin1'));
const piece = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...FRAGMENTS) },
  { weight: 1, arbitrary: latin1 },
  { weight: 1, arbitrary: fc.constantFrom('\r', '\n', '\0', '\t', ' ', ':', '\x7f', '\x80', '\xff') },
);

const bend = fc.oneof(
  fc.record({ kind: fc.constant('insert'), at: PLACE, piece }),
  fc.record({ kind: fc.constant('replace'), at: PLACE, length: fc.nat(20), piece }),
  fc.record({ kind: fc.constant('delete'), at: PLACE, length: fc.nat(40) }),
  fc.record({ kind: fc.constant('double'), at: PLACE, length: fc.nat(200) }),
  fc.record({ kind: fc.constant('cut'), at: PLACE }),
);

const bent = fc.record({
  kind: fc.constant('bent'),
  credential: fc.constantFrom('token', 'key', 'session', 'none'),
  line: fc.oneof(
    { weight: 8, arbitrary: fc.constant(`POST ${ROUTE} HTTP/1.1`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(`POST ${ROUTE} HTTP/1.0`, `HEAD ${ROUTE} HTTP/1.1`, `POST ${ROUTE}`),
    },
    {
      weight: 1,
      arbitrary: latin1.map((text) => `POST ${ROUTE}${text.replaceAll(/[\r\n ]/g, '')} HTTP/1.1`),
    },
  ),
  more: fc.array(
    fc.oneof(fc.constantFrom(...LINES), fc.tuple(fc.constantFrom('X-A', 'Cookie', 'X-Request-Id'), latin1)),
    { maxLength: 2 },
  ),
  chunks: sometimes(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 })),
  bends: fc.array(bend, { maxLength: 4 }),
  tail: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(piece, { maxLength: 6 }) },
  ),
});

export const bytesCases = fc.record({
  content: fc.oneof(
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('raw'), bytes: fc.uint8Array({ maxLength: 600 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('pieces'), pieces: fc.array(piece, { maxLength: 24 }) }),
    },
    { weight: 7, arbitrary: bent },
  ),
  // Some incomplete requests are left open, for the gateway to give up on.
  patient: fc.integer({ min: 0, max: 99 }).map((number) => number === 42),
});

/** The bytes of a case. */
export async function bytesOf({ content, patient }, person) {
  if (content.kind === 'raw') return { bytes: Buffer.from(content.bytes), patient };
  const whole = await wholeRequest(content, person);
  if (content.kind === 'pieces') return { bytes: filled(content.pieces, whole), patient };
  let text = requestBytes(whole).toString('latin1');
  for (const change of content.bends) text = bentText(text, change, whole);
  const tail = filled(content.tail, whole);
  return { bytes: Buffer.concat([Buffer.from(text, 'latin1'), tail]), patient };
}

async function wholeRequest({ credential = 'token', line, more = [], chunks = null }, person) {
  const json = JSON.stringify(person.passwords);
  const credentials = await person.credential(credential);
  const headers = ordinary(json, ...credentials, ...more);
  if (chunks === null) return { line, headers, body: json };
  const others = headers.filter(([name]) => name !== 'Content-Length');
  return { line, headers: [...others, ['Transfer-Encoding', 'chunked']], body: chunked(json, chunks) };
}

function filled(pieces, whole) {
  return Buffer.from(pieces.map((text) => fill(text, whole)).join(''), 'latin1');
}

function fill(text, whole) {
  if (text === '{request}') return requestBytes(whole).toString('latin1');
  if (text === '{body}') return whole.body.toString('latin1');
  const lines = whole.headers.filter(([name]) => /^(?:authorization|x-amz-)/i.test(name));
  return text.replace('{authorization}', lines.map(([name, value]) => `${name}: ${value}`).join('\r\n'));
}

function bentText(text, { kind, at, length = 0, piece: inserted = '' }, whole) {
  const offset = Math.floor(at * text.length);
  const before = text.slice(0, offset);
  if (kind === 'cut') return before;
  if (kind === 'insert') return before + fill(inserted, whole) + text.slice(offset);
  if (kind === 'double') return before + text.slice(offset, offset + length) + text.slice(offset);
  return before + (kind === 'replace' ? fill(inserted, whole) : '') + text.slice(offset + length);
}
