import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { MemoryRecordStore } from './memory-record-store.js';
import { StoreUnavailable } from './record-store.js';

const LEASE = 50;
const TTL = 10_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is reachable, in MB. */
function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

describe('MemoryRecordStore', () => {
  it('gives a record to one claim only, and tells the others who has it', async () => {
    const store = new MemoryRecordStore(10, 'refuse');
    expect(await store.claim('key', 'print', 'run', LEASE, TTL)).toEqual({ state: 'claimed' });
    expect(await store.claim('key', 'other', 'run-2', LEASE, TTL)).toEqual({
      state: 'started',
      fingerprint: 'print',
      leaseOver: false,
    });
  });

  it('tells when the lease of a started record is over', async () => {
    const store = new MemoryRecordStore(10, 'refuse');
    await store.claim('key', 'print', 'run', 1, TTL);
    await sleep(5);
    expect(await store.claim('key', 'print', 'run-2', LEASE, TTL)).toMatchObject({ leaseOver: true });
  });

  it('gives the value of a settled record', async () => {
    const store = new MemoryRecordStore(10, 'refuse');
    await store.claim('key', 'print', 'run', LEASE, TTL);
    await store.settle('key', 'print', 'answer', TTL);
    expect(await store.claim('key', 'print', 'run-2', LEASE, TTL)).toEqual({
      state: 'settled',
      fingerprint: 'print',
      value: 'answer',
    });
    expect(await store.fingerprint('key')).toBe('print');
  });

  it.each(['release', 'forget'] as const)('%s lets the record go', async (method) => {
    const store = new MemoryRecordStore(10, 'refuse');
    await store.claim('key', 'print', 'run', LEASE, TTL);
    await store[method]('key', 'run');
    expect(await store.fingerprint('key')).toBeUndefined();
    expect(await store.claim('key', 'print', 'run', LEASE, TTL)).toEqual({ state: 'claimed' });
  });

  it('a run lets go what it started itself and nothing else', async () => {
    const store = new MemoryRecordStore(10, 'refuse');
    await store.claim('started', 'print', 'run', LEASE, TTL);
    await store.release('started', 'another run');
    expect(await store.fingerprint('started')).toBe('print');
    await store.claim('settled', 'print', 'run', LEASE, TTL);
    await store.settle('settled', 'print', 'answer', TTL);
    await store.release('settled', 'run');
    expect(await store.fingerprint('settled')).toBe('print');
  });

  it('forgets a record when its time is over', async () => {
    const store = new MemoryRecordStore(10, 'refuse');
    await store.settle('key', 'print', 'answer', 1);
    await sleep(5);
    expect(await store.fingerprint('key')).toBeUndefined();
    expect(await store.claim('key', 'other', 'run', LEASE, TTL)).toEqual({ state: 'claimed' });
  });

  describe('full', () => {
    it('refuses a new claim, and keeps what it has', async () => {
      const store = new MemoryRecordStore(1, 'refuse');
      await store.claim('key', 'print', 'run', LEASE, TTL);
      await expect(store.claim('other', 'print', 'run', LEASE, TTL)).rejects.toThrow(StoreUnavailable);
      expect(await store.fingerprint('key')).toBe('print');
    });

    it('still takes the end of a run that it has', async () => {
      const store = new MemoryRecordStore(1, 'refuse');
      await store.claim('key', 'print', 'run', LEASE, TTL);
      await store.settle('key', 'print', 'answer', TTL);
      expect(await store.claim('key', 'print', 'run', LEASE, TTL)).toMatchObject({ value: 'answer' });
    });

    it('never rejects the end of a run: what AWS has answered must reach the caller', async () => {
      const store = new MemoryRecordStore(1, 'refuse');
      await store.claim('key', 'print', 'run', LEASE, TTL);
      await store.settle('owner', 'print', '', TTL);
      expect(await store.fingerprint('owner')).toBe('print');
    });

    it('leaves out what is new when such ends have taken as much room again', async () => {
      const store = new MemoryRecordStore(1, 'refuse');
      for (const key of ['first', 'second', 'third']) await store.settle(key, 'print', '', TTL);
      expect(await store.fingerprint('second')).toBe('print');
      expect(await store.fingerprint('third')).toBeUndefined();
    });

    it('makes room by what is over', async () => {
      const store = new MemoryRecordStore(1, 'refuse');
      await store.claim('key', 'print', 'run', LEASE, 1);
      await sleep(5);
      expect(await store.claim('other', 'print', 'run', LEASE, TTL)).toEqual({ state: 'claimed' });
    });

    it('gives up the oldest when it may forget', async () => {
      const store = new MemoryRecordStore(2, 'forget');
      for (const key of ['first', 'second', 'third']) await store.claim(key, 'print', 'run', LEASE, TTL);
      expect(await store.fingerprint('first')).toBeUndefined();
      expect(await store.fingerprint('third')).toBe('print');
    });

    it('gives up a twentieth at once, the oldest first', async () => {
      const store = new MemoryRecordStore(40, 'forget');
      const claim = (key: number) => store.claim(String(key), 'print', 'run', LEASE, TTL);
      for (let key = 0; key < 40; key += 1) await claim(key);
      expect(store.size).toBe(40);
      await claim(40);
      expect(store.size).toBe(39);
      expect(await store.fingerprint('1')).toBeUndefined();
      expect(await store.fingerprint('2')).toBe('print');
    });

    it('holds nothing of what was released', async () => {
      const store = new MemoryRecordStore(10, 'refuse');
      const before = heapUsed();
      for (let run = 0; run < 200_000; run += 1) {
        await store.claim('key', 'print', 'run', LEASE, TTL);
        await store.release('key', 'run');
      }
      expect(heapUsed() - before).toBeLessThan(10);
      // Until here it must not be garbage itself.
      expect(store.size).toBe(0);
    });
  });
});
