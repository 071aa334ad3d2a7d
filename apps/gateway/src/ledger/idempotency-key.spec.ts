import { describe, expect, it } from '@jest/globals';
import { PasswordChangeError } from '@password-gateway/errors';

import { readIdempotencyKey } from './idempotency-key.js';

const read = (key: string | undefined) =>
  readIdempotencyKey(key === undefined ? {} : { 'idempotency-key': key });

const LONGEST = 'k'.repeat(255);

describe('Idempotency-Key', () => {
  it('may be left out', () => {
    expect(read(undefined)).toBeUndefined();
  });

  it.each([
    ['bare', 'k', 'k'],
    ['quoted', '"k"', 'k'],
    ['a UUID', '8e03978e-40d5-43e8-bc93-6894a57f9324', '8e03978e-40d5-43e8-bc93-6894a57f9324'],
    ['the first and the last visible character, bare', '!#~', '!#~'],
    ['the characters around the escaped ones, quoted', '" !#[]~"', ' !#[]~'],
    ['an escaped quote', String.raw`"a\"b"`, 'a"b'],
    ['escaped backslashes', String.raw`"\\a\\"`, String.raw`\a` + '\\'],
    ['a backslash, bare', String.raw`a\b`, String.raw`a\b`],
    ['the longest, bare', LONGEST, LONGEST],
    ['the longest, quoted', `"${LONGEST}"`, LONGEST],
    ['the longest, all escaped', `"${String.raw`\"`.repeat(255)}"`, '"'.repeat(255)],
  ])('takes %s', (_what, sent, key) => {
    expect(read(sent)).toBe(key);
  });

  it.each([
    ['empty', ''],
    ['empty in quotes', '""'],
    ['too long, bare', `${LONGEST}k`],
    ['too long, quoted', `"${LONGEST}k"`],
    ['with a space, bare', 'a b'],
    ['with a tab in quotes', '"a\tb"'],
    ['with DEL', 'a\u007fb'],
    ['with DEL in quotes', '"a\u007fb"'],
    ['with a letter beyond ASCII', 'schlüssel'],
    ['with a letter beyond ASCII, in quotes', '"schlüssel"'],
    ['with an open quote', '"a'],
    ['with a quote at the end alone', 'a"'],
    ['with a bare quote within quotes', '"a"b"'],
    ['with a needless escape', String.raw`"a\b"`],
    ['that ends in an escape', String.raw`"a\"`],
    ['with parameters', '"a";b=1'],
    ['with something before the quotes', 'x"a"'],
  ])('refuses one that is %s', (_what, sent) => {
    const reading = () => read(sent);
    expect(reading).toThrow(PasswordChangeError);
    expect(reading).toThrow(
      expect.objectContaining({
        code: 'request_malformed',
        message: expect.stringContaining('Idempotency-Key'),
      }),
    );
  });
});
