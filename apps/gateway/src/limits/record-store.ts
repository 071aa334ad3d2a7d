/** What a claim found. */
export type Claim =
  /** Nobody was there: the record is `started` now, and the caller runs. */
  | { readonly state: 'claimed' }
  /** Another run started it; `leaseOver` when that run must have ended by now and did not say how. */
  | { readonly state: 'started'; readonly fingerprint: string; readonly leaseOver: boolean }
  /** An earlier run ended; `value` is what it left. */
  | { readonly state: 'settled'; readonly fingerprint: string; readonly value: string };

/**
 * The one store interface behind idempotency and the memory of unknown outcomes. Keys, fingerprints and values are
 * keyed hashes or answers without secrets.
 *
 * A claim and a read reject with {@link StoreUnavailable} when the store is full or cannot be reached. The end of a run
 * never does: what it leaves is written as soon as the store is back.
 */
export interface RecordStore {
  /** Whether other processes read and write it too. */
  readonly shared: boolean;
  /** Records in this process: those it keeps, or those that wait for Redis. */
  readonly size: number;
  /**
   * Starts a record if nobody did, atomically.
   *
   * @param run names this run, so that only its own record is released
   * @param leaseMs how long the run may take
   * @param ttlMs how long the record is kept
   */
  claim(key: string, fingerprint: string, run: string, leaseMs: number, ttlMs: number): Promise<Claim>;
  /** Writes the end of a run. */
  settle(key: string, fingerprint: string, value: string, ttlMs: number): Promise<void>;
  /** Forgets the record of a run that left nothing to remember. */
  release(key: string, run: string): Promise<void>;
  /** Forgets a record, whoever wrote it. */
  forget(key: string): Promise<void>;
  /** Reads the fingerprint of a record, whatever its state. */
  fingerprint(key: string): Promise<string | undefined>;
}

/** The store is full or away: a promise that needs it cannot be kept. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}
