import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sendRaw, sendSigned } from '../test/signed-request.js';
import { seedDemo, type DemoData } from './demo.js';
import { startAwsSandbox, type AwsSandbox } from './sandbox.js';

let sandbox: AwsSandbox;
let demo: DemoData;

beforeEach(async () => {
  sandbox = await startAwsSandbox();
  demo = seedDemo(sandbox);
});

afterEach(async () => {
  await sandbox.close();
});

const change = (headers: Record<string, string> = {}) =>
  sendRaw(sandbox, {
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': 'AWSCognitoIdentityProviderService.ChangePassword',
      ...headers,
    },
    body: JSON.stringify({
      AccessToken: demo.accessToken,
      PreviousPassword: demo.password,
      ProposedPassword: demo.password,
    }),
  });

describe('the address', () => {
  it('refuses and accepts again, on the same port', async () => {
    const { url } = sandbox;
    await sandbox.refuse();
    await expect(change()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await sandbox.accept();
    expect(sandbox.url).toBe(url);
    expect((await change()).status).toBe(200);
  });

  it('cuts kept-alive and hanging connections when it closes', async () => {
    sandbox.faults.next({ fault: { kind: 'hang' } });
    const hanging = change();
    while (sandbox.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const started = performance.now();
    await Promise.all([sandbox.close(), expect(hanging).rejects.toMatchObject({ code: 'ECONNRESET' })]);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('tells when the port is taken', async () => {
    const port = Number(new URL(sandbox.url).port);
    await expect(startAwsSandbox({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('may be closed twice', async () => {
    await sandbox.close();
    await sandbox.close();
  });
});

describe('the calls', () => {
  it('tell names of headers and the host, and no secret', async () => {
    await change({ Host: 'cognito-idp.us-east-1.amazonaws.com' });
    await sendSigned(sandbox, {
      credentials: demo,
      body: `Action=ChangePassword&Version=2010-05-08&OldPassword=${demo.iamPassword}&NewPassword=Canary-1-x`,
    });
    const [first, second] = sandbox.calls;
    expect(first).toEqual({
      service: 'cognito-idp',
      action: 'ChangePassword',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/u),
      at: expect.any(Number),
      headers: ['Content-Type', 'X-Amz-Target', 'Host', 'Connection', 'Content-Length'],
      host: 'cognito-idp.us-east-1.amazonaws.com',
      bodyBytes: expect.any(Number),
      status: 200,
      committed: true,
    });
    expect(second).toMatchObject({ service: 'iam', action: 'ChangePassword', host: 'iam.amazonaws.com' });
    const told = JSON.stringify(sandbox.calls);
    for (const secret of [
      demo.password,
      demo.accessToken,
      demo.iamPassword,
      'Canary',
      'AWS4',
      demo.accessKeyId,
    ]) {
      expect(told).not.toContain(secret);
    }
  });

  it('are counted, and forgotten on demand', async () => {
    await change();
    expect([sandbox.calls.length, sandbox.callCount]).toEqual([1, 1]);
    sandbox.clearCalls();
    expect([sandbox.calls.length, sandbox.callCount]).toEqual([0, 0]);
  });

  it('note a request whose body never arrives', async () => {
    const { hostname, port } = new URL(sandbox.url);
    const socket = connect(Number(port), hostname);
    socket.write('POST / HTTP/1.1\r\nHost: iam.amazonaws.com\r\nContent-Length: 100\r\n\r\nAction=');
    while (sandbox.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    socket.destroy();
    expect(sandbox.calls[0]).toMatchObject({ service: 'iam', action: 'Unknown', committed: false });
    expect(sandbox.calls[0]).not.toHaveProperty('status');
  });

  it('leave out what is no AWS request', async () => {
    expect((await fetch(sandbox.url)).status).toBe(404);
    expect((await fetch(`${sandbox.url}/password/change`, { method: 'POST' })).status).toBe(404);
    expect(sandbox.calls).toEqual([]);
  });
});

it('counts connections and bytes', async () => {
  await change();
  const { accepted, bytesRead, bytesWritten } = sandbox.connections;
  expect(accepted).toBe(1);
  expect(bytesRead).toBeGreaterThan(1000);
  expect(bytesWritten).toBeGreaterThan(100);
});

it('takes the absolute form of a request target', async () => {
  const { hostname, port } = new URL(sandbox.url);
  const socket = connect(Number(port), hostname);
  socket.end('GET http://elsewhere.example/_sandbox/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  expect(answer).toMatch(/^HTTP\/1\.1 200 /u);
});

it('refuses a body above one megabyte', async () => {
  const answer = await sendRaw(sandbox, { headers: { 'x-amz-target': 'x' }, body: 'x'.repeat(1_100_000) });
  expect(answer.status).toBe(413);
});

it('lives by the clock that it is given', async () => {
  const clocked = await startAwsSandbox({ now: () => new Date('2030-01-02T03:04:05Z') });
  const response = await fetch(`${clocked.url}/x/.well-known/jwks.json`);
  await clocked.close();
  expect(response.headers.get('date')).toBe('Wed, 02 Jan 2030 03:04:05 GMT');
});

it('forgets faults, calls and failing token keys on reset, and keeps the users', async () => {
  await change();
  sandbox.faults.next({ fault: { kind: 'hang' } });
  sandbox.jwks.fail(true);
  sandbox.reset();
  expect([sandbox.calls.length, sandbox.faults.pending, sandbox.jwksFetches]).toEqual([0, 0, 0]);
  expect((await fetch(`${sandbox.url}/${demo.poolId}/.well-known/jwks.json`)).status).toBe(200);
  expect((await change()).status).toBe(200);
});
