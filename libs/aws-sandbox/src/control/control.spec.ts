import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAwsSandbox, type AwsSandbox } from '../sandbox.js';

const PASSWORD = 'Some-Password-1';

let sandbox: AwsSandbox;

beforeAll(async () => {
  sandbox = await startAwsSandbox();
});

afterAll(async () => {
  await sandbox.close();
});

async function control(method: string, path: string, body?: object, contentType = 'application/json') {
  const response = await fetch(`${sandbox.url}/_sandbox/${path}`, {
    method,
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': contentType } } : {}),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as unknown };
}

const done = { status: 204, body: undefined };

async function makePool(options: object = {}): Promise<{ id: string; clientId: string }> {
  const { body } = await control('POST', 'cognito/pools', options);
  return body as { id: string; clientId: string };
}

describe('Cognito', () => {
  it('makes, changes and deletes users', async () => {
    const { id: poolId } = await makePool();
    const user = { poolId, username: 'alice' };
    expect(await control('POST', 'cognito/users', { ...user, password: PASSWORD })).toEqual({
      status: 200,
      body: { sub: expect.any(String) },
    });
    const matches = () => control('POST', 'cognito/password-matches', { ...user, password: PASSWORD });
    expect((await matches()).body).toEqual({ matches: true });
    expect(await control('PATCH', 'cognito/users', { ...user, password: null })).toEqual(done);
    expect((await matches()).body).toEqual({ matches: false });
    expect(await control('DELETE', 'cognito/users', user)).toEqual(done);
    expect(await matches()).toEqual({ status: 400, body: { message: 'user alice does not exist' } });
  });

  it('sets the state of a user', async () => {
    const { id: poolId } = await makePool();
    const user = { poolId, username: 'alice', password: PASSWORD };
    await control('POST', 'cognito/users', { ...user, enabled: false });
    expect((await control('POST', 'cognito/tokens', user)).body).toEqual({ message: 'User is disabled' });
    await control('PATCH', 'cognito/users', { ...user, enabled: true, status: 'UNCONFIRMED' });
    expect((await control('POST', 'cognito/tokens', user)).body).toEqual({
      message: 'User is not confirmed.',
    });
  });

  it('makes pools in a region, with a policy and a limit', async () => {
    const pool = await makePool({
      region: 'eu-west-1',
      passwordPolicy: { minimumLength: 99 },
      attemptLimit: false,
    });
    expect(pool).toMatchObject({
      id: expect.stringMatching(/^eu-west-1_[0-9A-Za-z]{9}$/u),
      issuer: `https://cognito-idp.eu-west-1.amazonaws.com/${pool.id}`,
    });
    expect(await control('DELETE', 'cognito/pools', { poolId: pool.id })).toEqual(done);
  });

  it('issues tokens, with a password or without', async () => {
    const { id: poolId } = await makePool();
    const user = { poolId, username: 'alice' };
    await control('POST', 'cognito/users', { ...user, password: PASSWORD });
    const tokens = {
      accessToken: expect.any(String),
      idToken: expect.any(String),
      refreshToken: expect.any(String),
    };
    expect((await control('POST', 'cognito/tokens', { ...user, password: PASSWORD })).body).toEqual(tokens);
    const odd = await control('POST', 'cognito/tokens', {
      ...user,
      scope: 'x',
      claims: { extra: 1 },
      kid: 'k',
    });
    const [header = '', payload = ''] = (odd.body as { accessToken: string }).accessToken.split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ kid: 'k', alg: 'RS256' });
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ scope: 'x', extra: 1 });
  });

  it('rotates keys', async () => {
    const { id: poolId } = await makePool();
    const { body } = await control('POST', 'cognito/keys/rotate', { poolId });
    expect(body).toEqual({ kid: sandbox.cognito.signingKey(poolId).kid });
  });
});

describe('IAM', () => {
  it('makes, changes and deletes users with keys and sessions', async () => {
    const { body } = await control('POST', 'iam/users', { userName: 'bob', password: PASSWORD });
    expect(body).toEqual({ arn: 'arn:aws:iam::123456789012:user/bob' });
    expect((await control('POST', 'iam/access-keys', { userName: 'bob' })).body).toEqual({
      accessKeyId: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/u),
      secretAccessKey: expect.stringMatching(/^.{40}$/u),
    });
    expect((await control('POST', 'iam/sessions', { userName: 'bob' })).body).toEqual({
      accessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/u),
      secretAccessKey: expect.stringMatching(/^.{40}$/u),
      sessionToken: expect.any(String),
      expiration: expect.stringMatching(/Z$/u),
    });
    expect((await control('POST', 'iam/sessions', { assumedRole: 'r', expiresInSeconds: -1 })).status).toBe(
      200,
    );
    const matches = () => control('POST', 'iam/password-matches', { userName: 'bob', password: PASSWORD });
    expect((await matches()).body).toEqual({ matches: true });
    await control('PATCH', 'iam/users', { userName: 'bob', password: null, canChangePassword: 'with-mfa' });
    expect((await matches()).body).toEqual({ matches: false });
    expect(await control('DELETE', 'iam/users', { userName: 'bob' })).toEqual(done);
  });

  it('sets the password policy', async () => {
    const policy = { minimumPasswordLength: 20, allowUsersToChangePassword: false };
    expect(await control('POST', 'iam/password-policy', policy)).toEqual(done);
    expect(await control('DELETE', 'iam/password-policy')).toEqual(done);
  });
});

