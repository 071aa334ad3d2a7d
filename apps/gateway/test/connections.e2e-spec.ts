import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { execPath } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { GatewayProcess } from './support/gateway-process.js';
import type { CognitoPerson } from './support/people.js';
import { freePort } from './support/redis-server.js';
import { send } from './support/send-change.js';
import { change, GOOD, World } from './support/world.js';

const MAIN = fileURLToPath(new URL('../artefact/dist/server/main.js', import.meta.url));

const PAGES = ['/openapi.json', '/docs', '/problems', '/metrics', '/problems/internal_error'];

function megabytesOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

function opened(url: string, from = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', localAddress: from });
  socket.on('error', () => undefined);
  return once(socket, 'connect').then(() => socket);
}

describe('connections', () => {
  let world: World;
  let gateway: GatewayProcess;
  let person: CognitoPerson;

  beforeAll(async () => {
    world = await World.start();
    gateway = await GatewayProcess.start(world.settings({ METRICS: 'on' }));
  });

  beforeEach(() => {
    world.sandbox.reset();
    person = world.cognitoUser();
  });

  afterAll(async () => {
    await gateway.kill();
    await world.end();
  });

  /** A change as bytes. */
  function changeBytes(more = ''): string {
    const body = JSON.stringify(GOOD);
    return `POST /password/change HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nAuthorization: Bearer ${person.accessToken}\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;
  }

  /** All that comes back until the connection ends, or a moment after the last of it. */
  async function answersTo(bytes: string): Promise<string> {
    const socket = await opened(gateway.url);
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    socket.write(bytes);
    await Promise.race([once(socket, 'close'), sleep(1_500)]);
    socket.destroy();
    return text;
  }

  /** After each page was served once. */
  async function megabytesWhenWarm(): Promise<number> {
    for (const page of PAGES) await send(`${gateway.url}${page}`);
    return megabytesOf(gateway.pid);
  }

  const audits = () => gateway.log.filter(({ msg }) => msg === 'audit');
  const LIVE = 'GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n';

  it.each([
    [
      'a body too large, a change',
      () =>
        `POST /password/change HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 20000\r\n\r\n${' '.repeat(20_000)}${changeBytes()}`,
    ],
    [
      'a malformed request, a change',
      () => `${changeBytes('Idempotency-Key: a\r\nIdempotency-Key: b\r\n')}${changeBytes()}`,
    ],
    [
      'a request that closes, a change',
      () => `${LIVE.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')}${changeBytes()}`,
    ],
  ])('what follows the end of a connection is not carried out: %s', async (_what, bytes) => {
    const before = audits().length;
    await answersTo(bytes());
    await sleep(100);
    const told = audits()
      .slice(before)
      .filter(({ outcome }) => outcome === 'changed');
    // Whatever was carried out was told.
    expect(told).toHaveLength(world.sandbox.callCount);
    expect(world.sandbox.callCount).toBe(0);
    expect(person.has(person.password)).toBe(true);
  });

  it.each([
    ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['garbage', 'garbage\r\n\r\n'],
    ['nothing', ''],
  ])('a change that runs, then %s: it is answered and told once', async (_what, rest) => {
    const before = audits().length;
    world.sandbox.faults.next({ fault: { kind: 'delay', ms: 300 } });
    expect(await answersTo(changeBytes() + rest)).toContain('"status":"changed"');
    await sleep(100);
    expect(audits().slice(before)).toHaveLength(1);
  });

  it.each(['CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', ''])(
    'a change that runs, then %j and a reset: it is told once',
    async (rest) => {
      const before = audits().length;
      world.sandbox.faults.next({ fault: { kind: 'delay', ms: 300 } });
      const socket = await opened(gateway.url);
      socket.write(changeBytes() + rest);
      while (world.sandbox.callCount === 0) await sleep(5);
      socket.resetAndDestroy();
      await sleep(600);
      expect(audits().slice(before)).toMatchObject([{ outcome: 'changed' }]);
    },
  );

  it.each([
    ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['garbage', 'garbage\r\n\r\n'],
  ])(
    'a request, a change and %s in one piece: what is carried out is answered and told',
    async (_what, rest) => {
      const before = audits().length;
      const text = await answersTo(LIVE + changeBytes() + rest);
      await sleep(100);
      const changed = text.split('"status":"changed"').length - 1;
      expect(changed).toBe(world.sandbox.callCount);
      expect(audits().slice(before)).toHaveLength(changed);
    },
  );

  it('requests that were sent in one piece are answered in their order', async () => {
    const text = await answersTo(`${LIVE}${changeBytes()}${changeBytes()}${LIVE}`);
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual([200, 200, 409, 200].map((status) => `HTTP/1.1 ${status}`));
  });

  it('12 connections that ask for very much and never read cost neither memory nor the health', async () => {
    const request = 'GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n';
    const bytes = request.repeat(Math.ceil(54_000 / request.length));
    const before = await megabytesWhenWarm();
    const sockets = await Promise.all(Array.from({ length: 12 }, () => opened(gateway.url)));
    for (const socket of sockets) {
      socket.pause();
      socket.write(bytes);
    }
    let most = 0;
    const waits: number[] = [];
    for (let look = 0; look < 20; look++) {
      const health = await send(`${gateway.url}/health/live`);
      expect(health.status).toBe(200);
      waits.push(health.milliseconds);
      most = Math.max(most, megabytesOf(gateway.pid));
      await sleep(50);
    }
    for (const socket of sockets) socket.destroy();
    expect(most - before).toBeLessThan(60);
    // Most of them: another program on this machine may hold one up.
    expect(waits.sort((one, other) => one - other)[15]).toBeLessThan(500);
  }, 30_000);

  it('the same with requests that wait for each other, for every page', async () => {
    const bytes = PAGES.map((page) => `GET ${page} HTTP/1.1\r\nHost: a\r\n\r\n`)
      .join('')
      .repeat(10);
    const before = await megabytesWhenWarm();
    const sockets = await Promise.all(Array.from({ length: 12 }, () => opened(gateway.url)));
    for (const socket of sockets) {
      socket.pause();
      socket.write(bytes);
    }
    await sleep(1_000);
    expect((await send(`${gateway.url}/health/live`)).milliseconds).toBeLessThan(500);
    expect(megabytesOf(gateway.pid) - before).toBeLessThan(60);
    for (const socket of sockets) socket.destroy();
  }, 30_000);

  it('one address may have a quarter of the connections, and others still get through', async () => {
    const sockets: Socket[] = [];
    for (let batch = 0; batch < 26; batch++) {
      sockets.push(
        ...(await Promise.all(Array.from({ length: 100 }, () => opened(gateway.url, '127.0.0.50')))),
      );
    }
    await sleep(200);
    const open = sockets.filter(({ destroyed, readableEnded }) => !destroyed && !readableEnded);
    expect(open.length).toBeLessThanOrEqual(2_500);
    expect(open.length).toBeGreaterThan(2_400);
    expect(await change(gateway, person, GOOD, { from: '127.0.0.51' })).toMatchObject({ status: 200 });
    const { text } = await send(`${gateway.url}/metrics`);
    expect(text).toMatch(/^password_gateway_connections_dropped_total [1-9]/m);
    for (const socket of sockets) socket.destroy();
  }, 30_000);
});

