import { expect, it, jest } from '@jest/globals';

import type { RedisClient } from '../redis/redis-client.js';
import type { Ending, LedgerAttempt } from './ledger.js';
import { LedgerUnavailable, RedisLedger } from './redis-ledger.js';

const RULES = {
  limit: { points: 4, seconds: 900 },
  leaseMs: 15_000,
  bounds: { names: 1, outcomes: 1, networks: 1 },
};
const DECISION = '{"kind":"run"}';

const ATTEMPT: LedgerAttempt = {
  ...{ id: 'id', requestId: 'request', caller: 'caller', proven: true, network: '' },
  ...{ change: 'old new', current: 'old', names: [], mayRun: true },
};
const ENDING: Ending = {
  ...{ state: 'changed', incorrect: false, judged: true, proven: true, charged: false, kept: true },
  ...{ answer: 'changed', ranMs: 1 },
};

/** A client that answers each question as it is told, and its ledger. */
function answering(reply: (question: string) => unknown) {
  const answer = (...words: readonly unknown[]): Promise<unknown> =>
    Promise.resolve(reply(String(words.at(-1))));
  const client = {
    status: 'ready',
    disconnect: jest.fn(),
    defineCommand: jest.fn(),
    ledgerBegin: answer,
    ledgerEnd: answer,
  };
  return { client, ledger: new RedisLedger(client as unknown as RedisClient, RULES) };
}

it('takes the answer to its question', async () => {
  const { client, ledger } = answering((question) => [question, DECISION]);
  expect(await ledger.begin(ATTEMPT)).toEqual({ kind: 'run' });
  expect(client.disconnect).not.toHaveBeenCalled();
});

it('no two questions are alike', async () => {
  const questions = new Set<string>();
  const { ledger } = answering((question) => {
    questions.add(question);
    return [question, DECISION];
  });
  await ledger.begin(ATTEMPT);
  await ledger.end(ATTEMPT, ENDING);
  await ledger.begin(ATTEMPT);
  await ledger.end(ATTEMPT, ENDING);
  expect(questions.size).toBe(4);
});

it.each<readonly [string, unknown]>([
  ['the answer to another question of the ledger', ['ledgerBegin 99', DECISION]],
  ['points of an address', ['1', 60_000]],
  ['a plain word', 'OK'],
])('takes %s for none, and drops the connection', async (_what, reply) => {
  const { client, ledger } = answering(() => reply);
  for (const asked of [() => ledger.begin(ATTEMPT), () => ledger.end(ATTEMPT, ENDING)]) {
    client.disconnect.mockClear();
    const error: unknown = await asked().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LedgerUnavailable);
    expect(error).toMatchObject({ mayHaveApplied: true });
    expect(client.disconnect).toHaveBeenCalledWith(true);
  }
});

it('does not end a connection that is not there', async () => {
  const { client, ledger } = answering(() => ['ledgerBegin 99', DECISION]);
  client.status = 'reconnecting';
  await expect(ledger.begin(ATTEMPT)).rejects.toThrow(LedgerUnavailable);
  expect(client.disconnect).not.toHaveBeenCalled();
});

it.each<readonly [string, boolean]>([
  ["Cluster isn't ready and enableOfflineQueue options is false", false],
  ["Stream isn't writeable and enableOfflineQueue options is false", false],
  ['Connection is closed.', true],
  ['Command timed out', true],
])('knows whether a script may have run after: %s', async (message, mayHaveApplied) => {
  const { ledger } = answering(() => {
    throw new Error(message);
  });
  await expect(ledger.begin(ATTEMPT)).rejects.toMatchObject({ name: 'LedgerUnavailable', mayHaveApplied });
});
