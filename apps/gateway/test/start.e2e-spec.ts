import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { env } from 'node:process';
import { promisify } from 'node:util';

import { afterEach, describe, expect, it } from '@jest/globals';
import { startAwsSandbox } from '@password-gateway/aws-sandbox';

import type { AnswerBody } from './support/answer.js';
import { Child, GATEWAY_MAIN, START, startGatewayProcess, twoFreePorts } from './support/child.js';
import { expectChanged, expectProblem } from './support/expect-problem.js';
import { change } from './support/http.js';
import { gatewayEnvironment } from './support/stack.js';

const TIMEOUT_MS = 60_000;

const started: { kill(): Promise<void> }[] = [];

afterEach(async () => {
  for (const child of started.splice(0)) await child.kill();
});

function start(...args: ConstructorParameters<typeof Child>): Child {
  const child = new Child(...args);
  started.push(child);
  return child;
}

async function startGateway(
  environment: Readonly<Record<string, string>>,
): Promise<{ child: Child; url: string }> {
  const gateway = await startGatewayProcess(environment);
  started.push(gateway.child);
  return gateway;
}

/** Listens on a port until the test ends. */
function occupy(port: number): void {
  const server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  started.push({
    kill: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

describe('npm run gateway', () => {
  it('ends in a plain node process', () => {
    const { scripts } = JSON.parse(
      readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
    ) as { scripts: Record<string, string> };
    expect(scripts['gateway']).toMatch(/&& exec node apps\/gateway\/artefact\/dist\/server\/main\.js$/);
    expect(scripts['start']).toMatch(/&& exec node tools\/start\/start\.mjs$/);
  });

  it(
    'serves, configured by the environment alone',
    async () => {
      const sandbox = await startAwsSandbox();
      started.push({ kill: () => sandbox.close() });
      const pool = sandbox.cognito.createUserPool();
      sandbox.cognito.createUser(pool.id, { username: 'alice', password: 'Old-Password-1' });
      const { accessToken } = sandbox.cognito.signIn(pool.id, 'alice', 'Old-Password-1');
      const gateway = await startGateway({ ...gatewayEnvironment(sandbox, [pool]), LOG_LEVEL: 'info' });
      const passwords = { currentPassword: 'Old-Password-1', newPassword: 'New-Password-2' };
      expectChanged(await change(gateway, { Authorization: `Bearer ${accessToken}` }, passwords), 'cognito');
      expect(sandbox.cognito.passwordMatches(pool.id, 'alice', 'New-Password-2')).toBe(true);
      expect(gateway.child.stderr).toBe('');
    },
    TIMEOUT_MS,
  );

  it(
    'starts with nothing set but the port, for IAM alone',
    async () => {
      const gateway = await startGateway({});
      const answer = await change(gateway, { Authorization: 'Bearer e30.e30.AAAA' });
      expectProblem(answer, 'pool_not_allowed', { provider: 'cognito' });
    },
    TIMEOUT_MS,
  );

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with exit 0 on %s',
    async (signal) => {
      const { child } = await startGateway({});
      child.signal(signal);
      expect(await child.ended).toEqual({ code: 0, signal: null });
      expect(child.stderr).toBe('');
    },
    TIMEOUT_MS,
  );

  it(
    'ends with exit 0 on a second Ctrl-C too',
    async () => {
      const { child } = await startGateway({});
      child.signal('SIGINT');
      child.signal('SIGINT');
      expect(await child.ended).toEqual({ code: 0, signal: null });
    },
    TIMEOUT_MS,
  );

  it(
    'names every bad variable and no value, and exits 1',
    async () => {
      const bad = {
        PORT: 'canary-1',
        COGNITO_USER_POOL_IDS: 'canary-2',
        AWS_ENDPOINT_URL_IAM: 'ftp://canary-3:canary-4@canary-5/',
        UPSTREAM_TIMEOUT_MS: 'canary-6',
        IDEMPOTENCY_SECRET: 'canary-7',
        PUBLIC_URL: 'canary-11',
        LOG_LEVEL: 'canary-8',
        REDIS_URL: 'http://canary-9:canary-10@localhost',
      };
      const child = start([GATEWAY_MAIN], bad);
      expect(await child.ended).toEqual({ code: 1, signal: null });
      const lines = child.stderr.trimEnd().split('\n');
      expect(lines[0]).toBe('The gateway cannot start:');
      expect(
        lines
          .slice(1)
          .map((line) => line.split(' ')[0])
          .sort(),
      ).toEqual(Object.keys(bad).sort());
      expect(child.output).not.toContain('canary');
      expect(child.stdout).toBe('');
    },
    TIMEOUT_MS,
  );

  it(
    'says in one line that the port is busy, and exits 1',
    async () => {
      const [port] = await twoFreePorts();
      occupy(port);
      const child = start([GATEWAY_MAIN], { PORT: String(port) });
      expect(await child.ended).toEqual({ code: 1, signal: null });
      expect(child.stderr).toMatch(
        new RegExp(
          `^The gateway cannot start: 127\\.0\\.0\\.1:${port} is in use\\. Set PORT.* to a free one\\.\\n$`,
        ),
      );
      expect(child.stdout).toBe('');
    },
    TIMEOUT_MS,
  );

  it(
    'says in one line that the address is not its own, and exits 1',
    async () => {
      const child = start([GATEWAY_MAIN], { HOST: '203.0.113.1' });
      expect(await child.ended).toEqual({ code: 1, signal: null });
      expect(child.stderr).toMatch(/^The gateway cannot start: .*HOST.*\n$/);
    },
    TIMEOUT_MS,
  );
});

describe('npm start', () => {
  it(
    'prints a command per provider that changes the password, and Ctrl-C ends both processes',
    async () => {
      const [port, sandboxPort] = await twoFreePorts();
      const child = start([START], {
        PATH: env['PATH'] ?? '',
        PORT: String(port),
        SANDBOX_PORT: String(sandboxPort),
      });
      await child.says(/Ctrl-C ends both/);
      const commands = child.stdout.split('\n').filter((line) => /^ {2}(?:curl|')/.test(line));
      const [cognito = '', iam = ''] = commands;
      expect(commands).toHaveLength(2);

      expect(await paste(cognito)).toMatchObject({ status: 'changed', provider: 'cognito' });
      expect(
        await signsInWith(sandboxPort, 'cognito', { poolId: poolOf(cognito), username: 'alice' }),
      ).toEqual(['Another-Horse-2']);
      expect(await paste(iam)).toMatchObject({ status: 'changed', provider: 'iam' });
      expect(await signsInWith(sandboxPort, 'iam', { userName: 'bob' })).toEqual(['Another-Staple-2']);

      for (const command of commands) {
        expect(await paste(command)).toMatchObject({
          // AWS says "incorrect" because this very change has been made.
          code: 'outcome_unresolved',
          outcome: 'unknown',
        });
      }

      child.signalGroup('SIGINT');
      expect(await child.ended).toEqual({ code: 0, signal: null });
      expect(child.groupLives).toBe(false);
      expect(child.stderr).toBe('');
    },
    TIMEOUT_MS,
  );

  it(
    'SIGTERM to its first process alone ends both too',
    async () => {
      const [port, sandboxPort] = await twoFreePorts();
      const child = start([START], {
        PATH: env['PATH'] ?? '',
        PORT: String(port),
        SANDBOX_PORT: String(sandboxPort),
      });
      await child.says(/Ctrl-C ends both/);
      child.signal('SIGTERM');
      expect(await child.ended).toEqual({ code: 0, signal: null });
      expect(child.groupLives).toBe(false);
    },
    TIMEOUT_MS,
  );

  it.each(['PORT', 'SANDBOX_PORT'])(
    'says in one line that %s is busy, and leaves nothing behind',
    async (name) => {
      const [busy, other] = await twoFreePorts();
      occupy(busy);
      const ports = { PORT: String(other), SANDBOX_PORT: String(other), [name]: String(busy) };
      const child = start([START], { PATH: env['PATH'] ?? '', ...ports });
      expect(await child.ended).toEqual({ code: 1, signal: null });
      expect(child.groupLives).toBe(false);
      expect(child.stderr).toMatch(
        new RegExp(`^The \\w+ cannot start: 127\\.0\\.0\\.1:${busy} is in use\\. Set ${name}[ ,].*\\n$`),
      );
    },
    TIMEOUT_MS,
  );
});

/** Runs a printed command as a shell would. */
async function paste(command: string): Promise<AnswerBody> {
  const { stdout } = await promisify(execFile)('sh', ['-c', command], { env: { PATH: env['PATH'] } }).catch(
    (error: unknown) => error as { stdout: string },
  );
  return JSON.parse(stdout) as AnswerBody;
}

/** The pool that the access token in a command comes from. */
function poolOf(command: string): string {
  const [, payload = ''] = /Bearer [^.]+\.([^.]+)\./.exec(command) ?? [];
  const { iss } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iss: string };
  return iss.split('/').at(-1) ?? '';
}

/** Which of the passwords in the commands the sandbox takes from this user. */
async function signsInWith(sandboxPort: number, service: 'cognito' | 'iam', user: object): Promise<string[]> {
  const taken: string[] = [];
  for (const password of ['Correct-Horse-1', 'Another-Horse-2', 'Battery-Staple-1', 'Another-Staple-2']) {
    const response = await fetch(`http://127.0.0.1:${sandboxPort}/_sandbox/${service}/password-matches`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...user, password }),
    });
    const { matches } = (await response.json()) as { matches: boolean };
    if (matches) taken.push(password);
  }
  return taken;
}
