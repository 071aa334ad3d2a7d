import { describe, expect, it } from '@jest/globals';
import { PasswordChangeError } from '@password-gateway/errors';

import { readCredential } from './credential.js';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
const SIGNATURE =
  'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261120/us-east-1/iam/aws4_request, SignedHeaders=host;x-amz-date, Signature=abc';
const DATE = '20261120T224907Z';

type Headers = Parameters<typeof readCredential>[0];

function refusal(headers: Headers): PasswordChangeError {
  try {
    readCredential(headers);
  } catch (error) {
    if (error instanceof PasswordChangeError) return error;
    throw error;
  }
  throw new Error('the credential was taken');
}

describe('an access token', () => {
  it.each([`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `BEARER   ${TOKEN}`])('%s', (authorization) => {
    expect(readCredential({ authorization })).toEqual({ provider: 'cognito', accessToken: TOKEN });
  });

  it('may begin as a signature does', () => {
    expect(readCredential({ authorization: 'Bearer AWS4-HMAC' })).toMatchObject({ accessToken: 'AWS4-HMAC' });
  });

  it('of 8 KiB is taken, a longer one is not', () => {
    expect(readCredential({ authorization: `Bearer ${'a'.repeat(8192)}` })).toMatchObject({
      provider: 'cognito',
    });
    expect(refusal({ authorization: `Bearer ${'a'.repeat(8193)}` }).code).toBe('credential_malformed');
  });
});

describe('a signed request', () => {
  it('is relayed header for header', () => {
    expect(readCredential({ authorization: SIGNATURE, 'x-amz-date': DATE })).toStrictEqual({
      provider: 'iam',
      signedRequest: { Authorization: SIGNATURE, 'X-Amz-Date': DATE },
    });
  });

  it('with a session token and a content hash', () => {
    const headers = {
      authorization: SIGNATURE,
      'x-amz-date': DATE,
      'x-amz-security-token': 'token',
      'x-amz-content-sha256': 'hash',
      'x-amz-target': 'other',
      'x-amz-meta': 'other',
    };
    expect(readCredential(headers)).toEqual({
      provider: 'iam',
      signedRequest: {
        Authorization: SIGNATURE,
        'X-Amz-Date': DATE,
        'X-Amz-Security-Token': 'token',
        'X-Amz-Content-Sha256': 'hash',
      },
    });
  });

  it('needs X-Amz-Date, for which Date does not stand in', () => {
    const error = refusal({ authorization: SIGNATURE, date: DATE });
    expect(error).toMatchObject({ code: 'credential_malformed', provider: 'iam' });
    expect(error.message).toContain('X-Amz-Date');
  });

  it('takes no header that came twice', () => {
    expect(refusal({ authorization: SIGNATURE, 'x-amz-date': [DATE, DATE] }).code).toBe(
      'credential_malformed',
    );
  });
});

describe('refused', () => {
  it.each<readonly [string, Headers, string]>([
    ['no Authorization', {}, 'credential_missing'],
    ['an empty one', { authorization: '' }, 'credential_missing'],
    ['X-Amz-Date alone', { 'x-amz-date': DATE }, 'credential_missing'],
    ['Bearer without a token', { authorization: 'Bearer' }, 'credential_malformed'],
    ['the token alone', { authorization: TOKEN }, 'credential_malformed'],
    ['two tokens', { authorization: `Bearer ${TOKEN} ${TOKEN}` }, 'credential_malformed'],
    ['two tokens with a comma', { authorization: `Bearer ${TOKEN},Bearer ${TOKEN}` }, 'credential_malformed'],
    ['Bearer, then AWS4', { authorization: `Bearer ${TOKEN}, ${SIGNATURE}` }, 'credential_malformed'],
    ['a token of other characters', { authorization: 'Bearer a+b/c' }, 'credential_malformed'],
    ['Basic', { authorization: 'Basic YTpi' }, 'credential_malformed'],
    [
      'Bearer and X-Amz-Date',
      { authorization: `Bearer ${TOKEN}`, 'x-amz-date': DATE },
      'credential_malformed',
    ],
    [
      'Bearer and X-Amz-Security-Token',
      { authorization: `Bearer ${TOKEN}`, 'x-amz-security-token': 'token' },
      'credential_malformed',
    ],
  ])('%s', (_name, headers, code) => {
    expect(refusal(headers)).toMatchObject({ code, outcome: 'unchanged' });
  });

  it.each<readonly [string, Headers, string]>([
    ['another scheme', { authorization: 'Basic YTpi' }, 'Authorization must read: Bearer and one Cognito'],
    [
      'two credentials',
      { authorization: `Bearer ${TOKEN}`, 'x-amz-date': DATE },
      'Two credentials were sent',
    ],
  ])('%s, with the reason', (_name, headers, words) => {
    expect(refusal(headers).message).toContain(words);
  });

  it('in words that hold nothing of the credential', () => {
    expect(refusal({ authorization: 'Bearer canary canary' }).message).not.toContain('canary');
    expect(refusal({ authorization: 'canary' }).message).not.toContain('canary');
  });
});
