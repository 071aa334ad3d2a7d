import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { GatewayProcess } from './support/gateway-process.js';
import { type Reply, send } from './support/send-change.js';
import { change, GOOD, PROVIDERS, type Settings, WEAK, World, WRONG } from './support/world.js';

const UPSTREAM_MS = 600;
const DRAINING = { status: 503, json: { code: 'gateway_draining', outcome: 'unchanged', retryable: true } };

describe('a gateway that is told to stop', () => {
  let world: World;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    world = await World.start();
  });

  beforeEach(() => {
    world.sandbox.reset();
  });

  afterEach(() => gateway.kill());
  afterAll(() => world.end());

  async function start(settings: Settings = {}): Promise<void> {
    gateway = await GatewayProcess.start(
      world.settings({ METRICS: 'on', UPSTREAM_TIMEOUT_MS: '2000', ...settings }),
    );
  }

  /** The exit code, or that it goes on after so many milliseconds. */
  function exitWithin(milliseconds: number): Promise<number | string | null> {
    return Promise.race([gateway.exitCode(), sleep(milliseconds, 'still running', { ref: false })]);
  }

  async function stopped(): Promise<void> {
    gateway.terminate();
    await gateway.line(({ msg }) => msg === 'stopping');
  }

  it('under load: what is in flight is answered truthfully, what is new is refused, and the exit code is 0', async () => {
    await start();
    const crowd = PROVIDERS.flatMap((provider) => Array.from({ length: 15 }, () => world.user(provider)));
    world.sandbox.faults.next({ fault: { kind: 'delay', ms: UPSTREAM_MS }, times: Infinity });
    const wishes = [GOOD, WRONG, WEAK];
    const running = crowd.map((person, index) => change(gateway, person, wishes[index % 3]!));
    while (world.sandbox.callCount < crowd.length) await sleep(5);
    await stopped();

    const [person, ready, live] = [world.cognitoUser(), '/health/ready', '/health/live'];
    expect(await change(gateway, person, GOOD)).toMatchObject({
      ...DRAINING,
      headers: { connection: 'close', 'retry-after': '1' },
    });
    expect(await send(gateway.url + ready)).toMatchObject({
      status: 503,
      json: { status: 'not ready', checks: { shutdown: expect.stringContaining('shutting down') } },
    });
    expect(await send(gateway.url + live)).toMatchObject({ status: 200 });
    expect((await send(`${gateway.url}/metrics`)).text).toContain('code="gateway_draining"');

    const replies: Reply[] = await Promise.all(running);
    for (const [index, reply] of replies.entries()) {
      const { currentPassword = '', newPassword } = wishes[index % 3]!;
      const changed = reply.status === 200;
      expect([200, 422]).toContain(reply.status);
      expect(crowd[index]?.has(newPassword)).toBe(changed);
      expect(changed).toBe(currentPassword === GOOD.currentPassword && newPassword === GOOD.newPassword);
    }
    expect(world.sandbox.callCount).toBe(crowd.length);
    expect(await exitWithin(1_000)).toBe(0);
  });

  it('an outcome that nobody knows is still told as such', async () => {
    await start({ UPSTREAM_TIMEOUT_MS: '400' });
    world.sandbox.faults.next({ fault: { kind: 'commit-then-hang' } });
    const running = change(gateway, world.iamUser(), GOOD);
    while (world.sandbox.callCount === 0) await sleep(5);
    await stopped();
    expect(await running).toMatchObject({
      status: 504,
      json: { code: 'upstream_timeout', outcome: 'unknown' },
    });
    expect(await exitWithin(1_000)).toBe(0);
  });

  it('idle: it ends at once, whoever keeps a connection open', async () => {
    await start();
    const { hostname, port } = new URL(gateway.url);
    const idle = connect(Number(port), hostname);
    await once(idle, 'connect');
    const halfway = connect(Number(port), hostname);
    halfway.on('error', () => undefined).write('POST /password/change HTTP/1.1\r\nHost: gateway\r\n');
    await sleep(50);
    gateway.terminate();
    expect(await exitWithin(1_000)).toBe(0);
    idle.destroy();
    halfway.destroy();
  });

  it('a call that outlasts SHUTDOWN_TIMEOUT_MS does not hold it up', async () => {
    await start({ UPSTREAM_TIMEOUT_MS: '10000', SHUTDOWN_TIMEOUT_MS: '500' });
    world.sandbox.faults.next({ fault: { kind: 'hang' } });
    const running = change(gateway, world.cognitoUser(), GOOD).catch(() => 'no answer');
    while (world.sandbox.callCount === 0) await sleep(5);
    const began = performance.now();
    gateway.terminate();
    expect(await exitWithin(3_000)).toBe(0);
    expect(performance.now() - began).toBeGreaterThan(450);
    await running;
    expect(await gateway.line(({ event }) => event === 'password_change')).toMatchObject({
      code: 'upstream_timeout',
      outcome: 'unknown',
    });
  });

  it('a change that was answered, and whose caller does not read, is told as it ended', async () => {
    await start({ SHUTDOWN_TIMEOUT_MS: '500' });
    const person = world.cognitoUser();
    const { hostname, port } = new URL(gateway.url);
    const caller = connect(Number(port), hostname).pause();
    caller.on('error', () => undefined);
    const body = JSON.stringify(GOOD);
    const page = 'GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: gateway\r\n\r\n';
    const credential = Object.entries(await person.authorise(GOOD)).map(
      ([name, value]) => `${name}: ${value}`,
    );
    const head = ['POST /password/change HTTP/1.1', 'Host: gateway', 'Content-Type: application/json'];
    const change = [...head, `Content-Length: ${body.length}`, ...credential, '', body].join('\r\n');
    caller.write(page.repeat(10) + change);
    while (!person.has(GOOD.newPassword)) await sleep(5);
    await sleep(100);
    gateway.terminate();
    expect(await exitWithin(3_000)).toBe(0);
    expect(gateway.log.filter(({ event }) => event === 'password_change')).toEqual([
      expect.objectContaining({ code: 'changed', outcome: 'changed' }),
    ]);
    caller.destroy();
  });

  it('whoever reads the documentation slowly does not hold it up', async () => {
    await start();
    const { hostname, port } = new URL(gateway.url);
    const readers = Array.from({ length: 3 }, () => connect(Number(port), hostname).pause());
    for (const reader of readers) {
      reader.on('error', () => undefined);
      // More than the buffers of the connection take.
      reader.write('GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: gateway\r\n\r\n'.repeat(20));
    }
    await sleep(200);
    gateway.terminate();
    expect(await exitWithin(1_500)).toBe(0);
    for (const reader of readers) reader.destroy();
  });

  it('a second signal changes nothing', async () => {
    await start();
    world.sandbox.faults.next({ fault: { kind: 'delay', ms: UPSTREAM_MS } });
    const running = change(gateway, world.cognitoUser(), GOOD);
    while (world.sandbox.callCount === 0) await sleep(5);
    await stopped();
    gateway.terminate();
    expect(await running).toMatchObject({ status: 200 });
    expect(await exitWithin(1_000)).toBe(0);
  });
});
