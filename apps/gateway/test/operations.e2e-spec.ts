import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { GatewayConfig } from '../src/config/config.js';
import { type IamPerson, stranger } from './support/people.js';
import { freePort } from './support/redis-server.js';
import { send } from './support/send-change.js';
import { change, GOOD, type RunningGateway, WEAK, World, WRONG } from './support/world.js';

const ORIGIN = 'https://app.example.com';

describe('operations', () => {
  let world: World;
  let gateway: RunningGateway;

  beforeAll(async () => {
    world = await World.start();
  });

  beforeEach(() => {
    world.sandbox.reset();
  });

  afterEach(() => gateway.close());
  afterAll(() => world.end());

  describe('/metrics', () => {
    /** The value of a sample, whatever the order of its labels. */
    function sample(
      text: string,
      name: string,
      labels: Readonly<Record<string, string>> = {},
    ): number | undefined {
      const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
      const line = text
        .split('\n')
        .find(
          (candidate) => candidate.startsWith(name) && wanted.every((label) => candidate.includes(label)),
        );
      return line === undefined ? undefined : Number(line.split(' ').at(-1));
    }

    it('is off by default', async () => {
      gateway = await world.gateway();
      expect(await send(`${gateway.url}/metrics`)).toMatchObject({
        status: 404,
        json: { code: 'route_not_found' },
      });
    });

    it('has an address of its own with host:port, and none on the public one', async () => {
      const port = await freePort();
      gateway = await world.gateway({ METRICS: `127.0.0.1:${port}` });
      const own = await send(`http://127.0.0.1:${port}/metrics`);
      expect(own).toMatchObject({
        status: 200,
        text: expect.stringContaining('password_gateway_attempts_total'),
      });
      expect(await send(`${gateway.url}/metrics`)).toMatchObject({ status: 404 });
      expect(await send(`http://127.0.0.1:${port}/password/change`)).toMatchObject({ status: 404 });
    });

    it('counts attempts by provider and code, calls by provider, and texts that no rule knew', async () => {
      gateway = await world.gateway({ METRICS: 'on', RATE_LIMIT_IDENTITY: '1/900' });
      const [cognito, iam] = [world.cognitoUser(), world.iamUser()];
      for (const passwords of [WEAK, GOOD, WRONG, GOOD]) await change(gateway, cognito, passwords);
      world.sandbox.faults.next({
        service: 'iam',
        fault: { kind: 'error', code: 'AccessDenied', message: 'A text of tomorrow.' },
      });
      await change(gateway, iam, GOOD);
      await change(gateway, { authorise: () => Promise.resolve({}) }, GOOD);
      const { status, text, headers } = await send(`${gateway.url}/metrics`);
      expect(status).toBe(200);
      expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
      const attempts = (provider: string, code: string) =>
        sample(text, 'password_gateway_attempts_total', { provider, code });
      expect({
        changed: attempts('cognito', 'changed'),
        rejected: attempts('cognito', 'new_password_rejected'),
        incorrect: attempts('cognito', 'current_password_incorrect'),
        limited: attempts('cognito', 'rate_limited'),
        refused: attempts('iam', 'not_authorized'),
        missing: attempts('none', 'credential_missing'),
        cognitoCalls: sample(text, 'password_gateway_upstream_seconds_count', { provider: 'cognito' }),
        iamCalls: sample(text, 'password_gateway_upstream_seconds_count', { provider: 'iam' }),
        unmapped: sample(text, 'password_gateway_unmapped_upstream_texts_total', {
          provider: 'iam',
          error: 'AccessDenied',
        }),
      }).toEqual({
        changed: 1,
        rejected: 1,
        incorrect: 1,
        limited: 1,
        refused: 1,
        missing: 1,
        cognitoCalls: 3,
        iamCalls: 1,
        unmapped: 1,
      });
      expect(sample(text, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
      expect(text).not.toMatch(/password_gateway_redis_up|tomorrow/);
    });

    it('names no caller, address or pool', async () => {
      gateway = await world.gateway({ METRICS: 'on' });
      const [cognito, iam] = [world.cognitoUser(), world.iamUser()];
      await change(gateway, cognito, WRONG);
      await change(gateway, iam, WRONG);
      const { text } = await send(`${gateway.url}/metrics`);
      for (const name of [cognito.sub, world.poolId, iam.credentials.accessKeyId, '127.0.0.1']) {
        expect(text).not.toContain(name);
      }
    });
  });

  describe('readiness', () => {
    it('says that all is well', async () => {
      gateway = await world.gateway();
      expect(await send(`${gateway.url}/health/ready`)).toMatchObject({
        status: 200,
        json: { status: 'ready', checks: { tokenKeys: 'ok', redis: 'ok', shutdown: 'ok' } },
      });
    });

    it('says that the token keys cannot be fetched; liveness and IAM do not depend on them', async () => {
      world.sandbox.jwks.fail(true);
      gateway = await world.gateway();
      expect(await send(`${gateway.url}/health/ready`)).toMatchObject({
        status: 503,
        json: { status: 'not ready', checks: { tokenKeys: expect.stringContaining('JWKS'), redis: 'ok' } },
      });
      expect(await send(`${gateway.url}/health/live`)).toMatchObject({
        status: 200,
        json: { status: 'live' },
      });
      expect(await change(gateway, world.cognitoUser(), GOOD)).toMatchObject({
        status: 503,
        json: { code: 'upstream_unavailable', outcome: 'unchanged' },
        headers: { 'retry-after': expect.stringMatching(/^([1-9]|10)$/) },
      });
      expect(await change(gateway, world.iamUser(), GOOD)).toMatchObject({ status: 200 });
    });
  });

  describe('ALLOWED_CLIENT_CIDRS', () => {
    beforeEach(async () => {
      gateway = await world.gateway({ ALLOWED_CLIENT_CIDRS: '127.0.0.2/32,2001:db8::/32', METRICS: 'on' });
    });

    it('serves the networks that are listed', async () => {
      expect(await change(gateway, world.cognitoUser(), GOOD, { from: '127.0.0.2' })).toMatchObject({
        status: 200,
      });
    });

    it.each([{}, { 'x-forwarded-for': '127.0.0.2' }])(
      'refuses others, whatever they say: %j',
      async (headers) => {
        expect(await change(gateway, world.cognitoUser(), GOOD, { headers })).toMatchObject({
          status: 403,
          json: { code: 'permission_denied', outcome: 'unchanged' },
        });
        expect(world.sandbox.callCount).toBe(0);
        expect(await send(`${gateway.url}/metrics`, { headers })).toMatchObject({ status: 403 });
      },
    );

    it('leaves health to everybody', async () => {
      expect(await send(`${gateway.url}/health/ready`)).toMatchObject({ status: 200 });
      expect(await send(`${gateway.url}/health/live`)).toMatchObject({ status: 200 });
    });
  });

  describe('CORS', () => {
    const preflight = {
      method: 'OPTIONS',
      headers: {
        origin: ORIGIN,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,idempotency-key,x-amz-date',
      },
    };

    it('is closed by default', async () => {
      gateway = await world.gateway();
      const asked = await send(`${gateway.url}/password/change`, preflight);
      const changed = await change(gateway, world.cognitoUser(), GOOD, { headers: { origin: ORIGIN } });
      expect(changed).toMatchObject({ status: 200 });
      for (const { headers } of [asked, changed]) {
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
      }
    });

    it('is open for CORS_ORIGINS', async () => {
      gateway = await world.gateway({ CORS_ORIGINS: `${ORIGIN},https://other.example.com` });
      const asked = await send(`${gateway.url}/password/change`, preflight);
      expect(asked.status).toBeLessThan(300);
      expect(asked.headers).toMatchObject({
        'access-control-allow-origin': ORIGIN,
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': preflight.headers['access-control-request-headers'],
      });
      expect(asked.headers).not.toHaveProperty('access-control-allow-credentials');
      const refused = await change(gateway, world.cognitoUser(), WRONG, { headers: { origin: ORIGIN } });
      expect(refused).toMatchObject({ status: 422, headers: { 'access-control-allow-origin': ORIGIN } });
      expect(refused.headers['access-control-expose-headers']).toMatch(/Retry-After.*X-Request-Id/);
      expect(world.sandbox.callCount).toBe(1);
    });

    it('is closed for other origins then', async () => {
      gateway = await world.gateway({ CORS_ORIGINS: ORIGIN });
      const headers = { ...preflight.headers, origin: 'https://evil.example.com' };
      const asked = await send(`${gateway.url}/password/change`, { ...preflight, headers });
      expect(asked.headers['access-control-allow-origin']).not.toBe('https://evil.example.com');
      expect(asked.headers['access-control-allow-origin']).not.toBe('*');
    });
  });

  it('every answer may be cached by nobody', async () => {
    gateway = await world.gateway({ METRICS: 'on' });
    const paths = ['/health/live', '/health/ready', '/metrics', '/nothing', '/docs', '/openapi.json'];
    const replies = await Promise.all(paths.map((path) => send(gateway.url + path)));
    for (const { headers } of replies) expect(headers['cache-control']).toBe('no-store');
  });

  it("a stranger's unknown texts fill no metric with labels of his choice", async () => {
    gateway = await world.gateway({ METRICS: 'on' });
    const victim: IamPerson = world.iamUser();
    await change(gateway, { authorise: stranger(victim) }, WRONG);
    await send(`${gateway.url}/some/${victim.userName}`);
    expect((await send(`${gateway.url}/metrics`)).text).not.toContain(victim.userName);
  });
});

describe('settings that belong together', () => {
  const REDIS_URL = 'redis://127.0.0.1:6379';

  it.each([
    ['is missing', {}],
    ['is too short', { IDEMPOTENCY_SECRET: 'thirty-one characters, not more' }],
  ])('with REDIS_URL the start ends when IDEMPOTENCY_SECRET %s', (_what, more) => {
    const start = () => new GatewayConfig({ REDIS_URL, ...more });
    expect(start).toThrow(/^IDEMPOTENCY_SECRET /);
    expect(start).not.toThrow(/thirty-one|6379/);
  });

  it('with both of them it starts', () => {
    const config = new GatewayConfig({ REDIS_URL, IDEMPOTENCY_SECRET: 'x'.repeat(32) });
    expect(config).toMatchObject({ redis: { mode: 'single', nodes: [{ host: '127.0.0.1' }] } });
  });
});
