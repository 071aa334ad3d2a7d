import { begin, note } from './begin.js';
import { CallerRecord } from './caller-record.js';
import { end } from './end.js';
import {
  type AttemptName,
  type Decision,
  type Ending,
  type Ledger,
  type LedgerAttempt,
  type LedgerRules,
  type Verdict,
} from './ledger.js';

/** Most outcomes of callers whom nobody has proven, some 500 bytes each; beyond that the oldest go. */
const MAX_UNPROVEN = 100_000;

/** Most names of all callers together, some 400 bytes each. */
const MAX_NAMES_OF_ALL = 1_000_000;

/** So many go at once, because the way to the oldest leads past all that went before. */
const FORGOTTEN_AT_ONCE = 1_000;

/** Callers that one sweep looks at: 0.1 ms of work. */
const SWEPT_AT_ONCE = 1_000;

/** The ledger in this process: bounded, and it ends with the process. It is also the model that the one in Redis is held to. */
export class MemoryLedger implements Ledger {
  private readonly callers = new Map<string, CallerRecord>();
  /** Outcomes of callers whom nobody has proven, the oldest first: id of the attempt, and its caller. */
  private readonly unproven = new Map<string, string>();
  /** The rules when there is no room for any name. */
  private readonly full: LedgerRules;
  private toSweep: string[] = [];
  private names = 0;

  /**
   * @param given the numbers of the protocol
   * @param now the clock, in milliseconds since 1970
   */
  constructor(
    private readonly given: LedgerRules,
    private readonly now: () => number = Date.now,
  ) {
    this.full = { ...given, bounds: { ...given.bounds, names: 0 } };
  }

  /** @inheritdoc */
  begin(attempt: LedgerAttempt): Promise<Decision> {
    const { rules } = this;
    const decide = (record: CallerRecord): Decision => begin(record, attempt, rules, this.now());
    return Promise.resolve(this.with(attempt.caller, decide));
  }

  /** @inheritdoc */
  end(attempt: LedgerAttempt, ending: Ending): Promise<Verdict> {
    const verdict = this.with(attempt.caller, (record) => {
      const settled = end(record, attempt, ending, this.rules, this.now());
      if (record.attempts.get(attempt.id)?.proven === false) this.unproven.set(attempt.id, attempt.caller);
      return settled;
    });
    if (this.unproven.size > MAX_UNPROVEN) this.forgetOldest();
    return Promise.resolve(verdict);
  }

  /** Notes an attempt as running that another store has let run. */
  note(attempt: LedgerAttempt): void {
    this.with(attempt.caller, (record) => {
      const { rules } = this;
      const hasRoom = record.hasRoomFor(attempt.names.length, attempt, rules.bounds.names);
      note(record, attempt, hasRoom ? attempt.names : [], rules, this.now());
    });
  }

  /** What is known here of the signature of an attempt; undefined when it is not. */
  recallSignature(attempt: LedgerAttempt): Promise<Decision | undefined> {
    const known = this.callers.get(attempt.caller);
    const signature = attempt.names.find(({ kind }) => kind === 'signature');
    if (known === undefined || signature === undefined || !this.knows(known, signature)) {
      return Promise.resolve(undefined);
    }
    return this.begin({ ...attempt, names: [signature] });
  }

  /** Names and outcomes that are remembered, of all callers. */
  get size(): number {
    let size = 0;
    for (const { names, attempts } of this.callers.values()) size += names.size + attempts.size;
    return size;
  }

  /** Callers of whom anything is remembered. */
  get callerCount(): number {
    return this.callers.size;
  }

  /** Forgets what is over, of a part of the callers; to be called again and again. */
  sweep(): void {
    if (this.toSweep.length === 0) this.toSweep = [...this.callers.keys()];
    for (const caller of this.toSweep.splice(-SWEPT_AT_ONCE)) {
      this.with(caller, (record) => {
        record.prune(this.now());
      });
    }
    for (const [id, caller] of this.unproven) {
      if (this.callers.get(caller)?.attempts.has(id) === true) break;
      this.unproven.delete(id);
    }
  }

  private get rules(): LedgerRules {
    return this.names < MAX_NAMES_OF_ALL ? this.given : this.full;
  }

  private knows(record: CallerRecord, { name }: AttemptName): boolean {
    const known = record.names.get(name);
    return known !== undefined && known.expiresAt > this.now();
  }

  /** Does something to what is remembered of a caller, and keeps nothing of one of whom nothing is left. */
  private with<Result>(caller: string, work: (record: CallerRecord) => Result): Result {
    const record = this.callers.get(caller) ?? new CallerRecord();
    const before = record.names.size;
    const result = work(record);
    this.names += record.names.size - before;
    if (record.empty) this.callers.delete(caller);
    else this.callers.set(caller, record);
    return result;
  }

  private forgetOldest(): void {
    let left = FORGOTTEN_AT_ONCE;
    for (const [id, caller] of this.unproven) {
      if (left-- === 0) break;
      this.unproven.delete(id);
      this.with(caller, (record) => {
        const outcome = record.attempts.get(id);
        // Where somebody was proven from the same network since, it is no stranger's.
        if (outcome && !record.trusts(outcome)) record.forget(id);
      });
    }
  }
}
