import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from '@jest/globals';
import type { DemoData } from './demo.js';

// What was built is started, as users start it: build before.
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const started: ChildProcess[] = [];

interface Run {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
}

function start(...args: string[]): Run {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  return { process: child, output: () => output, errors: () => errors };
}

async function listening(run: Run): Promise<DemoData & { readonly url: string }> {
  while (!run.output().includes('\n')) {
    if (run.process.exitCode !== null) throw new Error(run.errors());
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return JSON.parse(run.output()) as DemoData & { url: string };
}

async function exitOf(run: Run): Promise<unknown> {
  const [code] = (await once(run.process, 'close')) as unknown[];
  return code;
}

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

it.each(['SIGINT', 'SIGTERM'] as const)('prints one JSON line and stops cleanly on %s', async (signal) => {
  const run = start('--port', '0');
  const { url, accessToken, username } = await listening(run);
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityProviderService.GetUser',
    },
    body: JSON.stringify({ AccessToken: accessToken }),
  });
  expect(await response.json()).toMatchObject({ Username: username });
  run.process.kill(signal);
  expect(await exitOf(run)).toBe(0);
  expect([run.output().trim().split('\n').length, run.errors()]).toEqual([1, '']);
});

it('says in one line that the port is taken', async () => {
  const { url } = await listening(start('--port', '0'));
  const second = start('--port', new URL(url).port);
  expect(await exitOf(second)).toBe(1);
  expect(second.errors()).toBe('aws-sandbox: the port is in use; choose another with --port\n');
});

it.each([
  [['--port', 'x'], '--port takes a number from 0 to 65535'],
  [['--port', '70000'], '--port takes a number from 0 to 65535'],
  [['--prot', '1'], "Unknown option '--prot'"],
])('refuses %j', async (args, message) => {
  const run = start(...args);
  expect(await exitOf(run)).toBe(1);
  expect(run.errors()).toContain(message);
  expect(run.output()).toBe('');
});

it('explains itself', async () => {
  const run = start('--help');
  expect(await exitOf(run)).toBe(0);
  expect(run.output()).toContain('usage: aws-sandbox [--port 4566]');
});
