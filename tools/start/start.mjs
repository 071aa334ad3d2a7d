// `npm start`: the sandbox in this process, the gateway in a child, and one command per provider to paste.
import { seedDemo, startAwsSandbox } from '@password-gateway/aws-sandbox';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { instructions } from './instructions.mjs';

const { PATH, PORT = '3000', SANDBOX_PORT = '4566', LOG_LEVEL = 'warn' } = process.env;
const GATEWAY_MAIN = fileURLToPath(
  new URL('../../apps/gateway/artefact/dist/server/main.js', import.meta.url),
);
const READY_WITHIN_MS = 30_000;

const url = `http://127.0.0.1:${PORT}`;
const sandbox = await startSandbox();
const demo = seedDemo(sandbox);
const gateway = spawn(process.execPath, [GATEWAY_MAIN], {
  stdio: 'inherit',
  env: {
    PATH,
    PORT,
    LOG_LEVEL,
    COGNITO_USER_POOL_IDS: demo.poolId,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: sandbox.url,
    AWS_ENDPOINT_URL_IAM: sandbox.url,
    AWS_COMPATIBLE_ENDPOINT: 'true',
    DOCS_SANDBOX_URL: sandbox.url,
    PUBLIC_URL: url,
  },
});
const gatewayEnded = once(gateway, 'exit');

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopping = true;
    gateway.kill('SIGTERM');
  });
}
void gatewayEnded.then(async () => {
  await sandbox.close();
  process.exit(stopping ? 0 : 1);
});

await untilReady(`${url}/health/ready`);
process.stdout.write(instructions({ url, sandboxUrl: sandbox.url, demo }));

async function startSandbox() {
  try {
    return await startAwsSandbox({ port: Number(SANDBOX_PORT) });
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    process.stderr.write(
      `The sandbox cannot start: 127.0.0.1:${SANDBOX_PORT} is in use. Set SANDBOX_PORT to a free one.\n`,
    );
    process.exit(1);
  }
}

async function untilReady(readiness) {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    const response = await fetch(readiness).catch(() => undefined);
    if (response?.ok) return;
    await sleep(50);
  }
  process.stderr.write(`The gateway was not ready within ${READY_WITHIN_MS / 1000} s.\n`);
  gateway.kill('SIGTERM');
}
