import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { UpstreamRequest } from '@password-gateway/errors';
import { BrokenCircuitError, BulkheadRejectedError } from 'cockatiel';

import { UndiciHandler } from './undici-handler.js';
import { UpstreamGuard } from './upstream-guard.js';

const MAX_IN_FLIGHT = 2_500;

const ANSWER = { response: { statusCode: 500, headers: {}, body: new Uint8Array() } };

/** A handler that does as it is told, and counts. */
class StubHandler extends UndiciHandler {
  calls = 0;
  behave: () => ReturnType<UndiciHandler['handle']> = () => Promise.resolve(ANSWER);

  override handle(): ReturnType<UndiciHandler['handle']> {
    this.calls += 1;
    return this.behave();
  }
}

function arranged() {
  const handler = new StubHandler();
  const guard = new UpstreamGuard(handler);
  const call = (
    hostname = 'iam.test',
    { signal } = new AbortController(),
    more: Partial<UpstreamRequest> = {},
  ) => {
    const request: UpstreamRequest = {
      method: 'POST',
      protocol: 'https:',
      hostname,
      path: '/',
      query: {},
      headers: {},
      body: '',
      ...more,
    };
    return guard.handle(request, { abortSignal: signal });
  };
  const failOften = async () => {
    handler.behave = () => Promise.reject(new Error('reset'));
    for (let index = 0; index < 20; index++) await call().catch(() => undefined);
    handler.behave = () => Promise.resolve(ANSWER);
  };
  return { handler, guard, call, failOften };
}

const UNAVAILABLE = { code: 'upstream_unavailable', outcome: 'unchanged', retryAfterSeconds: 5 };

describe('UpstreamGuard', () => {
  it(`refuses call ${MAX_IN_FLIGHT + 1} in flight to one endpoint, and no other endpoint`, async () => {
    const { handler, guard, call } = arranged();
    let finish: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (finish = resolve));
    handler.behave = () => held.then(() => ANSWER);
    const running = Array.from({ length: MAX_IN_FLIGHT }, () => call());
    await expect(call()).rejects.toMatchObject({
      ...UNAVAILABLE,
      message: 'Too many calls to this AWS endpoint are in flight; nothing was sent.',
      cause: expect.any(BulkheadRejectedError),
    });
    const other = call('cognito.test');
    expect(handler.calls).toBe(MAX_IN_FLIGHT + 1);
    expect(guard.inFlight).toBe(MAX_IN_FLIGHT + 1);
    finish();
    await Promise.all([...running, other]);
    expect(guard.inFlight).toBe(0);
    await expect(call()).resolves.toBe(ANSWER);
  });

  it('counts as in flight no call that has failed, was refused, or was never made', async () => {
    const { handler, guard, call, failOften } = arranged();
    const controller = new AbortController();
    handler.behave = () => Promise.reject(new Error('reset'));
    await expect(call('iam.test', controller)).rejects.toThrow('reset');
    await expect(call('iam.test', controller)).rejects.toThrow('reset');
    expect(guard.inFlight).toBe(0);
    handler.behave = () => {
      throw new Error('at once');
    };
    await expect(call('iam.test', controller)).rejects.toThrow('at once');
    await failOften();
    await expect(call()).rejects.toMatchObject(UNAVAILABLE);
    expect(guard.inFlight).toBe(0);
  });

  it('opens the circuit of one endpoint, and of no other one, nor of another port or protocol', async () => {
    const { handler, guard, call, failOften } = arranged();
    await failOften();
    await expect(call()).rejects.toMatchObject({
      ...UNAVAILABLE,
      message: 'Calls to this AWS endpoint failed; nothing was sent.',
      cause: expect.any(BrokenCircuitError),
    });
    expect(handler.calls).toBe(20);
    expect(guard.openCircuits).toBe(1);
    await expect(call('cognito.test')).resolves.toBe(ANSWER);
    await expect(call('iam.test', undefined, { port: 8443 })).resolves.toBe(ANSWER);
    await expect(call('iam.test', undefined, { protocol: 'http:' })).resolves.toBe(ANSWER);
    expect(guard.openCircuits).toBe(1);
  });

  describe('an open circuit', () => {
    beforeEach(() => void jest.useFakeTimers());
    afterEach(() => void jest.useRealTimers());

    it.each([
      ['lets a call through after 5 seconds', 5_000, true],
      ['lets none through before', 4_999, false],
    ])('%s', async (_what, ms, resolves) => {
      const { guard, call, failOften } = arranged();
      await failOften();
      jest.advanceTimersByTime(ms);
      const again = call();
      if (resolves) await expect(again).resolves.toBe(ANSWER);
      else await expect(again).rejects.toMatchObject(UNAVAILABLE);
      expect(guard.openCircuits).toBe(resolves ? 0 : 1);
    });

    it('lets one call try; the others are refused at once, not kept waiting', async () => {
      const { handler, call, failOften } = arranged();
      await failOften();
      jest.advanceTimersByTime(5_000);
      const answer = Promise.withResolvers<typeof ANSWER>();
      handler.behave = () => answer.promise;
      const [calls, probe] = [handler.calls, call()];
      await expect(call()).rejects.toMatchObject(UNAVAILABLE);
      expect(handler.calls).toBe(calls + 1);
      answer.resolve(ANSWER);
      await expect(probe).resolves.toBe(ANSWER);
      await expect(call()).resolves.toBe(ANSWER);
    });
  });

  it('passes on what the handler threw', async () => {
    const { handler, call } = arranged();
    const error = Object.assign(new Error('reset'), { requestSent: true });
    handler.behave = () => Promise.reject(error);
    await expect(call()).rejects.toBe(error);
  });

  it('takes further attempts to connect, of a call that failed once, for the same call', async () => {
    const { handler, call } = arranged();
    handler.behave = () => Promise.reject(new Error('refused'));
    for (let index = 0; index < 19; index++) {
      const controller = new AbortController();
      for (let attempt = 0; attempt < 3; attempt++) await call('iam.test', controller).catch(() => undefined);
    }
    handler.behave = () => Promise.resolve(ANSWER);
    await expect(call()).resolves.toBe(ANSWER);
    expect(handler.calls).toBe(19 * 3 + 1);
  });

  it.each([
    ['all of 20', 20, 20, true],
    ['half of 40', 40, 20, true],
    ['all of 19', 19, 19, false],
    ['less than half of 41', 41, 20, false],
  ])('%s calls failed: the circuit opens or does not', async (_what, calls, failures, opens) => {
    const { handler, call } = arranged();
    // Successes first, so that no earlier moment has a larger part of failures.
    for (let index = 0; index < calls; index++) {
      const fails = index >= calls - failures;
      handler.behave = () => (fails ? Promise.reject(new Error('reset')) : Promise.resolve(ANSWER));
      await call().catch(() => undefined);
    }
    handler.behave = () => Promise.resolve(ANSWER);
    if (opens) await expect(call()).rejects.toMatchObject(UNAVAILABLE);
    else await expect(call()).resolves.toBe(ANSWER);
    expect(handler.calls).toBe(opens ? calls : calls + 1);
  });
});
