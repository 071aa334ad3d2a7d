import { describe, expect, it } from '@jest/globals';
import { signIamPasswordChange } from '@password-gateway/provider-iam/signer';

import { authorizeRequest, type PageRequest } from './authorize-request.js';
import type { Identity } from './identity.js';

const CHANGE_URL = 'https://passwords.example.com/api/password/change';
const NOW = new Date('2026-11-20T12:00:00Z');
const PASSWORDS = { currentPassword: 'Old-Horse-1', newPassword: 'New-Hörse & 2' };
const COGNITO: Identity = { provider: 'cognito', accessToken: 'aaa.bbb.ccc' };
const IAM: Identity = {
  provider: 'iam',
  credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'a-secret-that-stays' },
  partition: 'aws',
};

function change(parts: Partial<PageRequest> = {}): PageRequest {
  return {
    url: CHANGE_URL,
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(PASSWORDS),
    ...parts,
  };
}

const authorized = (request: PageRequest, identity: Identity | undefined) =>
  authorizeRequest(request, identity, CHANGE_URL, NOW);

describe('a password change of this gateway', () => {
  it('gets the access token of a Cognito user', async () => {
    const { headers } = await authorized(change(), COGNITO);
    expect(headers).toEqual({ 'Content-Type': 'application/json', Authorization: 'Bearer aaa.bbb.ccc' });
  });

  it('gets the signature of an IAM user over exactly the passwords of its body', async () => {
    const signature = await signIamPasswordChange({ ...IAM, ...PASSWORDS, date: NOW });
    const { headers } = await authorized(change(), IAM);
    expect(headers).toEqual({ 'Content-Type': 'application/json', ...signature });
  });

  it('gets the session token of temporary keys, and nothing else of them', async () => {
    const credentials = { ...IAM.credentials, sessionToken: 'a-session-token' };
    const request = await authorized(change(), { ...IAM, credentials });
    expect(request.headers['X-Amz-Security-Token']).toBe('a-session-token');
    expect(request.headers['Authorization']).toContain('x-amz-security-token');
    expect(JSON.stringify(request)).not.toContain('a-secret-that-stays');
  });

  it('is signed for the chosen partition', async () => {
    const { headers } = await authorized(change(), { ...IAM, partition: 'aws-cn' });
    expect(headers['Authorization']).toContain('/cn-north-1/iam/');
  });

  it('loses every credential header that was there before', async () => {
    const before = {
      authorization: 'x',
      'x-amz-date': 'x',
      'X-Amz-Content-Sha256': 'x',
      'X-Request-Id': 'x',
    };
    const { headers } = await authorized(change({ headers: before }), COGNITO);
    expect(headers).toEqual({ 'X-Request-Id': 'x', Authorization: 'Bearer aaa.bbb.ccc' });
  });

  it.each([['not JSON'], ['null'], ['[]'], ['{"currentPassword":1}'], [undefined]])(
    'is signed with empty passwords when its body is %s, so that the gateway tells what is wrong with it',
    async (body) => {
      const empty = { currentPassword: '', newPassword: '' };
      const signature = await signIamPasswordChange({ ...IAM, ...empty, date: NOW });
      expect((await authorized(change({ body }), IAM)).headers).toMatchObject({ ...signature });
    },
  );

  it('is signed although a password holds half of a surrogate pair', async () => {
    const body = JSON.stringify({ currentPassword: '\ud800', newPassword: 'x' });
    expect((await authorized(change({ body }), IAM)).headers['Authorization']).toMatch(/Signature=/);
  });
});

describe("a call in one of AWS's own dialects brings its own credential, so it gets none", () => {
  it.each([
    ['of IAM', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['of Cognito', { 'Content-Type': 'application/x-amz-json-1.1' }],
    ['of Cognito, as JSON', { 'content-type': 'application/json', 'X-Amz-Target': 'a.ChangePassword' }],
  ])('%s', async (_what, native) => {
    for (const identity of [COGNITO, IAM]) {
      const request = change({
        headers: { ...native, 'X-Amz-Date': 'typed in' },
      });
      expect((await authorized(request, identity)).headers).toEqual(native);
    }
  });
});

describe('any other request gets no credential', () => {
  it.each([
    ['another origin', { url: 'https://attacker.example.com/api/password/change' }],
    ['another path', { url: 'https://passwords.example.com/password/change' }],
    ['a longer path', { url: `${CHANGE_URL}/more` }],
    ['a query string', { url: `${CHANGE_URL}?x=1` }],
    ['another method', { method: 'PUT' }],
    ['no method', { method: undefined }],
  ])('%s', async (_what, parts) => {
    const request = { ...change(), ...parts } as PageRequest;
    const headers = { ...request.headers };
    for (const identity of [COGNITO, IAM])
      expect((await authorized(request, identity)).headers).toEqual(headers);
  });

  it('and so does the change before anybody has authorized', async () => {
    expect((await authorized(change(), undefined)).headers).toEqual({ 'Content-Type': 'application/json' });
  });
});
