import type { Provider } from '@nestjs/common';

import { MemoryRecordStore } from './memory-record-store.js';
import type { RecordStore } from './record-store.js';
import { RedisConnection } from './redis-connection.js';
import { RedisRecordStore } from './redis-record-store.js';

/** Injection token of the store that keeps promises: Redis when configured, else this process. */
export const RECORD_STORE = Symbol('RECORD_STORE');

/** Injection token of the store in this process that may forget: for what is remembered without a promise. */
export const FALLBACK_STORE = Symbol('FALLBACK_STORE');

/** Injection token of the store in this process of the signatures that were run; it may forget, too. */
export const SIGNATURE_STORE = Symbol('SIGNATURE_STORE');

/** Some 300 bytes each. Of signatures as many as 110 IAM changes a second leave until theirs expire. */
const CAPACITY = 100_000;

/** The record stores, for the module. */
export const STORES: Provider[] = [
  {
    provide: RECORD_STORE,
    useFactory: (connection: RedisConnection): RecordStore =>
      connection.client ? new RedisRecordStore(connection) : new MemoryRecordStore(CAPACITY, 'refuse'),
    inject: [RedisConnection],
  },
  { provide: FALLBACK_STORE, useFactory: (): RecordStore => new MemoryRecordStore(CAPACITY, 'forget') },
  { provide: SIGNATURE_STORE, useFactory: (): RecordStore => new MemoryRecordStore(CAPACITY, 'forget') },
];
