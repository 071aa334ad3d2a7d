import type { Doubt } from './ledger.js';

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

/** All that is remembered of one caller. */
export class CallerRecord {
  /** By id of the attempt. */
  readonly attempts = new Map<string, RememberedAttempt>();
  /** By hash of the name. */
  readonly names = new Map<string, RememberedName>();
  /** When each charged point is given back, by id of the attempt that cost it. */
  readonly charges = new Map<string, number>();
  /** Until when a network counts as one that this caller was proven from. */
  readonly networks = new Map<string, number>();
  /** Nothing is over before. */
  private firstEnd = Infinity;

  /** Whether nothing is remembered. */
  get empty(): boolean {
    return this.attempts.size + this.names.size + this.charges.size + this.networks.size === 0;
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

  /** The caller was proven from a network. */
  trustNetwork(network: string, expiresAt: number): void {
    this.networks.set(network, expiresAt);
    this.endsAt(expiresAt);
  }

  /** Forgets what is over. */
  prune(now: number): void {
    if (now < this.firstEnd) return;
    for (const [id, { expiresAt }] of this.attempts) if (expiresAt <= now) this.attempts.delete(id);
    for (const [name, { expiresAt }] of this.names) if (expiresAt <= now) this.names.delete(name);
    for (const [id, expiresAt] of this.charges) if (expiresAt <= now) this.charges.delete(id);
    for (const [network, expiresAt] of this.networks) if (expiresAt <= now) this.networks.delete(network);
    this.firstEnd = Infinity;
    for (const { expiresAt } of this.attempts.values()) this.endsAt(expiresAt);
    for (const { expiresAt } of this.names.values()) this.endsAt(expiresAt);
    for (const expiresAt of this.charges.values()) this.endsAt(expiresAt);
    for (const expiresAt of this.networks.values()) this.endsAt(expiresAt);
  }

  private endsAt(expiresAt: number): void {
    if (expiresAt < this.firstEnd) this.firstEnd = expiresAt;
  }

  /** Whether a caller is proven here: by itself, or because the same network has been. */
  trusts(proven: boolean, network: string): boolean {
    return proven || this.networks.has(network);
  }
}
