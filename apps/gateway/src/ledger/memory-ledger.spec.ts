import { beforeEach, describe, expect, it } from '@jest/globals';

import { BOUNDS, CHANGED_MS, type Ending, type LedgerAttempt, REMEMBER_MS } from './ledger.js';
import { MemoryLedger } from './memory-ledger.js';

const LEASE_MS = 15_000;
const WINDOW_MS = 900_000;

const UNCHANGED: Ending = {
  state: 'unchanged',
  incorrect: false,
  judged: true,
  proven: true,
  charged: false,
  kept: true,
  answer: 'unchanged',
  ranMs: 10,
};
const INCORRECT: Ending = { ...UNCHANGED, incorrect: true, charged: true, answer: 'incorrect' };
const CHANGED: Ending = { ...UNCHANGED, state: 'changed', answer: 'changed' };
const UNKNOWN: Ending = { ...UNCHANGED, state: 'unknown', answer: 'unknown' };
/** AWS throttles, or is ill before it knows who calls. */
const UNKNOWN_STRANGER: Ending = { ...UNKNOWN, judged: false, proven: false };
const THROTTLED: Ending = { ...UNCHANGED, judged: false, kept: false };

let now: number;
let ledger: MemoryLedger;
let ids = 0;

beforeEach(() => {
  now = 1_000_000;
  ledger = new MemoryLedger(
    { limit: { points: 4, seconds: WINDOW_MS / 1000 }, leaseMs: LEASE_MS, bounds: BOUNDS },
    () => now,
  );
});

/** An attempt of a proven caller to change `old` to `new`. */
function attempt(own: Partial<LedgerAttempt> = {}): LedgerAttempt {
  const id = `attempt-${++ids}`;
  return {
    ...{ id, requestId: `request-of-${id}`, caller: 'caller', proven: true, network: '' },
    ...{ change: 'old new', current: 'old', names: [], mayRun: true },
    ...own,
  };
}

/** The same of somebody whom only AWS can prove. */
function signed(signature: string, own: Partial<LedgerAttempt> = {}): LedgerAttempt {
  return attempt({ proven: false, network: 'home', names: [nameOf('signature', signature)], ...own });
}

function nameOf(kind: 'key' | 'signature' | 'invocation', name: string, binding = name) {
  return { kind, name, binding, keepMs: kind === 'signature' ? WINDOW_MS : REMEMBER_MS, onceProven: false };
}

function keyed(key: string, own: Partial<LedgerAttempt> = {}): LedgerAttempt {
  return attempt({ names: [nameOf('key', key, own.change ?? 'old new')], ...own });
}

async function run(tried: LedgerAttempt, ending: Ending) {
  expect(await ledger.begin(tried)).toMatchObject({ kind: 'run' });
  now += 10;
  return ledger.end(tried, ending);
}

