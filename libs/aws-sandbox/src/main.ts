#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { seedDemo } from './demo.js';
import { startAwsSandbox } from './sandbox.js';

const USAGE = `usage: aws-sandbox [--port 4566] [--host 127.0.0.1]

Starts a local Amazon Cognito and AWS IAM with demonstration users and prints, as one JSON line, where it
listens and how to sign in. Stops on SIGINT and SIGTERM.
`;

/** Starts the sandbox alone; resolves once it listens, or after it said why it does not. */
async function main(): Promise<void> {
  const { port, host, help } = readArguments();
  if (help) {
    process.stdout.write(USAGE);
    return;
  }
  const sandbox = await startAwsSandbox({ port, host });
  process.stdout.write(`${JSON.stringify({ url: sandbox.url, ...seedDemo(sandbox) })}\n`);
  const stop = (): void => {
    void sandbox.close();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function readArguments(): { port: number; host: string; help: boolean } {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4566' },
      host: { type: 'string', default: '127.0.0.1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (!/^\d{1,5}$/u.test(values.port) || Number(values.port) > 65_535) {
    throw new Error('--port takes a number from 0 to 65535');
  }
  return { port: Number(values.port), host: values.host, help: values.help };
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  if ('code' in error && error.code === 'EADDRINUSE') return 'the port is in use; choose another with --port';
  return error.message;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`aws-sandbox: ${explain(error)}\n`);
  process.exitCode = 1;
}