describe('a reader of the log that stands still', () => {
  it('holds up neither answers nor the end, and audit lines are kept longest', async () => {
    const world = await World.start();
    const port = await freePort();
    const env = { ...world.settings({ METRICS: 'on' }), PORT: `${port}` };
    // Nobody reads its stdout.
    const child = spawn(execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'ignore'] });
    const url = `http://127.0.0.1:${port}`;
    try {
      while ((await send(`${url}/health/ready`).catch(() => ({ status: 0 }))).status !== 200) await sleep(20);
      const longId = 'x'.repeat(128);
      const flood = async (requests: number): Promise<void> => {
        const some = async (): Promise<void> => {
          for (let request = 0; request < requests / 12; request++) {
            await send(`${url}/health/live`, { headers: { 'x-request-id': longId } });
          }
        };
        await Promise.all(Array.from({ length: 12 }, some));
      };
      // By now lines are dropped.
      await flood(12_000);
      const before = megabytesOf(child.pid ?? 0);
      await flood(12_000);
      const reply = await send(`${url}/health/live`);
      expect(reply.milliseconds).toBeLessThan(500);
      expect(await change({ url }, world.cognitoUser(), GOOD)).toMatchObject({ status: 200 });
      expect(megabytesOf(child.pid ?? 0) - before).toBeLessThan(40);
      const { text } = await send(`${url}/metrics`);
      const [, dropped] = /^password_gateway_log_lines_dropped_total (\d+)$/m.exec(text) ?? [];
      expect(Number(dropped)).toBeGreaterThan(0);
      let output = '';
      child.stdout.on('data', (chunk) => (output += String(chunk)));
      while (!output.includes('log lines were dropped')) await sleep(20);
      const lines = output.split('\n').filter((line) => line !== '');
      for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
      expect(lines.filter((line) => line.includes('"msg":"audit"'))).toHaveLength(1);
      child.stdout.pause();
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
      await world.end();
    }
  }, 60_000);
});
