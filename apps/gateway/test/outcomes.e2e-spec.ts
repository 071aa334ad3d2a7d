import type { Fault } from '@password-gateway/aws-sandbox';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Person } from './support/people.js';
import { change, GOOD, PROVIDERS, type RunningGateway, World, WRONG } from './support/world.js';

const DEADLINE_MS = 500;

interface Row {
  readonly name: string;
  readonly fault: Fault;
  readonly code: string;
  readonly status: number;
  readonly outcome: 'unchanged' | 'unknown';
  /** Whether AWS has carried the change out, whatever it answered. */
  readonly commits: boolean;
}

const timeout = { code: 'upstream_timeout', status: 504, outcome: 'unknown' } as const;
const failed = { code: 'upstream_failed', status: 502, outcome: 'unknown' } as const;
const elsewhere = 'http://127.0.0.1:9/';

const FAULTS: Row[] = [
  { name: 'commits, then resets', fault: { kind: 'commit-then-reset' }, ...failed, commits: true },
  { name: 'commits, then hangs', fault: { kind: 'commit-then-hang' }, ...timeout, commits: true },
  { name: 'resets before reading', fault: { kind: 'reset' }, ...failed, commits: false },
  { name: 'hangs', fault: { kind: 'hang' }, ...timeout, commits: false },
  { name: 'drips its answer', fault: { kind: 'slow-drip' }, ...timeout, commits: true },
  { name: 'answers 500', fault: { kind: 'status', status: 500 }, ...failed, commits: false },
  {
    name: 'answers 500 after all',
    fault: { kind: 'status', status: 500, commit: true },
    ...failed,
    commits: true,
  },
  { name: 'answers 503', fault: { kind: 'status', status: 503 }, ...failed, commits: false },
  {
    name: 'redirects',
    fault: { kind: 'redirect', location: elsewhere, commit: true },
    ...failed,
    commits: true,
  },
  { name: 'answers 200 with HTML', fault: { kind: 'html' }, ...failed, commits: false },
  { name: 'answers 404 with HTML', fault: { kind: 'status', status: 404 }, ...failed, commits: false },
  { name: 'breaks off', fault: { kind: 'truncated' }, ...failed, commits: true },
  {
    name: 'answers half a document',
    fault: { kind: 'truncated', framing: 'intact' },
    ...failed,
    commits: true,
  },
  { name: 'answers 10 MB', fault: { kind: 'large', bytes: 10_000_000 }, ...failed, commits: true },
];

const THROTTLING = { cognito: 'TooManyRequestsException', iam: 'Throttling' } as const;