describe('a name', () => {
  it('runs once: in progress, then the first answer, until its time is over', async () => {
    const first = keyed('key');
    await ledger.begin(first);
    expect(await ledger.begin(keyed('key'))).toMatchObject({ code: 'request_in_progress', inDoubt: true });
    await ledger.end(first, CHANGED);
    expect(await ledger.begin(keyed('key'))).toMatchObject({ kind: 'replay', answer: 'changed', doubt: '' });
    now += REMEMBER_MS;
    expect(await ledger.begin(keyed('key'))).toMatchObject({ kind: 'run' });
  });

  it('of an attempt that did not end in time is unresolved', async () => {
    await ledger.begin(keyed('key'));
    now += LEASE_MS;
    expect(await ledger.begin(keyed('key'))).toMatchObject({ code: 'outcome_unresolved', inDoubt: true });
  });

  it('is free again when its attempt may be tried again', async () => {
    for (let tried = 0; tried < 1_001; tried++) await run(keyed('key'), THROTTLED);
    expect(await ledger.begin(keyed('key'))).toMatchObject({ kind: 'run' });
  });

  it('of another request costs a point, and says whether the first one is known to have changed nothing', async () => {
    await run(keyed('unchanged'), UNCHANGED);
    await run(keyed('changed'), CHANGED);
    const other = { change: 'old newer', names: [nameOf('key', 'unchanged', 'old newer')] };
    expect(await ledger.begin(attempt(other))).toMatchObject({
      code: 'idempotency_key_reused',
      inDoubt: false,
      charged: { points: 1 },
    });
    const another = { ...other, names: [nameOf('key', 'changed', 'old newer')] };
    expect(await ledger.begin(attempt(another))).toMatchObject({
      code: 'idempotency_key_reused',
      inDoubt: true,
      charged: { points: 2 },
    });
  });

  it('answers right and wrong guesses alike once the limit is reached', async () => {
    await run(keyed('key'), CHANGED);
    for (let guess = 0; guess < 4; guess++) {
      await ledger.begin(attempt({ change: `${guess}`, names: [nameOf('key', 'key', `${guess}`)] }));
    }
    const [right, wrong] = [
      await ledger.begin(keyed('key')),
      await ledger.begin(attempt({ change: 'x', names: [nameOf('key', 'key', 'x')] })),
    ];
    expect(right).toEqual(wrong);
    expect(right).toMatchObject({ code: 'rate_limited', inDoubt: true, retryAfterMs: WINDOW_MS });
  });

  it('of an SDK that signs its retry anew promises nothing: what is known to be unchanged runs again', async () => {
    const call = (signature: string) =>
      signed(signature, { names: [nameOf('signature', signature), nameOf('invocation', 'id', signature)] });
    await run(call('one'), INCORRECT);
    expect(await ledger.begin(call('two'))).toMatchObject({ kind: 'run' });
    expect(await ledger.begin(call('three'))).toMatchObject({ code: 'request_in_progress' });
    now += LEASE_MS;
    expect(await ledger.begin(call('three'))).toMatchObject({ code: 'outcome_unresolved' });
  });
});

describe('"incorrect" is in doubt', () => {
  it('after an unknown outcome with the same current password, whatever the new one', async () => {
    await run(attempt(), UNKNOWN);
    const { doubt } = await run(attempt({ change: 'old newer' }), INCORRECT);
    expect(doubt).toBe('unknown');
    expect((await run(attempt({ change: 'older new', current: 'older' }), INCORRECT)).doubt).toBe('');
  });

  it('beside an attempt that ran meanwhile, and not beside one that AWS has refused', async () => {
    const [one, two, three] = [
      attempt(),
      attempt({ change: 'old newer' }),
      attempt({ change: 'old newest' }),
    ];
    for (const each of [one, two, three]) await ledger.begin(each);
    now += 10;
    expect((await ledger.end(one, INCORRECT)).doubt).toBe('unknown');
    expect((await ledger.end(two, INCORRECT)).doubt).toBe('unknown');
    expect((await ledger.end(three, INCORRECT)).doubt).toBe('');
  });

  it('beside one that changed the password meanwhile', async () => {
    const slow = attempt({ change: 'old newer' });
    await ledger.begin(slow);
    await run(attempt(), CHANGED);
    expect((await ledger.end(slow, INCORRECT)).doubt).toBe('unknown');
  });

  it('for an hour after this very change was told, with the request that made it', async () => {
    const done = attempt();
    await run(done, CHANGED);
    expect((await run(attempt(), INCORRECT)).doubt).toBe(`changed ${now - 10} ${done.requestId}`);
    expect((await run(attempt({ change: 'old newer' }), INCORRECT)).doubt).toBe('');
    // Whoever repeats what was done has guessed nothing; the other one has.
    expect((await ledger.begin(attempt({ change: 'x', mayRun: false }))).charged.points).toBe(1);
    now += CHANGED_MS;
    expect((await run(attempt(), INCORRECT)).doubt).toBe('');
  });

  it('after an attempt that died', async () => {
    await ledger.begin(attempt());
    now += LEASE_MS;
    expect((await run(attempt({ change: 'old newer' }), INCORRECT)).doubt).toBe('unknown');
  });

  it('and so is a new password that AWS refuses, beside the same change', async () => {
    await run(attempt(), UNKNOWN);
    expect((await run(attempt(), UNCHANGED)).doubt).toBe('unknown');
    expect((await run(attempt({ change: 'old newer' }), UNCHANGED)).doubt).toBe('');
  });

  it('and so is any answer that costs nothing, and after some of them whatever was tried', async () => {
    expect((await run(attempt(), THROTTLED)).doubt).toBe('');
    await run(attempt(), UNKNOWN);
    expect((await run(attempt(), THROTTLED)).doubt).toBe('unknown');
    const other = () => run(attempt({ change: 'old newer', current: 'other' }), THROTTLED);
    const doubts = [];
    for (let guess = 0; guess < 4; guess++) doubts.push((await other()).doubt);
    expect(doubts).toEqual(['', '', '', 'unknown']);
  });

  it('no more once the same change has succeeded', async () => {
    await run(attempt(), UNKNOWN);
    await run(attempt(), CHANGED);
    now += CHANGED_MS;
    expect((await run(attempt(), INCORRECT)).doubt).toBe('');
  });
});

