import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { begin } from '../src/ledger/begin.js';
import { CallerRecord } from '../src/ledger/caller-record.js';
import { end } from '../src/ledger/end.js';
import {
  type AttemptName,
  BOUNDS,
  type Ending,
  type LedgerAttempt,
  type LedgerRules,
} from '../src/ledger/ledger.js';
import { RedisLedger } from '../src/ledger/redis-ledger.js';
import { describeWithRedis, RedisServer } from './support/redis-server.js';

const OPERATIONS = 10_000;

/** A random generator with a seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describeWithRedis('the scripts of the ledger', () => {
  let redis: RedisServer;
  /** A patient one: this is no test of how long a command may take. */
  let client: Redis;

  beforeAll(async () => {
    redis = await RedisServer.start();
    client = new Redis(redis.url);
  });

  afterAll(async () => {
    client.disconnect();
    await redis.end();
  });

  it.each<readonly [string, number, LedgerRules]>([
    [
      'a limit, and leases that end soon',
      1,
      { limit: { points: 3, seconds: 1 }, leaseMs: 20, bounds: BOUNDS },
    ],
    [
      'no limit, and room for little',
      2,
      { limit: undefined, leaseMs: 50, bounds: { names: 6, outcomes: 3, networks: 2 } },
    ],
  ])(
    'decide as the in-process ledger does, at the same moments: %s',
    async (_what, seed, rules) => {
      const random = seeded(seed);
      const pick = <Item>(list: readonly Item[]): Item => list[Math.floor(random() * list.length)] as Item;
      const chance = (part: number): boolean => random() < part;
      const run = randomUUID();
      const scripts = new RedisLedger(client, rules);
      const model = new Map<string, CallerRecord>();
      const running: LedgerAttempt[] = [];

      function someAttempt(number: number): LedgerAttempt {
        const proven = chance(0.5);
        const caller = `${run}-${proven ? 'proven' : 'signed'}-${pick([1, 2])}`;
        const [current, next] = [pick(['a', 'b']), pick(['c', 'd'])];
        const names: AttemptName[] = [];
        let binding = `${current} ${next}`;
        if (!proven) {
          binding = `signature-${pick([1, 2, 3, 4, 5, 6])}`;
          names.push({
            kind: 'signature',
            name: binding,
            binding,
            keepMs: pick([30, 900_000]),
            onceProven: false,
          });
        }
        const kind = pick(['key', 'invocation', 'none'] as const);
        if (kind !== 'none') {
          const name = `${kind}-${pick([1, 2, 3])}`;
          const named = { kind, binding, keepMs: pick([30, 86_400_000]) };
          if (!proven) names.push({ ...named, name: `${name}-here`, onceProven: false });
          names.push({ ...named, name, onceProven: !proven });
        }
        return {
          ...{ id: `${number}`, requestId: `request-${number}`, caller, proven, names },
          network: proven ? '' : pick(['home', 'street', 'office', 'train']),
          ...{ change: `${current} ${next}`, current, mayRun: chance(0.9) },
          ...(chance(0.05) && { runs: true as const }),
        };
      }

      function someEnding(): Ending {
        const state = pick(['changed', 'unchanged', 'unchanged', 'unchanged', 'unknown'] as const);
        const proven = state === 'changed' || chance(0.7);
        const incorrect = state === 'unchanged' && proven && chance(0.6);
        return {
          judged: incorrect || chance(0.5),
          ...{ state, incorrect, proven, answer: `{"an":"answer ${random()}"}`, ranMs: pick([1, 50]) },
          charged: incorrect && chance(0.8),
          kept: state !== 'unchanged' || chance(0.6),
          ...(chance(0.05) && { told: pick(['', 'unknown', 'changed 1 request-1'] as const) }),
        };
      }

      for (let number = 0; number < OPERATIONS / 2; number++) {
        const ends = running.length > 0 && chance(0.55);
        const attempt = ends
          ? running.splice(Math.floor(random() * running.length), 1)[0]!
          : someAttempt(number);
        const record = model.get(attempt.caller) ?? new CallerRecord();
        model.set(attempt.caller, record);
        if (ends) {
          const ending = someEnding();
          const { now, ...verdict } = (await scripts.end(attempt, ending)) as unknown as { now: number };
          expect(verdict).toEqual(end(record, attempt, ending, rules, now));
        } else {
          const { now, ...decision } = (await scripts.begin(attempt)) as unknown as { now: number };
          expect(decision).toEqual(begin(record, attempt, rules, now));
          if ('kind' in decision && decision.kind === 'run') running.push(attempt);
        }
        if (chance(0.01)) await sleep(25);
      }
      const stored = await redis.everything();
      expect([...stored.keys()].every((key) => key.startsWith('pgw:{'))).toBe(true);
    },
    60_000,
  );
});
