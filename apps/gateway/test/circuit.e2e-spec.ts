import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AwsSandbox, startAwsSandbox } from '@password-gateway/aws-sandbox';
import { setTimeout as sleep } from 'node:timers/promises';

import { iamPerson, type Person } from './support/people.js';
import { change, GOOD, PROVIDERS, type RunningGateway, World } from './support/world.js';

/** The circuit opens when half of at least so many calls failed (security.md, rule 12). */
const CALLS = 20;

/** How long it stays open. */
const OPEN_MS = 5_000;

const UNAVAILABLE = {
  status: 503,
  json: { code: 'upstream_unavailable', outcome: 'unchanged', retryable: true },
  headers: { 'retry-after': `${OPEN_MS / 1000}` },
};

/** Two endpoints: Cognito's is the world's own, IAM's another sandbox. */
describe('circuit breaker, one per endpoint', () => {
  let world: World;
  let iam: AwsSandbox;
  let gateway: RunningGateway;
  let people: Record<Person['provider'], Person>;
  let sandboxes: Record<Person['provider'], AwsSandbox>;

  beforeEach(async () => {
    [world, iam] = [await World.start(), await startAwsSandbox()];
    gateway = await world.gateway({ AWS_ENDPOINT_URL_IAM: iam.url, UPSTREAM_TIMEOUT_MS: '500' });
    sandboxes = { cognito: world.sandbox, iam };
    people = { cognito: world.cognitoUser(), iam: iamPerson(iam) };
  });

  afterEach(async () => {
    await world.end();
    await iam.close();
  });

  /** Calls one after the other, each failing in transport. */
  async function fail(provider: Person['provider'], count: number): Promise<unknown[]> {
    sandboxes[provider].faults.next({ fault: { kind: 'reset' }, times: Infinity });
    const codes = [];
    for (let call = 0; call < count; call++) {
      codes.push((await change(gateway, people[provider], GOOD)).json['code']);
    }
    sandboxes[provider].faults.clear();
    return codes;
  }

  it.each(PROVIDERS)(
    '%s: 20 failures open it, nothing is sent, and the other provider goes on',
    async (provider) => {
      expect(await fail(provider, CALLS)).toEqual(Array(CALLS).fill('upstream_failed'));
      const { [provider]: sandbox } = sandboxes;
      sandbox.clearCalls();
      // Another change than those whose outcome is unknown now.
      const another = { ...GOOD, newPassword: 'Another-Staple-3' };
      expect(await change(gateway, people[provider], another)).toMatchObject(UNAVAILABLE);
      expect(sandbox.callCount).toBe(0);
      const other = provider === 'iam' ? 'cognito' : 'iam';
      expect(await change(gateway, people[other], GOOD)).toMatchObject({ status: 200 });
    },
  );

  it('after 5 seconds one call is tried: a success closes it, another failure keeps it open', async () => {
    for (const provider of PROVIDERS) await fail(provider, CALLS);
    await sleep(OPEN_MS + 50);
    expect(await change(gateway, people.cognito, GOOD)).toMatchObject({ status: 200 });
    const back = { currentPassword: GOOD.newPassword, newPassword: 'Other-Staple-3' };
    expect(await change(gateway, people.cognito, back)).toMatchObject({ status: 200 });
    expect(await fail('iam', 1)).toEqual(['upstream_failed']);
    iam.clearCalls();
    expect(await change(gateway, people.iam, GOOD)).toMatchObject(UNAVAILABLE);
    expect(iam.callCount).toBe(0);
  }, 10_000);

  it('19 failures do not open it', async () => {
    await fail('cognito', CALLS - 1);
    expect(await change(gateway, people.cognito, GOOD)).toMatchObject({ status: 200 });
  });

  it('failures that are less than half of the calls do not open it', async () => {
    const wrong = { ...GOOD, currentPassword: 'Wrong-Horse-1' };
    for (let call = 0; call < CALLS + 5; call++) await change(gateway, people.cognito, wrong);
    await fail('cognito', CALLS);
    expect(await change(gateway, people.cognito, GOOD)).toMatchObject({ status: 200 });
  });

  it.each([
    ['500', { kind: 'status', status: 500 }],
    ['503', { kind: 'status', status: 503 }],
    ['throttling', { kind: 'error', code: 'TooManyRequestsException' }],
    ['an error of its own', { kind: 'error', code: 'InternalErrorException' }],
    ['HTML', { kind: 'html' }],
  ] as const)('an answer of AWS never counts, whatever it says: %s', async (_what, fault) => {
    world.sandbox.faults.next({ fault, times: CALLS + 10 });
    for (let call = 0; call < CALLS + 10; call++) await change(gateway, people.cognito, GOOD);
    world.sandbox.clearCalls();
    await change(gateway, people.cognito, GOOD);
    expect(world.sandbox.callCount).toBe(1);
  });

  it('connections that are refused open it too, and then nothing is tried', async () => {
    await world.sandbox.refuse();
    const codes = [];
    // Each change tries to connect three times, and is one call all the same.
    for (let call = 0; call < CALLS; call++)
      codes.push((await change(gateway, people.cognito, GOOD)).json['code']);
    expect(codes[0]).toBe('upstream_unreachable');
    const refused = await change(gateway, people.cognito, GOOD);
    expect(refused).toMatchObject(UNAVAILABLE);
    expect(refused.milliseconds).toBeLessThan(100);
  }, 20_000);
});
