import type { RedisClient } from '../redis/redis-client.js';
import { BEGIN } from './begin.lua.js';
import { END } from './end.lua.js';
import type { Decision, Ending, Ledger, LedgerAttempt, LedgerRules, Verdict } from './ledger.js';

/** Redis did not answer. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';

  /**
   * @param mayHaveApplied whether the operation may have been carried out all the same
   * @param cause what the client said
   */
  constructor(
    readonly mayHaveApplied: boolean,
    cause: unknown,
  ) {
    super('Redis did not answer', { cause });
  }
}

/** What ioredis says when it has sent nothing. */
const NOT_SENT = /enableOfflineQueue options is false|All sentinels|ClusterAllFailed/;

type Script = (keyCount: number, ...keysAndArguments: (string | number)[]) => Promise<string>;

/**
 * The ledger in Redis, shared by replicas. Each operation is one script that Redis runs as one step; scripts are called by
 * their hash, and sent whole only to a server that does not know them yet.
 */
export class RedisLedger implements Ledger {
  private readonly scripts: { readonly ledgerBegin: Script; readonly ledgerEnd: Script };
  private readonly rules: string;

  /**
   * @param client of a single Redis, a cluster, or one behind Sentinel
   * @param rules the numbers of the protocol
   */
  constructor(client: RedisClient, { limit, leaseMs, bounds }: LedgerRules) {
    client.defineCommand('ledgerBegin', { lua: BEGIN });
    client.defineCommand('ledgerEnd', { lua: END });
    this.scripts = client as unknown as typeof this.scripts;
    this.rules = JSON.stringify({
      points: limit?.points ?? 0,
      limitMs: (limit?.seconds ?? 0) * 1000,
      ...{ leaseMs, bounds },
    });
  }

  /**
   * @inheritdoc
   * @throws LedgerUnavailable
   */
  begin(attempt: LedgerAttempt): Promise<Decision> {
    const keys = keysOf(attempt);
    return answered(
      this.scripts.ledgerBegin(keys.length, ...keys, JSON.stringify(attempt), this.rules),
    ) as Promise<Decision>;
  }

  /**
   * @inheritdoc
   * @throws LedgerUnavailable
   */
  end(attempt: LedgerAttempt, ending: Ending): Promise<Verdict> {
    const keys = keysOf(attempt);
    const written = [JSON.stringify(attempt), this.rules, JSON.stringify(ending)];
    return answered(this.scripts.ledgerEnd(keys.length, ...keys, ...written)) as Promise<Verdict>;
  }
}

/** All keys of a caller stand behind one hash tag: a cluster keeps them on one node. */
function keysOf({ caller, names }: LedgerAttempt): string[] {
  const own = `pgw:{${caller}}:`;
  return [
    `${own}attempts`,
    `${own}names`,
    `${own}charges`,
    `${own}networks`,
    `${own}comparisons`,
    ...names.map(({ name }) => `${own}name:${name}`),
  ];
}

async function answered(command: Promise<string>): Promise<unknown> {
  try {
    return JSON.parse(await command);
  } catch (cause) {
    throw new LedgerUnavailable(!(cause instanceof Error && NOT_SENT.test(cause.message)), cause);
  }
}
