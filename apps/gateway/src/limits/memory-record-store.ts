import { type Claim, type RecordStore, StoreUnavailable } from './record-store.js';

interface Entry {
  readonly fingerprint: string;
  /** Which run started it. */
  readonly run?: string;
  /** Undefined while started. */
  readonly value: string | undefined;
  readonly leaseUntil: number;
  readonly expiresAt: number;
}

const SWEEP_EVERY_MS = 1_000;

/** So many at once, because the way to the oldest leads past all that were removed before: 16 µs for each one alone. */
const FORGOTTEN_PART = 1 / 20;

/** Records in this process, a bounded number of them; they end with it. */
export class MemoryRecordStore implements RecordStore {
  /** @inheritdoc */
  readonly shared: boolean = false;
  private readonly entries = new Map<string, Entry>();
  private sweptAt = 0;

  /**
   * @param capacity most records that are claimed; the ends of runs may take as many again
   * @param whenFull `refuse` never gives up a record before its time; `forget` gives up the oldest
   */
  constructor(
    private readonly capacity: number,
    private readonly whenFull: 'refuse' | 'forget',
  ) {}

  /** @inheritdoc */
  get size(): number {
    return this.entries.size;
  }

  /** @inheritdoc */
  claim(key: string, fingerprint: string, run: string, leaseMs: number, ttlMs: number): Promise<Claim> {
    const found = this.find(key);
    if (found === undefined) {
      const now = Date.now();
      const written = this.write(
        key,
        { fingerprint, run, value: undefined, leaseUntil: now + leaseMs, expiresAt: now + ttlMs },
        this.capacity,
      );
      return written
        ? Promise.resolve({ state: 'claimed' })
        : Promise.reject(new StoreUnavailable('the in-process store is full'));
    }
    return Promise.resolve(
      found.value === undefined
        ? { state: 'started', fingerprint: found.fingerprint, leaseOver: found.leaseUntil <= Date.now() }
        : { state: 'settled', fingerprint: found.fingerprint, value: found.value },
    );
  }

  /** @inheritdoc */
  settle(key: string, fingerprint: string, value: string, ttlMs: number): Promise<void> {
    // A run may leave one record more than it claimed; beyond that, what is new is left out rather than refused.
    this.write(key, { fingerprint, value, leaseUntil: 0, expiresAt: Date.now() + ttlMs }, 2 * this.capacity);
    return Promise.resolve();
  }

  /** @inheritdoc */
  release(key: string, run: string): Promise<void> {
    if (this.entries.get(key)?.run === run) this.entries.delete(key);
    return Promise.resolve();
  }

  /** @inheritdoc */
  forget(key: string): Promise<void> {
    this.entries.delete(key);
    return Promise.resolve();
  }

  /** @inheritdoc */
  fingerprint(key: string): Promise<string | undefined> {
    return Promise.resolve(this.find(key)?.fingerprint);
  }

  private find(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    return entry !== undefined && entry.expiresAt > Date.now() ? entry : undefined;
  }

  private write(key: string, entry: Entry, capacity: number): boolean {
    if (!this.entries.has(key) && !this.makeRoom(capacity)) return false;
    this.entries.set(key, entry);
    return true;
  }

  private makeRoom(capacity: number): boolean {
    if (this.entries.size < capacity) return true;
    if (this.whenFull === 'forget') {
      this.removeOldest(Math.ceil(capacity * FORGOTTEN_PART));
      return true;
    }
    const now = Date.now();
    // A full store under attack must not be searched for every request.
    if (now - this.sweptAt >= SWEEP_EVERY_MS) {
      this.sweptAt = now;
      for (const [key, { expiresAt }] of this.entries) if (expiresAt <= now) this.entries.delete(key);
    }
    return this.entries.size < capacity;
  }

  private removeOldest(count: number): void {
    let left = count;
    for (const key of this.entries.keys()) {
      if (left === 0) break;
      this.entries.delete(key);
      left -= 1;
    }
  }
}
