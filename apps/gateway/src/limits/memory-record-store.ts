import { type Claim, type RecordStore, StoreUnavailable } from './record-store.js';

interface Entry {
  readonly fingerprint: string;
  /** Undefined while started. */
  readonly value: string | undefined;
  readonly leaseUntil: number;
  readonly expiresAt: number;
}

const SWEEP_EVERY_MS = 1_000;

/** Records in this process, a bounded number of them; they end with it. */
export class MemoryRecordStore implements RecordStore {
  private readonly entries = new Map<string, Entry>();
  private sweptAt = 0;

  /**
   * @param capacity most records that are kept
   * @param whenFull `refuse` never gives up a record before its time; `forget` gives up the oldest
   */
  constructor(
    private readonly capacity: number,
    private readonly whenFull: 'refuse' | 'forget',
  ) {}

  /** @inheritdoc */
  claim(key: string, fingerprint: string, _run: string, leaseMs: number, ttlMs: number): Promise<Claim> {
    const found = this.find(key);
    if (found === undefined)
      return this.write(key, fingerprint, undefined, leaseMs, ttlMs, { state: 'claimed' });
    return Promise.resolve(
      found.value === undefined
        ? { state: 'started', fingerprint: found.fingerprint, leaseOver: found.leaseUntil <= Date.now() }
        : { state: 'settled', fingerprint: found.fingerprint, value: found.value },
    );
  }

  /** @inheritdoc */
  settle(key: string, fingerprint: string, value: string, ttlMs: number): Promise<void> {
    return this.write(key, fingerprint, value, 0, ttlMs, undefined);
  }

  /** @inheritdoc */
  release(key: string): Promise<void> {
    this.entries.delete(key);
    return Promise.resolve();
  }

  /** @inheritdoc */
  forget(key: string): Promise<void> {
    return this.release(key);
  }

  /** @inheritdoc */
  fingerprint(key: string): Promise<string | undefined> {
    return Promise.resolve(this.find(key)?.fingerprint);
  }

  private find(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    return entry !== undefined && entry.expiresAt > Date.now() ? entry : undefined;
  }

  private write<Result>(
    key: string,
    fingerprint: string,
    value: string | undefined,
    leaseMs: number,
    ttlMs: number,
    result: Result,
  ): Promise<Result> {
    const now = Date.now();
    if (!this.entries.has(key) && !this.makeRoom(now)) {
      return Promise.reject(new StoreUnavailable('the in-process store is full'));
    }
    this.entries.set(key, { fingerprint, value, leaseUntil: now + leaseMs, expiresAt: now + ttlMs });
    return Promise.resolve(result);
  }

  private makeRoom(now: number): boolean {
    if (this.entries.size < this.capacity) return true;
    // A full store under attack must not be searched for every request.
    if (now - this.sweptAt >= SWEEP_EVERY_MS) {
      this.sweptAt = now;
      for (const [key, { expiresAt }] of this.entries) if (expiresAt <= now) this.entries.delete(key);
    }
    if (this.entries.size < this.capacity) return true;
    if (this.whenFull === 'refuse') return false;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
    return true;
  }
}
