import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sendRaw, sendSigned, type RawAnswer } from '../../test/signed-request.js';
import { seedDemo, type DemoData } from '../demo.js';
import type { Fault } from '../faults.js';
import { startAwsSandbox, type AwsSandbox } from '../sandbox.js';

const NEW = 'Other-Password-2';

let sandbox: AwsSandbox;
let demo: DemoData;

beforeEach(async () => {
  sandbox = await startAwsSandbox();
  demo = seedDemo(sandbox);
});

afterEach(async () => {
  await sandbox.close();
});

const cognito = {
  service: 'cognito-idp',
  change: () =>
    sendRaw(sandbox, {
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.ChangePassword',
      },
      body: JSON.stringify({
        AccessToken: demo.accessToken,
        PreviousPassword: demo.password,
        ProposedPassword: NEW,
      }),
    }),
  changed: () => sandbox.cognito.passwordMatches(demo.poolId, demo.username, NEW),
} as const;

const iam = {
  service: 'iam',
  change: () =>
    sendSigned(sandbox, {
      credentials: demo,
      body: `Action=ChangePassword&Version=2010-05-08&OldPassword=${demo.iamPassword}&NewPassword=${NEW}`,
    }),
  changed: () => sandbox.iam.passwordMatches(demo.iamUserName, NEW),
} as const;

/** The answer, or the code of the socket's error, or `silence` after 150 ms. */
async function outcome(change: () => Promise<RawAnswer>): Promise<RawAnswer | string> {
  const silence = new Promise<string>((resolve) => setTimeout(resolve, 150, 'silence'));
  const answer = change().catch((error: unknown) => (error as NodeJS.ErrnoException).code ?? 'error');
  return Promise.race([answer, silence]);
}

describe.each([cognito, iam])('$service', ({ service, change, changed }) => {
  it.each([
    [{ kind: 'commit-then-reset' }, 'ECONNRESET', true],
    [{ kind: 'commit-then-hang' }, 'silence', true],
    [{ kind: 'reset' }, 'ECONNRESET', false],
    [{ kind: 'hang' }, 'silence', false],
    [{ kind: 'slow-drip' }, 'silence', true],
    [{ kind: 'delay', ms: 10_000 }, 'silence', true],
    [{ kind: 'truncated' }, 'ECONNRESET', true],
  ] as [Fault, string, boolean][])('%j', async (fault, expected, commits) => {
    sandbox.faults.next({ service, fault });
    expect(await outcome(change)).toBe(expected);
    expect(changed()).toBe(commits);
    expect(sandbox.calls).toHaveLength(1);
    expect(sandbox.calls[0]).toMatchObject({ service, fault: fault.kind, committed: commits });
  });

  it.each([
    [{ kind: 'status', status: 500 }, 500, 'text/html', false],
    [{ kind: 'status', status: 503, body: 'busy', contentType: 'text/plain' }, 503, 'text/plain', false],
    [{ kind: 'status', status: 503, commit: true }, 503, 'text/html', true],
    [{ kind: 'redirect', location: 'http://127.0.0.1:1/' }, 302, undefined, false],
    [{ kind: 'redirect', location: 'http://127.0.0.1:1/', status: 307, commit: true }, 307, undefined, true],
    [{ kind: 'html' }, 200, 'text/html; charset=utf-8', false],
    [{ kind: 'waf', challenge: 'captcha' }, 405, 'text/html', false],
    [{ kind: 'waf', challenge: 'challenge' }, 202, 'text/html', false],
    [{ kind: 'html', commit: true }, 200, 'text/html; charset=utf-8', true],
  ] as [Fault, number, string | undefined, boolean][])('%j', async (fault, status, contentType, commits) => {
    sandbox.faults.next({ service, fault });
    const answer = await change();
    expect([answer.status, answer.headers['content-type']]).toEqual([status, contentType]);
    expect(changed()).toBe(commits);
    expect(sandbox.calls[0]).toMatchObject({ status, committed: commits });
  });

  it('drips the true answer byte by byte', async () => {
    sandbox.faults.next({ service, fault: { kind: 'slow-drip', bytesPerSecond: 900 } });
    const started = performance.now();
    const answer = await change();
    expect([answer.status, changed()]).toEqual([200, true]);
    const { length } = answer.body;
    expect(performance.now() - started).toBeGreaterThanOrEqual(length * 0.9);
  });

  it('holds the true answer back', async () => {
    sandbox.faults.next({ service, fault: { kind: 'delay', ms: 60 } });
    const started = performance.now();
    expect((await change()).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThanOrEqual(59);
  });

  it('cuts the document inside a whole HTTP message', async () => {
    sandbox.faults.next({ service, fault: { kind: 'truncated', framing: 'intact' } });
    const { status, body } = await change();
    expect([status, changed()]).toEqual([200, true]);
    expect(body).toMatch(
      service === 'iam' ? /^<ChangePasswordResponse (?!.*<\/ChangePasswordResponse>)/su : /^\{$/u,
    );
  });

  it('hides the true answer behind megabytes of white space', async () => {
    sandbox.faults.next({ service, fault: { kind: 'large', bytes: 10_000_000 } });
    const { status, body } = await change();
    expect([status, body.length, changed()]).toEqual([200, 10_000_000, true]);
    expect(body.trim()).toMatch(service === 'iam' ? /^<ChangePasswordResponse /u : /^\{\}$/u);
  });
});

it('leaves other scripts alone while one runs', async () => {
  sandbox.faults.next({ fault: { kind: 'commit-then-reset' } });
  sandbox.faults.next({ fault: { kind: 'error', code: 'ServiceFailure' } });
  expect(await outcome(iam.change)).toBe('ECONNRESET');
  expect([iam.changed(), sandbox.faults.pending]).toEqual([true, 1]);
});

it('resets before the body is read', async () => {
  sandbox.faults.next({ service: 'iam', action: 'ChangePassword', fault: { kind: 'reset' } });
  const { hostname, port } = new URL(sandbox.url);
  const socket = connect(Number(port), hostname);
  socket.write('POST / HTTP/1.1\r\nHost: iam.amazonaws.com\r\nContent-Length: 9\r\n\r\n');
  const [error] = (await once(socket, 'error', { signal: AbortSignal.timeout(1000) }).catch(
    (thrown: unknown) => [thrown],
  )) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNRESET');
  expect(sandbox.calls[0]).toMatchObject({ service: 'iam', fault: 'reset', bodyBytes: 0 });
});

it('hits the token keys', async () => {
  const jwks = () => fetch(`${sandbox.url}/${demo.poolId}/.well-known/jwks.json`);
  sandbox.faults.next({ service: 'jwks', fault: { kind: 'html' } });
  sandbox.faults.next({ service: 'jwks', fault: { kind: 'error', code: 'TooManyRequests', status: 429 } });
  sandbox.faults.next({ service: 'jwks', fault: { kind: 'reset' } });
  expect(await (await jwks()).text()).toContain('<html>');
  expect((await jwks()).status).toBe(429);
  await expect(jwks()).rejects.toThrow('fetch failed');
  expect((await jwks()).status).toBe(200);
});
