import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startAwsSandbox, type AwsSandbox } from '../sandbox.js';

let sandbox: AwsSandbox;
let poolId: string;

beforeAll(async () => {
  sandbox = await startAwsSandbox();
  poolId = sandbox.cognito.createUserPool().id;
  sandbox.cognito.createUser(poolId, { username: 'alice', password: 'Some-Password-1' });
});

afterAll(async () => {
  await sandbox.close();
});

async function jwks(): Promise<(JsonWebKey & { kid: string })[]> {
  const response = await fetch(`${sandbox.url}/${poolId}/.well-known/jwks.json`);
  const { keys } = (await response.json()) as { keys: (JsonWebKey & { kid: string })[] };
  return keys;
}

it('publishes the key that verifies the tokens', async () => {
  const { accessToken, idToken } = sandbox.cognito.issueTokens(poolId, 'alice');
  const [key] = await jwks();
  expect(key).toMatchObject({ alg: 'RS256', kty: 'RSA', use: 'sig', e: 'AQAB' });
  for (const token of [accessToken, idToken]) {
    const [header = '', payload = '', signature = ''] = token.split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ kid: key!.kid, alg: 'RS256' });
    const publicKey = createPublicKey({ key: key!, format: 'jwk' });
    const signed = Buffer.from(`${header}.${payload}`);
    expect(verify('RSA-SHA256', signed, publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
  }
});

it('shares no key between pools', () => {
  const other = sandbox.cognito.createUserPool();
  expect(sandbox.cognito.signingKey(other.id).kid).not.toBe(sandbox.cognito.signingKey(poolId).kid);
});

it('publishes old keys beside the new one until told otherwise', async () => {
  const [before] = await jwks();
  const { kid } = sandbox.cognito.rotateKey(poolId);
  expect((await jwks()).map((key) => key.kid)).toEqual([kid, before!.kid]);
  const last = sandbox.cognito.rotateKey(poolId, { keepOld: false });
  expect((await jwks()).map((key) => key.kid)).toEqual([last.kid]);
});

it('counts fetches and fails on demand', async () => {
  const before = sandbox.jwksFetches;
  sandbox.jwks.fail(true);
  const response = await fetch(`${sandbox.url}/${poolId}/.well-known/jwks.json`);
  sandbox.jwks.fail(false);
  expect(response.status).toBe(500);
  expect(await jwks()).toHaveLength(1);
  expect(sandbox.jwksFetches).toBe(before + 2);
});

it('knows nothing of other pools', async () => {
  const response = await fetch(`${sandbox.url}/us-east-1_unknown00/.well-known/jwks.json`);
  expect(response.status).toBe(404);
});

it('points to the real issuer in the OpenID configuration', async () => {
  const response = await fetch(`${sandbox.url}/${poolId}/.well-known/openid-configuration`);
  expect(await response.json()).toMatchObject({
    issuer: `https://cognito-idp.us-east-1.amazonaws.com/${poolId}`,
  });
});