describe('an answer of AWS about a credential that is proven here', () => {
  it('is in doubt beside the same change, too', async () => {
    await run(attempt(), UNKNOWN);
    expect((await run(attempt(), { ...THROTTLED, proven: false })).doubt).toBe('unknown');
  });
});

describe('an attempt that may not run', () => {
  it('has its answer when it is known, and is told whether the same change may have been made', async () => {
    await run(keyed('key'), CHANGED);
    expect(await ledger.begin(keyed('key', { mayRun: false }))).toMatchObject({ kind: 'replay' });
    expect(await ledger.begin(attempt({ mayRun: false }))).toMatchObject({
      code: 'not_admitted',
      inDoubt: true,
    });
    expect(await ledger.begin(attempt({ mayRun: false, change: 'x' }))).toMatchObject({ inDoubt: false });
    expect(await ledger.begin(attempt({ mayRun: false, caller: 'new' }))).toMatchObject({ inDoubt: false });
  });

  it('compares passwords no more often than the identity limit allows guesses, then it is in doubt', async () => {
    await run(attempt(), CHANGED);
    const refusal = (guess: number) => ledger.begin(attempt({ mayRun: false, change: `old ${guess}` }));
    const answers = [];
    for (let guess = 0; guess < 6; guess++) answers.push(await refusal(guess));
    expect(answers.map((answer) => 'inDoubt' in answer && answer.inDoubt)).toEqual([
      ...[false, false, false, false],
      ...[true, true],
    ]);
    now += WINDOW_MS;
    expect(await refusal(7)).toMatchObject({ inDoubt: false });
  });

  it('does not tell a stranger who has seen a key how the attempt of its owner ended', async () => {
    const keyOf = (signature: string, network: string) =>
      signed(signature, {
        network,
        names: [nameOf('signature', signature), { ...nameOf('key', 'seen', signature), onceProven: true }],
      });
    await run(keyOf('owner', 'home'), INCORRECT);
    expect(await ledger.begin(keyOf('again', 'home'))).toMatchObject({ inDoubt: false });
    expect(await ledger.begin(keyOf('junk', 'elsewhere'))).toMatchObject({
      code: 'idempotency_key_reused',
      inDoubt: true,
    });
  });

  it('tells a stranger nothing about passwords', async () => {
    await run(signed('owner'), CHANGED);
    const stranger = signed('junk', { mayRun: false, network: 'elsewhere' });
    expect(await ledger.begin(stranger)).toMatchObject({ code: 'not_admitted', inDoubt: false });
  });
});

describe('the identity limit', () => {
  it('counts what is charged and what runs, and says exactly when the next point is back', async () => {
    await run(attempt({ change: '0', current: '0' }), INCORRECT);
    now += 1_000;
    for (let guess = 1; guess < 4; guess++) {
      await run(attempt({ change: `${guess}`, current: `${guess}` }), INCORRECT);
    }
    const refused = await ledger.begin(attempt());
    expect(refused).toMatchObject({
      code: 'rate_limited',
      inDoubt: false,
      retryAfterMs: WINDOW_MS - 1_000 - 30,
      charged: { points: 4, lastMs: WINDOW_MS },
    });
    now += WINDOW_MS - 1_030;
    await ledger.begin(attempt());
    expect(await ledger.begin(attempt())).toMatchObject({ code: 'rate_limited', retryAfterMs: 1_000 });
  });

  it('of an access key id is told and enforced where AWS has proven the caller, and nowhere else', async () => {
    for (let guess = 0; guess < 4; guess++) {
      await run(signed(`guess-${guess}`, { current: `${guess}`, change: `${guess}` }), INCORRECT);
    }
    expect(await ledger.begin(signed('owner'))).toMatchObject({
      code: 'rate_limited',
      charged: { points: 4 },
    });
    const stranger = await ledger.begin(signed('junk', { network: 'elsewhere' }));
    expect(stranger).toMatchObject({ kind: 'run', charged: { points: 0 } });
  });

  it('counts runs of strangers where they come from', async () => {
    for (let run = 0; run < 4; run++) await ledger.begin(signed(`${run}`, { network: 'elsewhere' }));
    expect(await ledger.begin(signed('fifth', { network: 'elsewhere' }))).toMatchObject({
      code: 'rate_limited',
    });
    expect(await ledger.begin(signed('owner'))).toMatchObject({ kind: 'run' });
  });
});

