import { describe, expect, it } from '@jest/globals';

import { cognitoAccessTokenViolations } from './cognito-access-token.js';

const codesOf = (value: unknown) => cognitoAccessTokenViolations(value).map(({ code }) => code);

describe('cognitoAccessTokenViolations', () => {
  it.each([
    ['a JWT', 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln-_=', []],
    ['8,192 characters', 'a'.repeat(8192), []],
    ['8,193 characters', 'a'.repeat(8193), ['too_long']],
    ['nothing', '', ['too_short']],
    ['undefined', undefined, ['not_a_string']],
    ['a space', 'a b', ['character_not_allowed']],
    ['a line feed at the end', 'a\n', ['character_not_allowed']],
    ['a comma', 'a,b', ['character_not_allowed']],
    ['the alphabet of plain base64', 'a+/b', ['character_not_allowed']],
    ['a letter beyond ASCII', 'é', ['character_not_allowed']],
    ['two broken rules at once', ' '.repeat(8193), ['too_long', 'character_not_allowed']],
  ])('judges %s', (_, value, codes) => {
    expect(codesOf(value)).toEqual(codes);
  });
});
