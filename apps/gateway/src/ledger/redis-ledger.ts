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

type Script = (
  keyCount: number,
  ...keysAndArguments: string[]
) => Promise<[question: string, answer: string]>;

/**
 * A script whose answer names its question. A client that takes an answer for that to another question, as ioredis does once
 * a part of a pipeline was left unwritten, would tell one caller what became of the password of another.
 */
function named(script: string): string {
  return `local function answer()\n${script}\nend\nreturn {ARGV[#ARGV], answer()}`;
}

/**
 * The ledger in Redis, shared by replicas. Each operation is one script that Redis runs as one step; scripts are called by
 * their hash, and sent whole only to a server that does not know them yet.
 */
export class RedisLedger implements Ledger {
  private readonly scripts: { readonly ledgerBegin: Script; readonly ledgerEnd: Script };
  private readonly rules: string;
  private questions = 0;

  /**
   * @param client of a single Redis, a cluster, or one behind Sentinel
   * @param rules the numbers of the protocol
   * @param onFailure told what the client says when Redis has not answered
   */
  constructor(
    private readonly client: RedisClient,
    { limit, leaseMs, bounds }: LedgerRules,
    private readonly onFailure: (cause: unknown) => void = () => undefined,
  ) {
    client.defineCommand('ledgerBegin', { lua: named(BEGIN) });
    client.defineCommand('ledgerEnd', { lua: named(END) });
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
    return this.ask('ledgerBegin', attempt, []) as Promise<Decision>;
  }

  /**
   * @inheritdoc
   * @throws LedgerUnavailable
   */
  end(attempt: LedgerAttempt, ending: Ending): Promise<Verdict> {
    return this.ask('ledgerEnd', attempt, [JSON.stringify(ending)]) as Promise<Verdict>;
  }

  private async ask(
    script: keyof RedisLedger['scripts'],
    attempt: LedgerAttempt,
    more: readonly string[],
  ): Promise<unknown> {
    const keys = keysOf(attempt);
    const question = `${script} ${(this.questions += 1)}`;
    try {
      const written = [JSON.stringify(attempt), this.rules, ...more, question];
      const [answered, answer] = await this.scripts[script](keys.length, ...keys, ...written);
      if (answered === question) return JSON.parse(answer);
    } catch (cause) {
      this.onFailure(cause);
      throw new LedgerUnavailable(!(cause instanceof Error && NOT_SENT.test(cause.message)), cause);
    }
    // All that comes over this connection from now on is as wrong.
    if (this.client.status === 'ready') this.client.disconnect(true);
    throw new LedgerUnavailable(true, new Error('Redis answered another question'));
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
