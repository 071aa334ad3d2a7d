// Arbitrary JSON and things that are nearly JSON, with a credential that is right.
import { Buffer } from 'node:buffer';
import fc from 'fast-check';

import { CANARY } from './judge.mjs';
import { readFields } from './oracle.mjs';
import { PLACE, chunked, ordinary, requestBytes, seldom, sometimes } from './request.mjs';

const KEYS = [
  ...[
    'currentPassword',
    'newPassword',
    '__proto__',
    'constructor',
    'prototype',
    'Action',
    'UserName',
    'Version',
  ],
  ...[
    'currentPassword',
    'newPassword',
    'newPassword',
    'hasOwnProperty',
    'toString',
    'then',
    '',
    'newPassword ',
    'NewPassword',
    'AccessToken',
    '\u0000',
    '0',
  ],
];

const ODD_TEXTS = [
  ...['null', 'true', '01', '-0', '1e999', '1E400', 'NaN', 'undefined', '-', '.5', '{', '}', '[]', '{}', '"'],
  ...[
    '"\\u0000"',
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\x41"',
    '"\u2028"',
    '"\ttab"',
    '"unclosed',
    "'single'",
  ],
  ...[
    '"caf\\u0065\\u0301"',
    '"\\u202e"',
    '"\\ufeff"',
    '/* c */ 1',
    '{"a":{"__proto__":1}}',
    '[{"a":1,"a":2}]',
  ],
];

const password = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('{current}', '{new}') },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  {
    weight: 2,
    arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => `${CANARY}${text}Aa1!`),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 6 })
      .map((units) => String.fromCharCode(...units)),
  },
  { weight: 1, arbitrary: fc.integer({ min: 120, max: 300 }).map((length) => 'p'.repeat(length)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('&Action=DeleteUser', 'a+b c', '%00', '\u{1f600}'.repeat(128), ' lead'),
  },
);

const valueText = fc.oneof(
  { weight: 16, arbitrary: password.map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 7_000 }), fc.constantFrom('[]', '{}'))
      .map(([depth, kind]) =>
        kind === '[]'
          ? '['.repeat(depth) + ']'.repeat(depth)
          : `${'{"a":'.repeat(depth / 4)}1${'}'.repeat(depth / 4)}`,
      ),
  },
);

const keyText = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...KEYS).map((key) => JSON.stringify(key)) },
  { weight: 1, arbitrary: fc.constantFrom('"\\u006eewPassword"', '"new\\u0050assword"', 'newPassword', '1') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }).map((key) => JSON.stringify(key)) },
);

/** Fields as documented, one of which may come twice. */
const doubleField = fc
  .tuple(password, password, password, fc.constantFrom('currentPassword', 'newPassword'))
  .map(([current, next, other, name]) => {
    const texts = [current, next, other].map((text) => JSON.stringify(text));
    return `{"currentPassword":${texts[0]},"newPassword":${texts[1]},"${name}":${texts[2]}}`;
  });
const bothFields = fc
  .tuple(valueText, valueText)
  .map(([current, next]) => `{"currentPassword":${current},"newPassword":${next}}`);
const anyFields = fc
  .array(fc.tuple(keyText, valueText), { maxLength: 4 })
  .map((entries) => `{${entries.map(([key, text]) => `${key}: ${text}`).join(', ')}}`);

const text = fc.oneof(
  { weight: 14, arbitrary: bothFields },
  { weight: 1, arbitrary: doubleField },
  { weight: 3, arbitrary: anyFields },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.constantFrom('', ' ', '[]', 'null', '"text"', '{}', ...ODD_TEXTS) },
);

export const bodiesCases = fc.record({
  credential: fc.constantFrom('token', 'token', 'key', 'session'),
  text,
  spoiled: seldom(
    fc.record({
      at: PLACE,
      removed: fc.nat(4),
      bytes: fc.uint8Array({ maxLength: 4 }),
    }),
  ),
  mark: fc.integer({ min: 0, max: 19 }).map((number) => number === 7),
  filler: fc.integer({ min: 0, max: 29 }).map((number) => (number === 7 ? 17_000 : 0)),
  chunks: sometimes(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 6 })),
  key: sometimes(fc.oneof(fc.uuid(), fc.string({ unit: 'grapheme-ascii', maxLength: 10 }))),
  type: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom('application/json', 'application/json; charset=utf-8') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('text/json', 'application/json; charset=latin1', 'application/json;'),
    },
  ),
});

/** The bytes of a case, and the fields that may go upstream for it. */
export async function bodyOf(content, person) {
  const { credential, chunks, key, type } = content;
  const body = bodyBytes(content, person);
  const fields = readFields(body);
  const isSignable = fields?.currentPassword !== undefined && fields.newPassword !== undefined;
  const credentials = await person.credential(credential, isSignable ? fields : person.passwords);
  const headers = ordinary(body, ...credentials)
    .filter(([name]) => chunks === null || name !== 'Content-Length')
    .map(([name, value]) => [name, name === 'Content-Type' ? type : value]);
  if (chunks !== null) headers.push(['Transfer-Encoding', 'chunked']);
  if (key !== null) headers.push(['Idempotency-Key', key.replaceAll(/[\r\n]/g, '')]);
  const bytes = requestBytes({ headers, body: chunks === null ? body : chunked(body, chunks) });
  return { bytes, whole: true, fields };
}

function bodyBytes({ text: template, spoiled, mark, filler }, person) {
  const json = template
    .replaceAll('{current}', person.currentPassword)
    .replaceAll('{new}', person.newPassword);
  let bytes = Buffer.from((mark ? '\ufeff' : '') + ' '.repeat(filler) + json, 'utf8');
  if (spoiled !== null) {
    const offset = Math.floor(spoiled.at * bytes.length);
    const rest = bytes.subarray(offset + spoiled.removed);
    bytes = Buffer.concat([bytes.subarray(0, offset), spoiled.bytes, rest]);
  }
  return bytes;
}
