import { Buffer } from 'node:buffer';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';

import { signJwt } from '@password-gateway/aws-sandbox';
import { signIamPasswordChange } from '@password-gateway/provider-iam/signer';

/** The user pool that all tokens are of. */
export const POOL_ID = 'us-east-1_Benchmark';

const TOKENS = 1_000;
const KID = 'bench-key';
const BODY = JSON.stringify({ currentPassword: 'Correct-Horse-1', newPassword: 'Battery-Staple-2' });

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** What the pool publishes. */
export const JWKS = JSON.stringify({
  keys: [{ ...publicKey.export({ format: 'jwk' }), kid: KID, alg: 'RS256', use: 'sig' }],
});

/** The bytes of one request, as the file of a load holds them: their length, and they. */
function entry(headers, body = BODY) {
  const lines = [
    'POST /password/change HTTP/1.1',
    'Host: gateway.test',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  const bytes = `${lines.join('\r\n')}\r\n\r\n${body}`;
  return `${Buffer.byteLength(bytes)}\n${bytes}`;
}

/** Changes of a thousand Cognito users, each with a token of its own. */
export function cognitoChanges(file) {
  const seconds = Math.floor(Date.now() / 1000);
  const claims = {
    token_use: 'access',
    iss: `https://cognito-idp.us-east-1.amazonaws.com/${POOL_ID}`,
    client_id: 'bench',
    scope: 'aws.cognito.signin.user.admin',
    auth_time: seconds,
    iat: seconds,
    exp: seconds + 24 * 3_600,
  };
  const entries = Array.from({ length: TOKENS }, () => {
    const sub = randomUUID();
    const payload = { ...claims, sub, username: sub, jti: randomUUID() };
    const token = signJwt({ kid: KID, privateKey }, { kid: KID, alg: 'RS256' }, payload);
    return entry({ Authorization: `Bearer ${token}` });
  });
  writeFileSync(file, entries.join(''));
}

/**
 * Changes of IAM users, each signed for itself: the gateway does not run a captured signature twice.
 *
 * @param count how many
 */
export async function iamChanges(file, count) {
  const entries = [];
  for (let index = 0; index < count; index += 1) {
    const passwords = { currentPassword: 'Correct-Horse-1', newPassword: `Battery-Staple-${index}` };
    const credentials = {
      accessKeyId: `AKIABENCHMARK${String(index % TOKENS).padStart(7, '0')}`,
      secretAccessKey: 'bench',
    };
    const headers = await signIamPasswordChange({ ...passwords, credentials });
    entries.push(entry(headers, JSON.stringify(passwords)));
  }
  writeFileSync(file, entries.join(''));
}

/** Requests that are refused before anything goes upstream. */
export const REFUSED = {
  'no credential': (file) => writeFileSync(file, entry({})),
  'malformed credential': (file) => writeFileSync(file, entry({ Authorization: 'Bearer not a token' })),
  'bad body': (file) => writeFileSync(file, entry({ Authorization: 'Bearer a.b.c' }, '{"currentPassword":')),
};
