import { beforeEach, describe, expect, it } from '@jest/globals';

import { BOUNDS, type Ending, type Ledger, type LedgerAttempt } from './ledger.js';
import { MemoryLedger } from './memory-ledger.js';
import { LedgerUnavailable } from './redis-ledger.js';
import { SharedLedger } from './shared-ledger.js';

const RULES = { limit: { points: 4, seconds: 900 }, leaseMs: 15_000, bounds: BOUNDS };
const CHANGED: Ending = {
  ...{ state: 'changed', incorrect: false, judged: true, proven: true, charged: false, kept: true },
  answer: 'changed',
  ranMs: 1,
};
const INCORRECT: Ending = {
  ...CHANGED,
  state: 'unchanged',
  incorrect: true,
  charged: true,
  answer: 'incorrect',
};

/** What a line to Redis may do with an operation. */
type Line = 'up' | 'not sent' | 'answer lost';

let line: Line;
let there: MemoryLedger;
let ledger: SharedLedger;
let ids = 0;

beforeEach(() => {
  line = 'up';
  there = new MemoryLedger(RULES);
  const over = async <Result>(operation: () => Promise<Result>): Promise<Result> => {
    if (line === 'not sent') throw new LedgerUnavailable(false, undefined);
    const result = await operation();
    if (line === 'answer lost') throw new LedgerUnavailable(true, undefined);
    return result;
  };
  const remote: Ledger = {
    begin: (attempt) => over(() => there.begin(attempt)),
    end: (attempt, ending) => over(() => there.end(attempt, ending)),
  };
  ledger = new SharedLedger(remote, new MemoryLedger(RULES));
});

function attempt(own: Partial<LedgerAttempt> = {}): LedgerAttempt {
  const id = `${++ids}`;
  return {
    ...{ id, requestId: `request-${id}`, caller: 'caller', proven: true, network: '' },
    ...{ change: 'old new', current: 'old', names: [], mayRun: true },
    ...own,
  };
}

function named(kind: 'key' | 'signature', name: string, own: Partial<LedgerAttempt> = {}): LedgerAttempt {
  return attempt({ names: [{ kind, name, binding: name, keepMs: 60_000, onceProven: false }], ...own });
}

describe('while the shared ledger is away', () => {
  it('a key is refused, and whether an earlier request changed the password is not known', async () => {
    line = 'not sent';
    expect(await ledger.begin(named('key', 'a'))).toMatchObject({
      code: 'idempotency_unavailable',
      inDoubt: true,
    });
  });

  it('20,000 refusals of which nothing was sent leave nothing to write, and the end of a run finds its place', async () => {
    line = 'not sent';
    const run = named('signature', 'signed');
    await ledger.begin(run);
    for (let refused = 0; refused < 20_000; refused++) {
      await ledger.begin(named('key', `${refused}`, { caller: `${refused}` }));
    }
    await ledger.end(run, CHANGED);
    expect(ledger.late).toBe(1);
    line = 'up';
    await ledger.writeLate();
    expect(ledger.late).toBe(0);
    expect(await there.begin(named('signature', 'signed'))).toMatchObject({
      kind: 'replay',
      answer: 'changed',
    });
  });

  it('a key that was noted and not confirmed is free again when the ledger is back', async () => {
    line = 'answer lost';
    expect(await ledger.begin(named('key', 'a'))).toMatchObject({ code: 'idempotency_unavailable' });
    line = 'up';
    expect(await there.begin(named('key', 'a'))).toMatchObject({ code: 'request_in_progress' });
    await ledger.writeLate();
    expect(await there.begin(named('key', 'a'))).toMatchObject({ kind: 'run' });
  });

  it.each<Line>(['not sent', 'answer lost'])('"incorrect" is not believed: %s', async (state) => {
    line = state;
    const run = attempt();
    expect(await ledger.begin(run)).toMatchObject({ kind: 'run' });
    expect(await ledger.end(run, INCORRECT)).toMatchObject({ doubt: 'unknown', charged: { points: 1 } });
  });

  it('"incorrect" is not believed when it went away in the middle', async () => {
    const run = attempt();
    await ledger.begin(run);
    line = 'not sent';
    expect(await ledger.end(run, INCORRECT)).toMatchObject({ doubt: 'unknown' });
  });

  it('a signature that ran here does not run again here', async () => {
    line = 'not sent';
    const run = named('signature', 'signed');
    await ledger.begin(run);
    await ledger.end(run, CHANGED);
    expect(await ledger.begin(named('signature', 'signed'))).toMatchObject({ kind: 'replay' });
  });
});

describe('when the shared ledger is back', () => {
  it('a run that began alone and has not ended yet makes the next one of its caller doubtful', async () => {
    line = 'not sent';
    await ledger.begin(attempt());
    line = 'up';
    const next = attempt();
    await ledger.begin(next);
    expect(await ledger.end(next, INCORRECT)).toMatchObject({ doubt: 'unknown' });
    expect(await ledger.begin(attempt({ mayRun: false }))).toMatchObject({
      code: 'not_admitted',
      inDoubt: true,
    });
  });

  it('a caller whose ends wait is judged after they were written', async () => {
    line = 'not sent';
    const run = attempt();
    await ledger.begin(run);
    await ledger.end(run, { ...CHANGED, state: 'unknown' });
    line = 'up';
    const next = attempt({ change: 'old newer' });
    await ledger.begin(next);
    expect(await ledger.end(next, INCORRECT)).toMatchObject({ doubt: 'unknown' });
    expect(ledger.late).toBe(0);
  });
});
