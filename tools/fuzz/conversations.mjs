import { startAwsSandbox } from '@password-gateway/aws-sandbox';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { GatewayProcess } from '../support/gateway-process.mjs';
import { Random } from '../support/random.mjs';

const SIDE_BY_SIDE = 20;
const NEW_PASSWORD = 'Battery-Staple-2';
/** An idle gateway ends at once; one that waits for a change that has gone waits this long. */
const SHUTDOWN_MS = 10_000;

const PIECES = [
  'change',
  'change',
  'change',
  'live',
  'page',
  'garbage',
  'connect',
  'upgrade',
  'too large',
  'closing',
];
const ENDS = ['wait', 'wait', 'reset', 'half close', 'destroy'];

/**
 * Whole conversations on raw sockets: changes and other requests in one piece or in fragments, CONNECT, garbage, resets and
 * half-closed connections in between. In the end each change that AWS has made must be audited exactly once, and no change may
 * still count as running.
 *
 * @param count how many conversations
 * @param seed repeats them
 * @returns what was broken; empty when nothing was
 */
export async function checkConversations(count, seed) {
  const random = new Random(seed);
  const sandbox = await startAwsSandbox();
  const pool = sandbox.cognito.createUserPool({ attemptLimit: false });
  const audits = new Map();
  let tail = '';
  const gateway = await GatewayProcess.start(
    {
      COGNITO_USER_POOL_IDS: pool.id,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: sandbox.url,
      AWS_ENDPOINT_URL_IAM: sandbox.url,
      RATE_LIMIT_ADDRESS: 'off',
      SHUTDOWN_TIMEOUT_MS: String(SHUTDOWN_MS),
    },
    (chunk) => {
      const lines = (tail + chunk).split('\n');
      tail = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.includes('"msg":"audit"') || !line.includes('"outcome":"changed"')) continue;
        const { sub } = JSON.parse(line).who;
        audits.set(sub, (audits.get(sub) ?? 0) + 1);
      }
    },
  );
  await fetch(`${gateway.url}/health/ready`);
  const port = Number(new URL(gateway.url).port);
  const users = [];

  function changeBytes() {
    const username = `user-${randomUUID()}`;
    const { sub } = sandbox.cognito.createUser(pool.id, { username, password: 'Correct-Horse-1' });
    const { accessToken } = sandbox.cognito.issueTokens(pool.id, username);
    users.push({ username, sub });
    const body = JSON.stringify({ currentPassword: 'Correct-Horse-1', newPassword: NEW_PASSWORD });
    return `POST /password/change HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nAuthorization: Bearer ${accessToken}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  }

  function bytesOf(piece) {
    const get = (path, more = '') => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
    switch (piece) {
      case 'change':
        return changeBytes();
      case 'live':
        return get('/health/live');
      case 'page':
        return get('/openapi.json');
      case 'connect':
        return 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n';
      case 'upgrade':
        return get('/health/live', 'Connection: Upgrade\r\nUpgrade: websocket\r\n');
      case 'closing':
        return get('/health/live', 'Connection: close\r\n');
      case 'too large':
        return `POST /password/change HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 20000\r\n\r\n${' '.repeat(20_000)}`;
      default:
        return 'garbage\r\n\r\n';
    }
  }

  async function converse() {
    const bytes = Array.from({ length: random.between(1, 6) }, () => bytesOf(random.pick(PIECES))).join('');
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    await once(socket, 'connect').catch(() => undefined);
    if (random.chance(0.7)) socket.resume();
    const cuts = random.chance(0.5) ? 1 : random.between(2, 6);
    for (let cut = 0; cut < cuts; cut += 1) {
      socket.write(bytes.slice((cut * bytes.length) / cuts, ((cut + 1) * bytes.length) / cuts));
      if (cuts > 1) await sleep(random.between(0, 10));
    }
    await sleep(random.pick([0, 2, 10, 50]));
    const end = random.pick(ENDS);
    if (end === 'reset') socket.resetAndDestroy();
    else if (end === 'half close') socket.end();
    if (end === 'wait' || end === 'half close') await sleep(100);
    socket.destroy();
  }

  const broken = [];
  try {
    let left = count;
    const lane = async () => {
      while (left-- > 0) await converse();
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
    await sleep(500);
    const startedAt = Date.now();
    await gateway.end('SIGTERM');
    if (Date.now() - startedAt > SHUTDOWN_MS / 2)
      broken.push('the draining waited for a change that had gone');
    for (const { username, sub } of users) {
      const changed = sandbox.cognito.passwordMatches(pool.id, username, NEW_PASSWORD) ? 1 : 0;
      const told = audits.get(sub) ?? 0;
      if (told !== changed) broken.push(`${username}: changed ${changed} times, audited ${told} times`);
    }
    if (audits.size === 0) broken.push('no change was made at all');
  } finally {
    await gateway.end('SIGKILL');
    await sandbox.close();
  }
  console.log(`${count} conversations, ${users.length} changes in them, ${audits.size} made and audited`);
  return broken;
}
