import { describe, expect, it } from '@jest/globals';
import { PasswordChangeError, problemDefinition } from '@password-gateway/errors';
import {
  CognitoJwtInvalidTokenUseError,
  JwtExpiredError,
  JwtInvalidScopeError,
  JwtInvalidSignatureError,
  JwtParseError,
  KidNotFoundInJwksError,
  ParameterValidationError,
} from 'aws-jwt-verify/error';

import { readIssuer, readUnverifiedToken, REQUIRED_SCOPE, tokenRefusal } from './access-token.js';

const NOW = new Date('2026-11-20T12:00:00Z');
const ISSUER = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123';

const CLAIMS = {
  sub: 'sub-1',
  iss: ISSUER,
  token_use: 'access',
  scope: `openid ${REQUIRED_SCOPE}`,
  exp: NOW.getTime() / 1000 + 1,
};

function token(claims: object = {}, header: object = {}): string {
  const parts = [
    { alg: 'RS256', kid: 'k', ...header },
    { ...CLAIMS, ...claims },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  return [...parts, 'c2lnbmF0dXJl'].join('.');
}

describe('readIssuer', () => {
  it.each([
    [ISSUER, 'eu-central-1', 'eu-central-1_AbCdEf123'],
    ['https://issuer-cognito-idp.us-east-1.amazonaws.com/us-east-1_X', 'us-east-1', 'us-east-1_X'],
    [
      'https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_Ab1',
      'us-gov-west-1',
      'us-gov-west-1_Ab1',
    ],
  ])('%s', (issuer, region, poolId) => {
    expect(readIssuer(issuer)).toEqual({ region, poolId });
  });

  it.each([
    undefined,
    5,
    '',
    'https://169.254.169.254/eu-central-1_AbCdEf123',
    `${ISSUER}/`,
    `${ISSUER}\n`,
    ` ${ISSUER}`,
    ISSUER.replace('https', 'http'),
    ISSUER.replace('.com/', '.com.evil.test/'),
    ISSUER.replace('.com/', '.com@evil.test/'),
    ISSUER.replace('.com/', '.com:8443/'),
    ISSUER.replace('cognito-idp.', 'evil.cognito-idp.'),
    'https://cognito-idp.us-east-1.amazonaws.com/eu-central-1_AbCdEf123',
    'https://cognito-idp.eu-central-1.amazonaws.com/../eu-central-1_AbCdEf123',
  ])('%j is none', (issuer) => {
    expect(readIssuer(issuer)).toBeUndefined();
  });
});

describe('readUnverifiedToken', () => {
  it('reads who a token says it is of, and does not call that proven', () => {
    expect(readUnverifiedToken(token(), ['us-east-1', 'eu-central-1'], NOW)).toEqual({
      sub: 'sub-1',
      poolId: 'eu-central-1_AbCdEf123',
      region: 'eu-central-1',
      proven: false,
    });
  });

  it.each<readonly [string, string, string]>([
    ['no JWT', 'a.b', 'credential_malformed'],
    ['alg none', token({}, { alg: 'none' }), 'credential_invalid'],
    ['HS256', token({}, { alg: 'HS256' }), 'credential_invalid'],
    ['another issuer', token({ iss: 'https://169.254.169.254/a' }), 'credential_invalid'],
    ['another region', token({ iss: ISSUER.replaceAll('eu-central-1', 'eu-west-1') }), 'pool_not_allowed'],
    ['an ID token', token({ token_use: 'id' }), 'credential_invalid'],
    ['without scopes', token({ scope: undefined }), 'scope_insufficient'],
    ['a scope that begins like it', token({ scope: `${REQUIRED_SCOPE}s` }), 'scope_insufficient'],
    ['without a subject', token({ sub: undefined }), 'credential_invalid'],
  ])('refuses %s', (_name, accessToken, code) => {
    const read = () => readUnverifiedToken(accessToken, ['eu-central-1'], NOW);
    expect(read).toThrow(PasswordChangeError);
    expect(read).toThrow(expect.objectContaining({ code, provider: 'cognito', outcome: 'unchanged' }));
  });

  it.each<readonly [string, string, string]>([
    ['no JWT', 'a.b', 'The Bearer token is not a JSON Web Token.'],
    ['an ID token', token({ token_use: 'id' }), 'Send the access token, not the ID token.'],
    ['another issuer', token({ iss: 'https://evil.test' }), 'The token was not issued by Amazon Cognito.'],
  ])('says what is wrong with %s', (_name, accessToken, words) => {
    expect(() => readUnverifiedToken(accessToken, ['eu-central-1'], NOW)).toThrow(words);
  });
});

describe('an expired token', () => {
  it.each([
    ['ended this very second', NOW.getTime() / 1000],
    ['without an end', undefined],
    ['long ago', 1],
  ])('%s is told of with its owner, who may ask for an earlier answer', (_name, exp) => {
    const { expired } = readUnverifiedToken(token({ exp }), ['eu-central-1'], NOW);
    expect(expired).toMatchObject({
      code: 'credential_expired',
      provider: 'cognito',
      message: problemDefinition('credential_expired').detail,
    });
  });

  it('without the scope is refused as expired', () => {
    const read = () => readUnverifiedToken(token({ exp: 1, scope: undefined }), ['eu-central-1'], NOW);
    expect(read).toThrow(expect.objectContaining({ code: 'credential_expired' }));
  });
});

describe('tokenRefusal', () => {
  const unavailable = new PasswordChangeError('upstream_unavailable');

  it.each<readonly [string, unknown, string, string?]>([
    ['expired', new JwtExpiredError('', 1), 'credential_expired'],
    ['no scope', new JwtInvalidScopeError('', 1), 'scope_insufficient'],
    [
      'no scope, an ID token',
      new JwtInvalidScopeError('', 1),
      'credential_invalid',
      token({ token_use: 'id' }),
    ],
    ['an ID token', new CognitoJwtInvalidTokenUseError('', 1), 'credential_invalid'],
    ['no JWT', new JwtParseError(''), 'credential_malformed', 'a.b.c'],
    ['another pool', new ParameterValidationError(''), 'pool_not_allowed'],
    [
      'another issuer',
      new ParameterValidationError(''),
      'credential_invalid',
      token({ iss: 'https://evil.test' }),
    ],
    ['another signature', new JwtInvalidSignatureError(''), 'credential_invalid'],
    ['an unknown key', new KidNotFoundInJwksError(''), 'credential_invalid'],
    ['whatever else', new TypeError(''), 'credential_invalid'],
  ])('%s -> %s', (_name, error, code, accessToken = token()) => {
    expect(tokenRefusal(accessToken, error)).toMatchObject({
      code,
      provider: 'cognito',
      outcome: 'unchanged',
    });
  });

  it('passes on what is in the words of the taxonomy already', () => {
    expect(tokenRefusal(token(), unavailable)).toBe(unavailable);
  });
});
