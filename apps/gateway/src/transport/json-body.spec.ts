import { describe, expect, it } from '@jest/globals';
import { PasswordChangeError } from '@password-gateway/errors';
import fc from 'fast-check';

import { parseJsonBody } from './json-body.js';

function parse(text: string): Record<string, unknown> {
  return parseJsonBody(Buffer.from(text, 'utf8'));
}

/** The detail of the refusal; empty when the text was taken. */
function refusal(bytes: string | Buffer): string {
  try {
    parseJsonBody(Buffer.from(bytes as string));
    return '';
  } catch (error) {
    if (!(error instanceof PasswordChangeError)) throw error;
    expect(error).toMatchObject({ code: 'request_malformed', outcome: 'unchanged' });
    return error.message;
  }
}

describe('takes', () => {
  it.each([
    ['{}', {}],
    [' \r\n\t{ "a" : "b" } \n', { a: 'b' }],
    ['{"a":"b","b":"a"}', { a: 'b', b: 'a' }],
    ['{"a":{"a":{"a":1}}}', { a: { a: { a: 1 } } }],
    ['{"a":[{"b":1},{"b":2}],"b":3}', { a: [{ b: 1 }, { b: 2 }], b: 3 }],
    ['{"a":["a","a"]}', { a: ['a', 'a'] }],
    ['{"a":"{\\"b\\":1,\\"b\\":2}"}', { a: '{"b":1,"b":2}' }],
    ['{"a":"[[[[[[[[[[[["}', { a: '[[[[[[[[[[[[' }],
    ['{"a":"\\\\","b":"\\\\\\""}', { a: '\\', b: '\\"' }],
    ['{"a":"__proto__","b":"constructor"}', { a: '__proto__', b: 'constructor' }],
    ['{"a":"\\ud83d\\udc0e"}', { a: '\u{1f40e}' }],
    ['{"a":"\u{1f40e}"}', { a: '\u{1f40e}' }],
    ['{"":1}', { '': 1 }],
    ['{"a":[[[[[[[1]]]]]]]}', { a: [[[[[[[1]]]]]]] }],
  ])('%s', (text, value) => {
    expect(parse(text)).toEqual(value);
  });

  it('whatever JSON.stringify makes of an object, unchanged', () => {
    const poison = new Set(['__proto__', 'constructor', 'prototype']);
    const key = fc.string({ unit: 'grapheme' }).filter((name) => !poison.has(name));
    const leaf = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie('value')), fc.dictionary(key, tie('value'))),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, value), fc.constantFrom(0, 1, '\t'), (object, space) => {
        const text = JSON.stringify(object, null, space);
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe('refuses', () => {
  it.each<readonly [string, string | Buffer, RegExp]>([
    ['nothing', '', /empty/],
    ['white space', '  ', /not JSON/],
    ['a byte order mark', '\ufeff{}', /byte order mark/],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), /UTF-8/],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), /JSON|UTF-8/],
    ['an array', '[{}]', /object/],
    ['null', 'null', /object/],
    ['a string', '"a"', /object/],
    ['a number', '1', /object/],
    ['a key twice', '{"a":1,"a":1}', /twice/],
    ['a key twice, with another between', '{"a":1,"b":{"a":1},"a":2}', /twice/],
    ['a key twice, with an array between', '{"a":["x",{"a":1},"a"],"a":2}', /twice/],
    ['a key twice, with an escape', '{"a":1,"\\u0061":1}', /twice/],
    ['the empty key twice', '{"":1,"":1}', /twice/],
    ['a key twice, further in', '{"x":[{"a":1,"a":1}]}', /twice/],
    ['a half pair in a value', '{"a":"\\ud800"}', /surrogate/],
    ['a half pair in a key', '{"\\udc00":1}', /surrogate/],
    ['a half pair in an array', '{"a":["\\ud800x"]}', /surrogate/],
    ['__proto__', '{"__proto__":1}', /prototype/],
    ['__proto__ with an escape', '{"\\u005f\\u005fproto__":1}', /prototype/],
    ['constructor, further in', '{"a":[{"constructor":1}]}', /prototype/],
    ['prototype', '{"prototype":{}}', /prototype/],
    ['nine levels', '{"a":[[[[[[[[1]]]]]]]]}', /deep/],
    ['8,000 levels', `{"a":${'['.repeat(8_000)}${']'.repeat(8_000)}}`, /deep/],
  ])('%s', (_name, bytes, detail) => {
    expect(refusal(bytes)).toMatch(detail);
  });

  it('with words that hold nothing of the body', () => {
    for (const text of ['{"canary":', '{"canary":1,"canary":2}', '"canary"', '{"canary":"\\ud800"}']) {
      expect(refusal(text)).not.toContain('canary');
    }
  });

  it('any text with a key twice, wherever the two stand', () => {
    const member = fc.tuple(fc.string(), fc.jsonValue({ maxDepth: 2 }));
    fc.assert(
      fc.property(fc.array(member), fc.string(), fc.nat(), (members, name, at) => {
        const texts = members.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
        const twice = `${JSON.stringify(name)}:1`;
        texts.splice(at % (texts.length + 1), 0, twice);
        expect(refusal(`{${[twice, ...texts].join(',')}}`)).not.toBe('');
      }),
    );
  });
});