describe.each(PROVIDERS)('outcome of a change when AWS fails: %s', (provider) => {
  let world: World;
  let gateway: RunningGateway;
  let person: Person;

  beforeAll(async () => {
    world = await World.start();
  });

  beforeEach(async () => {
    world.sandbox.reset();
    person = world.user(provider);
    // A gateway of its own for each test: so many failures in a row would open the circuit.
    gateway = await world.gateway({ UPSTREAM_TIMEOUT_MS: `${DEADLINE_MS}` });
  });

  afterEach(() => gateway.close());

  afterAll(() => world.end());

  it.each(FAULTS)('AWS $name: $code, and one call', async ({ fault, code, status, outcome, commits }) => {
    world.sandbox.faults.next({ fault });
    const reply = await change(gateway, person, GOOD);
    expect(reply).toMatchObject({ status, json: { code, outcome, provider, retryable: false } });
    expect(reply.json['next']).toBe('sign_in_with_new_password_to_find_out');
    expect(reply.milliseconds).toBeLessThan(DEADLINE_MS + 400);
    expect(world.sandbox.callCount).toBe(1);
    expect(person.has(GOOD.newPassword)).toBe(commits);
  });

  it('AWS throttles: upstream_throttled, unchanged, one call, not retried', async () => {
    world.sandbox.faults.next({ fault: { kind: 'error', code: THROTTLING[provider] } });
    const reply = await change(gateway, person, GOOD);
    expect(reply).toMatchObject({
      status: 503,
      json: { code: 'upstream_throttled', outcome: 'unchanged', retryable: true },
    });
    expect(world.sandbox.callCount).toBe(1);
    expect(person.has(person.password)).toBe(true);
  });

  it('AWS answers with an error that nobody mapped: unknown, one call', async () => {
    world.sandbox.faults.next({
      fault: { kind: 'error', code: 'BrandNewException', message: 'x', status: 400 },
    });
    const reply = await change(gateway, person, GOOD);
    expect(reply).toMatchObject({
      status: 502,
      json: { code: 'upstream_error_unrecognised', outcome: 'unknown' },
    });
    expect(world.sandbox.callCount).toBe(1);
  });

  it('AWS refuses connections: upstream_unreachable, unchanged, nothing sent', async () => {
    await world.sandbox.refuse();
    const before = world.sandbox.connections.bytesRead;
    const reply = await change(gateway, person, GOOD);
    await world.sandbox.accept();
    expect(reply).toMatchObject({
      status: 502,
      json: { code: 'upstream_unreachable', outcome: 'unchanged', retryable: true },
    });
    expect(world.sandbox.callCount).toBe(0);
    expect(world.sandbox.connections.bytesRead).toBe(before);
  });

  it('AWS refuses connections at first and then listens: changed, one call', async () => {
    await world.sandbox.refuse();
    const pending = change(gateway, person, GOOD);
    await sleep(100);
    await world.sandbox.accept();
    expect(await pending).toMatchObject({ status: 200, json: { status: 'changed' } });
    expect(world.sandbox.callCount).toBe(1);
    expect(person.has(GOOD.newPassword)).toBe(true);
  });

  describe('after an unknown outcome', () => {
    beforeEach(async () => {
      world.sandbox.faults.next({ fault: { kind: 'commit-then-reset' } });
      expect((await change(gateway, person, GOOD)).json).toMatchObject({ outcome: 'unknown' });
    });

    it('the same change, answered "incorrect password", is outcome_unresolved', async () => {
      const reply = await change(gateway, person, GOOD);
      expect(reply).toMatchObject({
        status: 409,
        json: {
          code: 'outcome_unresolved',
          outcome: 'unknown',
          provider,
          retryable: false,
          next: 'sign_in_with_new_password_to_find_out',
        },
      });
      expect(world.sandbox.callCount).toBe(2);
    });

    it('another current password is another change: current_password_incorrect', async () => {
      const reply = await change(gateway, person, { ...GOOD, currentPassword: 'Other-Horse-1' });
      expect(reply).toMatchObject({
        status: 422,
        json: { code: 'current_password_incorrect', outcome: 'unchanged' },
      });
    });

    it('another new password with the same current one is outcome_unresolved too', async () => {
      const reply = await change(gateway, person, { ...GOOD, newPassword: 'Other-Staple-2' });
      expect(reply).toMatchObject({ status: 409, json: { code: 'outcome_unresolved', outcome: 'unknown' } });
    });

    it('the same passwords of somebody else are another change', async () => {
      const other = provider === 'cognito' ? world.cognitoUser('Not-Yours-1') : world.iamUser('Not-Yours-1');
      expect((await change(gateway, other, GOOD)).json).toMatchObject({ code: 'current_password_incorrect' });
    });
  });

  it('an unknown outcome that left the password alone: the same change succeeds, and the next one is told so', async () => {
    world.sandbox.faults.next({ fault: { kind: 'hang' } });
    expect((await change(gateway, person, GOOD)).json).toMatchObject({ outcome: 'unknown' });
    const changed = await change(gateway, person, GOOD);
    expect(changed).toMatchObject({ status: 200 });
    const again = await change(gateway, person, GOOD);
    expect(again).toMatchObject({ status: 409, json: { code: 'outcome_unresolved', outcome: 'unknown' } });
    expect(again.json['detail']).toContain(changed.json['requestId']);
  });

  it('after a success the same change is told which request made it; another one gets the plain truth', async () => {
    const changed = await change(gateway, person, GOOD);
    expect(changed).toMatchObject({ status: 200 });
    const again = await change(gateway, person, GOOD);
    expect(again).toMatchObject({ status: 409, json: { code: 'outcome_unresolved', outcome: 'unknown' } });
    expect(again.json['detail']).toContain(changed.json['requestId']);
    expect((await change(gateway, person, WRONG)).json).toMatchObject({ code: 'current_password_incorrect' });
  });
});