describe('the sandbox', () => {
  it('is healthy', async () => {
    expect(await control('GET', 'health')).toEqual({ status: 200, body: { status: 'ok' } });
  });

  it.each([
    { kind: 'error', code: 'Throttling', message: 'x', status: 429 },
    { kind: 'commit-then-reset' },
    { kind: 'commit-then-hang' },
    { kind: 'reset' },
    { kind: 'hang' },
    { kind: 'slow-drip', bytesPerSecond: 3 },
    { kind: 'delay', ms: 5 },
    { kind: 'status', status: 503, body: 'b', contentType: 'text/plain', commit: true },
    { kind: 'redirect', location: 'http://x/', status: 307, commit: true },
    { kind: 'html', commit: true },
    { kind: 'truncated', framing: 'intact' },
    { kind: 'large', bytes: 7 },
    { kind: 'waf', challenge: 'challenge' },
  ])('scripts $kind', async (fault) => {
    expect(await control('POST', 'faults', { service: 'sts', action: 'A', fault })).toEqual(done);
    expect(sandbox.faults.take('sts', 'A')).toEqual(fault);
    expect(sandbox.faults.pending).toBe(0);
  });

  it('scripts for many calls, until cleared', async () => {
    await control('POST', 'faults', { times: 'always', fault: { kind: 'hang' } });
    for (let n = 0; n < 5; n += 1) expect(sandbox.faults.take('iam', 'A')).toEqual({ kind: 'hang' });
    expect(await control('DELETE', 'faults')).toEqual(done);
    expect(sandbox.faults.pending).toBe(0);
  });

  it('tells and forgets calls', async () => {
    await fetch(sandbox.url, { method: 'POST' });
    expect((await control('GET', 'calls')).body).toMatchObject({
      calls: [{ service: 'iam', status: 403, error: 'MissingAuthenticationToken' }],
      count: 1,
      jwksFetches: 0,
      connections: { accepted: expect.any(Number) },
    });
    expect(await control('DELETE', 'calls')).toEqual(done);
    expect((await control('GET', 'calls')).body).toMatchObject({ calls: [], count: 0 });
  });

  it('lets the token keys fail, and mends all on reset', async () => {
    const { id } = await makePool();
    const jwks = async () => (await fetch(`${sandbox.url}/${id}/.well-known/jwks.json`)).status;
    expect(await control('POST', 'jwks', { fail: true })).toEqual(done);
    expect(await jwks()).toBe(500);
    expect(await control('POST', 'reset')).toEqual(done);
    expect(await jwks()).toBe(200);
  });
});

describe('a control request that is not understood', () => {
  it.each([
    ['POST', 'faults', { fault: { kind: 'nonsense' } }, /"kind" must be one of error, /u],
    ['POST', 'faults', {}, /expected a JSON object/u],
    ['POST', 'faults', { fault: {} }, /"kind" is missing/u],
    ['POST', 'faults', { fault: { kind: 'hang' }, times: 0 }, /"times" must be at least 1/u],
    ['POST', 'faults', { fault: { kind: 'status', status: 99 } }, /"status" must be between 200 and 599/u],
    ['POST', 'faults', { fault: { kind: 'large', bytes: -1 } }, /"bytes" must be above 0/u],
    ['POST', 'faults', { fault: { kind: 'error' } }, /"code" is missing/u],
    ['POST', 'faults', { service: 's3', fault: { kind: 'hang' } }, /"service" must be one of /u],
    ['POST', 'jwks', {}, /"fail" is missing/u],
    ['POST', 'iam/users', { username: 'bob' }, /unknown field "username"; known: userName, /u],
    ['POST', 'iam/users', { userName: 1 }, /"userName" must be a string/u],
    ['POST', 'iam/users', { userName: 'u', unmodifiable: 'yes' }, /"unmodifiable" must be true or false/u],
    ['POST', 'iam/sessions', {}, /either "userName" or "assumedRole"/u],
    ['POST', 'iam/sessions', { userName: 'a', assumedRole: 'b' }, /either "userName" or "assumedRole"/u],
    [
      'POST',
      'iam/password-policy',
      { minimumPasswordLength: '8' },
      /"minimumPasswordLength" must be a number/u,
    ],
    ['POST', 'cognito/tokens', { poolId: 'x', username: 'y', claims: [] }, /"claims" must be an object/u],
    ['POST', 'cognito/users', { poolId: 'none', username: 'a' }, /user pool none does not exist/u],
  ])('%s %s %j', async (method, path, body, message) => {
    const answer = await control(method, path, body);
    expect(answer).toEqual({ status: 400, body: { message: expect.stringMatching(message) } });
  });

  it('must be JSON by its content type, which no web page may send unasked', async () => {
    const answer = await control('POST', 'iam/users', { userName: 'eve' }, 'text/plain');
    expect(answer).toEqual({ status: 400, body: { message: 'send the body as application/json' } });
  });

  it('must name a route', async () => {
    expect((await control('GET', 'nothing')).status).toBe(404);
    expect((await control('PUT', 'faults', {})).status).toBe(404);
  });
});
