import type { ChargedPoints, Doubt, LedgerAttempt, LedgerRules } from './ledger.js';

/** What is remembered of an attempt that runs, changed the password, or ended as unknown. */
export interface RememberedAttempt {
  state: 'running' | 'changed' | 'unknown';
  readonly requestId: string;
  readonly change: string;
  readonly current: string;
  readonly network: string;
  /** Whether the caller was proven when it began, or by its answer. */
  proven: boolean;
  readonly startedAt: number;
  readonly leaseUntil: number;
  /** 0 while it runs. */
  endedAt: number;
  expiresAt: number;
  readonly names: readonly string[];
}

/** What a name stands for. */
export interface RememberedName {
  readonly attempt: string;
  readonly binding: string;
  readonly leaseUntil: number;
  expiresAt: number;
  /** Whether another request came under it: then it says no more than the identity limit allows. */
  mismatched: boolean;
  /** The first answer; undefined while it runs. */
  answer: string | undefined;
  doubt: Doubt;
  /** How the attempt ended; `running` before. */
  state: 'running' | 'changed' | 'unchanged' | 'unknown';
}

/** Whether an attempt's caller is proven, and from which network it comes. */
interface From {
  readonly proven: boolean;
  readonly network: string;
}

/** All that is remembered of one caller. */
export class CallerRecord {
  /** By id of the attempt. */
  readonly attempts = new Map<string, RememberedAttempt>();
  /** By hash of the name. */
  readonly names = new Map<string, RememberedName>();
  /** When each charged point is given back, by id of the attempt that cost it. */
  readonly charges = new Map<string, number>();
  /** Until when each comparison counts that cost nothing, by id of the attempt that was told. */
  readonly comparisons = new Map<string, number>();
  /** Until when a network counts as one that this caller was proven from. */
  readonly networks = new Map<string, number>();
  /** Nothing is over before. */
  private firstEnd = Infinity;

  /** Whether nothing is remembered. */
  get empty(): boolean {
    return [...this.entries, ...this.ends].every(({ size }) => size === 0);
  }

  /** Remembers an attempt. */
  setAttempt(id: string, attempt: RememberedAttempt): void {
    this.attempts.set(id, attempt);
    this.endsAt(attempt.expiresAt);
  }

  /** Remembers what a name stands for. */
  setName(name: string, known: RememberedName): void {
    this.names.set(name, known);
    this.endsAt(known.expiresAt);
  }

  /** Charges a point for an attempt. */
  charge(id: string, expiresAt: number): void {
    this.charges.set(id, expiresAt);
    this.endsAt(expiresAt);
  }

  /** The caller was proven from a network. Beyond the bound the one goes that was proven longest ago. */
  trustNetwork(network: string, expiresAt: number, maxNetworks: number): void {
    this.networks.set(network, expiresAt);
    if (this.networks.size > maxNetworks) {
      // Of those of one millisecond the first by name, as a sorted set of Redis has it.
      const ends = [...this.networks].sort(([one, end], [other, otherEnd]) =>
        end === otherEnd ? (one < other ? -1 : 1) : end - otherEnd,
      );
      this.networks.delete(ends[0]?.[0] ?? '');
    }
    this.endsAt(expiresAt);
  }

  /** Forgets an attempt and its names. */
  forget(id: string): void {
    for (const name of this.attempts.get(id)?.names ?? []) {
      if (this.names.get(name)?.attempt === id) this.names.delete(name);
    }
    this.attempts.delete(id);
  }

  /** A comparison of passwords that cost nothing was told. */
  compare(id: string, expiresAt: number): void {
    this.comparisons.set(id, expiresAt);
    this.endsAt(expiresAt);
  }

  /** Forgets what is over. */
  prune(now: number): void {
    if (now < this.firstEnd) return;
    this.firstEnd = Infinity;
    for (const map of this.entries) {
      for (const [key, { expiresAt }] of map) {
        if (expiresAt <= now) map.delete(key);
        else this.endsAt(expiresAt);
      }
    }
    for (const map of this.ends) {
      for (const [key, expiresAt] of map) {
        if (expiresAt <= now) map.delete(key);
        else this.endsAt(expiresAt);
      }
    }
  }

  private get entries(): readonly Map<string, { readonly expiresAt: number }>[] {
    return [this.attempts, this.names];
  }

  private get ends(): readonly Map<string, number>[] {
    return [this.charges, this.comparisons, this.networks];
  }

  private endsAt(expiresAt: number): void {
    if (expiresAt < this.firstEnd) this.firstEnd = expiresAt;
  }

  /** Whether an attempt is the caller's own for certain: it is proven, or comes from where the caller was. */
  trusts({ proven, network }: From): boolean {
    return proven || this.networks.has(network);
  }

  /**
   * Whether there is room for more names. What strangers leave in a caller's name takes no room from the caller; of them,
   * each network has its own.
   */
  hasRoomFor(count: number, from: From, maxNames: number): boolean {
    if (this.names.size + count <= maxNames) return true;
    const isTrusted = this.trusts(from);
    let strange = 0;
    for (const other of this.attempts.values()) {
      if (!this.trusts(other) && (isTrusted || other.network === from.network)) strange += other.names.length;
    }
    const used = isTrusted ? this.names.size - strange : strange;
    return Math.max(0, used) + count <= maxNames;
  }

  /**
   * Whether another attempt of a proven caller may have made this very change: for an answer that costs nothing. So many of
   * them compare passwords as the identity limit has points; the others, whatever they hold, are in doubt, or one could test
   * guesses at the passwords of an earlier attempt by them without end.
   */
  doubtFreely({ id, change }: LedgerAttempt, { limit }: LedgerRules, now: number): boolean {
    const others = [...this.attempts].filter(([other]) => other !== id);
    if (others.length === 0) return false;
    if (limit) {
      if (this.comparisons.size >= limit.points) return true;
      this.compare(id, now + limit.seconds * 1000);
    }
    return others.some(([, other]) => other.change === change);
  }

  /** How often somebody failed is nothing to tell a stranger who knows an access key id. */
  chargedTo(from: From, now: number): ChargedPoints {
    const charges = this.trusts(from) ? [...this.charges.values()] : [];
    const left = charges.map((expiresAt) => expiresAt - now);
    return {
      points: left.length,
      firstMs: left.length > 0 ? Math.min(...left) : 0,
      lastMs: left.length > 0 ? Math.max(...left) : 0,
    };
  }
}
