import type { Decision, Ending, Ledger, LedgerAttempt, Verdict } from './ledger.js';
import { NOTHING_CHARGED, RUNNING_RETRY_MS } from './ledger.js';
import type { MemoryLedger } from './memory-ledger.js';
import { LedgerUnavailable } from './redis-ledger.js';

/** Ends that wait for the shared ledger: of attempts that ran, and of those that were refused and may be noted as running. */
const MAX_LATE_ENDS = 100_000;
const MAX_LATE_UNDOS = 10_000;

/** What undoes an attempt that was refused though the shared ledger may have noted it. */
const NEVER_RAN: Ending = {
  state: 'unchanged',
  incorrect: false,
  judged: false,
  proven: false,
  charged: false,
  kept: false,
  answer: '',
  ranMs: 0,
};

interface LateEnd {
  readonly attempt: LedgerAttempt;
  readonly ending: Ending;
}

/** Ends that wait, by caller. */
class LateEnds {
  private readonly byCaller = new Map<string, LateEnd[]>();
  private ends = 0;
  private undos = 0;

  get size(): number {
    return this.ends + this.undos;
  }

  get callers(): string[] {
    return [...this.byCaller.keys()];
  }

  of(caller: string): readonly LateEnd[] {
    return [...(this.byCaller.get(caller) ?? [])];
  }

  /** Beyond the bound what is new is left out: its names then end as unresolved, which is no lie. */
  add(late: LateEnd): void {
    const isUndo = late.ending === NEVER_RAN;
    if (isUndo ? this.undos >= MAX_LATE_UNDOS : this.ends >= MAX_LATE_ENDS) return;
    const { caller } = late.attempt;
    this.byCaller.set(caller, [...this.of(caller), late]);
    this.count(late, 1);
  }

  remove(late: LateEnd): void {
    const { caller } = late.attempt;
    const rest = this.of(caller).filter((other) => other !== late);
    if (rest.length > 0) this.byCaller.set(caller, rest);
    else this.byCaller.delete(caller);
    this.count(late, -1);
  }

  private count({ ending }: LateEnd, by: 1 | -1): void {
    if (ending === NEVER_RAN) this.undos += by;
    else this.ends += by;
  }
}

/**
 * A ledger that replicas share, and the one of this process beside it. The shared one decides. While it cannot be reached,
 * an attempt with a key is refused, because nobody can keep its promise; any other is judged by this process alone, and what
 * became of it is written to the shared ledger when that is back.
 */
export class SharedLedger implements Ledger {
  /** Attempts that run without the shared ledger having let them, by id. */
  private readonly alone = new Map<string, LedgerAttempt>();
  /** Those of them that the shared ledger was told of meanwhile. */
  private readonly announced = new Set<string>();
  private readonly lateEnds = new LateEnds();
  private writing: Promise<void> | undefined;

  /**
   * @param shared the ledger of all replicas
   * @param own the ledger of this process
   */
  constructor(
    private readonly shared: Ledger,
    private readonly own: MemoryLedger,
  ) {}

  /** @inheritdoc */
  async begin(attempt: LedgerAttempt): Promise<Decision> {
    // What this process has run is known to it for certain, also when the shared ledger lost it or does not know it yet.
    const known = await this.own.recallSignature(attempt);
    if (known !== undefined) return known;
    let decision: Decision;
    try {
      await this.writeLateOf(attempt.caller);
      decision = await this.shared.begin(attempt);
    } catch (error) {
      return this.beginAlone(attempt, error);
    }
    if (decision.kind === 'run') this.own.note(attempt);
    return decision;
  }

  /** @inheritdoc */
  async end(attempt: LedgerAttempt, ending: Ending): Promise<Verdict> {
    this.announced.delete(attempt.id);
    if (!this.alone.delete(attempt.id)) {
      try {
        await this.writeLateOf(attempt.caller);
        const verdict = await this.shared.end(attempt, ending);
        await this.own.end(attempt, { ...ending, told: verdict.doubt });
        return verdict;
      } catch (error) {
        if (!(error instanceof LedgerUnavailable)) throw error;
      }
    }
    const { doubt, charged } = await this.own.end(attempt, ending);
    const suspected = doubt === '' && isSuspect(attempt, ending) ? 'unknown' : doubt;
    await this.own.end(attempt, { ...ending, told: suspected });
    this.lateEnds.add({ attempt, ending: { ...ending, told: suspected } });
    return { doubt: suspected, charged };
  }

  /** Writes to the shared ledger what it could not take before. Never rejects. */
  writeLate(): Promise<void> {
    return (this.writing ??= this.writeAll().finally(() => {
      this.writing = undefined;
    }));
  }

  /** Ends that wait for the shared ledger. */
  get late(): number {
    return this.lateEnds.size;
  }

  private async beginAlone(attempt: LedgerAttempt, error: unknown): Promise<Decision> {
    if (!(error instanceof LedgerUnavailable)) throw error;
    if (attempt.names.some(({ kind }) => kind === 'key')) {
      if (error.mayHaveApplied) this.lateEnds.add({ attempt, ending: NEVER_RAN });
      return {
        kind: 'refused',
        code: 'idempotency_unavailable',
        inDoubt: true,
        retryAfterMs: RUNNING_RETRY_MS,
        charged: NOTHING_CHARGED,
      };
    }
    const decision = await this.own.begin(attempt);
    if (decision.kind === 'run') this.alone.set(attempt.id, attempt);
    else if (error.mayHaveApplied) this.lateEnds.add({ attempt, ending: NEVER_RAN });
    // Nobody here knows what other replicas have done.
    return decision.kind === 'refused' ? { ...decision, inDoubt: true } : decision;
  }

  /** A caller is not judged by a ledger that does not know what runs here and what has ended meanwhile. */
  private async writeLateOf(caller: string): Promise<void> {
    for (const attempt of this.alone.values()) {
      if (attempt.caller !== caller || this.announced.has(attempt.id)) continue;
      await this.shared.begin({ ...attempt, runs: true });
      if (this.alone.has(attempt.id)) this.announced.add(attempt.id);
    }
    for (const late of this.lateEnds.of(caller)) {
      await this.shared.end(late.attempt, late.ending);
      this.lateEnds.remove(late);
    }
  }

  private async writeAll(): Promise<void> {
    const running = [...this.alone.values()].map(({ caller }) => caller);
    for (const caller of new Set([...this.lateEnds.callers, ...running])) {
      try {
        await this.writeLateOf(caller);
      } catch (error) {
        if (!(error instanceof LedgerUnavailable)) throw error;
        // Nothing can be sent now. What Redis alone refuses must not hold up the others.
        if (!error.mayHaveApplied) return;
      }
    }
  }
}

/**
 * Nobody knows what runs on other replicas: "incorrect" may be the answer to a change that was just made there, and what AWS
 * did not look at may have been done there. A new password that AWS refuses was refused there, too.
 */
function isSuspect(attempt: LedgerAttempt, { state, incorrect, judged, proven }: Ending): boolean {
  return state === 'unchanged' && (proven || attempt.proven) && (incorrect || !judged);
}