describe('whoever leaves much behind', () => {
  it('with keys is told so, and costs nobody else anything; invocation ids are then not remembered', async () => {
    for (let key = 0; key < BOUNDS.names; key++) await run(keyed(`${key}`, { change: `${key}` }), UNCHANGED);
    expect(await ledger.begin(keyed('one more'))).toMatchObject({
      code: 'idempotency_unavailable',
      retryAfterMs: REMEMBER_MS - 10 * (BOUNDS.names - 1),
    });
    expect(await ledger.begin(keyed('0', { change: '0' }))).toMatchObject({ kind: 'replay' });
    const call = () => attempt({ names: [nameOf('invocation', 'id', 'old new')] });
    await run(call(), UNCHANGED);
    expect(await ledger.begin(call())).toMatchObject({ kind: 'run' });
    expect(await ledger.begin(keyed('key', { caller: 'another' }))).toMatchObject({ kind: 'run' });
  });

  it('in somebody’s name from elsewhere pushes out nothing that was proven, nor what came from the owner’s network', async () => {
    await run(signed('first'), CHANGED);
    await run(signed('unknown'), UNKNOWN_STRANGER);
    for (let junk = 0; junk < 2 * BOUNDS.outcomes; junk++) {
      await run(signed(`junk-${junk}`, { network: `elsewhere-${junk}` }), UNKNOWN_STRANGER);
    }
    expect(await ledger.begin(signed('first'))).toMatchObject({ kind: 'replay' });
    expect(await ledger.begin(signed('unknown'))).toMatchObject({ kind: 'replay', answer: 'unknown' });
    expect(await ledger.begin(signed('junk-0', { network: 'elsewhere-0' }))).toMatchObject({ kind: 'run' });
    expect(ledger.size).toBeLessThanOrEqual(2 * BOUNDS.outcomes + 6);
  });

  it('in somebody’s name at once, from many networks, leaves the owner room', async () => {
    await run(signed('first'), CHANGED);
    for (let junk = 0; junk < BOUNDS.names; junk++)
      await ledger.begin(signed(`junk-${junk}`, { network: `${junk}` }));
    expect(await ledger.begin(signed('second', { change: 'x y', current: 'x' }))).toMatchObject({
      kind: 'run',
    });
  });

  it('under 100,000 names of strangers costs a proven caller nothing, and leaves nothing when its time is over', async () => {
    await run(keyed('key'), CHANGED);
    await run(keyed('other', { change: 'x y', current: 'x' }), UNKNOWN);
    for (let flood = 0; flood < 110_000; flood++) {
      const junk = signed(`junk-${flood}`, { caller: `AKIA-${flood}`, network: `${flood}` });
      await ledger.begin(junk);
      await ledger.end(junk, UNKNOWN_STRANGER);
    }
    expect(ledger.size).toBeLessThanOrEqual(2 * 100_000 + 4);
    expect(await ledger.begin(keyed('key'))).toMatchObject({ kind: 'replay' });
    expect((await run(attempt({ change: 'x z', current: 'x' }), INCORRECT)).doubt).toBe('unknown');
    now += REMEMBER_MS + WINDOW_MS;
    for (let round = 0; round < 200; round++) ledger.sweep();
    expect([ledger.size, ledger.callerCount]).toEqual([0, 0]);
  });
});
