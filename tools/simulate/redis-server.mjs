// @ts-check
import { CALLER_BOUNDS } from './gateway.mjs';

/** Numbers of the simulated world that the gateway is configured with. */
export const RULES = { limit: { points: 4, seconds: 900 }, leaseMs: 15_000, bounds: CALLER_BOUNDS };

/**
 * What replicas share: the in-process ledger, to which the Lua scripts are held by a test of their own, and the counters of
 * the address limit. It remembers what it was asked, so that a failover can lose the last of it.
 *
 * Modes: `up`; `away`, connections are refused; `slow`; `hung`, it takes bytes and answers when it wakes up; `deaf`, nothing
 * arrives; `mute`, what arrives is carried out and no answer comes back.
 */
export class RedisServer {
  /** @type {'up' | 'away' | 'slow' | 'hung' | 'deaf' | 'mute'} */
  mode = 'up';
  /** Connections that are told when it goes. @type {Set<{ broken(): void }>} */
  connections = new Set();
  /** Called with what is carried out. @type {(operation: Operation) => void} */
  onApplied = () => undefined;
  /** @type {Operation[]} */
  #log = [];
  /** @type {(() => void)[]} */
  #unread = [];
  #time = 0;
  #clock;
  #code;

  /** @param {any} code the gateway's modules @param {import('./clock.mjs').Clock} clock */
  constructor(code, clock) {
    this.#code = code;
    this.#clock = clock;
    this.#forget();
  }

  /** @param {RedisServer['mode']} mode */
  become(mode) {
    this.mode = mode;
    if (mode === 'away') for (const connection of [...this.connections]) connection.broken();
    if (mode === 'away') this.#unread = [];
    if (mode === 'up' || mode === 'slow') for (const read of this.#unread.splice(0)) read();
  }

  /**
   * Another server takes over, which has not got the last of what this one confirmed.
   *
   * @param {number} lostMs
   * @returns {Operation[]} what was lost
   */
  failOver(lostMs) {
    const since = this.#clock.date - lostMs;
    const lost = this.#log.filter(({ at }) => at > since);
    this.#log = this.#log.filter(({ at }) => at <= since);
    this.#forget();
    for (const { at, apply } of this.#log) {
      this.#time = at;
      void apply(this);
    }
    for (const connection of [...this.connections]) connection.broken();
    return lost;
  }

  /**
   * What has arrived is carried out; while it hangs, when it wakes up.
   *
   * @param {Operation} operation
   * @param {(result: Promise<any>) => void} answer
   */
  receive(operation, answer) {
    if (this.mode === 'hung') this.#unread.push(() => this.receive(operation, answer));
    if (this.mode === 'hung' || this.mode === 'deaf' || this.mode === 'away') return;
    operation.at = this.#time = this.#clock.date;
    this.#log.push(operation);
    const result = operation.apply(this);
    this.onApplied(operation, result);
    if (this.mode !== 'mute') answer(result);
  }

  /** @param {string} key @param {number} points @param {number} seconds */
  increase(key, points, seconds) {
    const [count] = this.counter(key);
    const ends = count === null ? this.#time + seconds * 1000 : this.counters.get(key).ends;
    this.counters.set(key, { count: (count ?? 0) + points, ends });
    return this.counter(key);
  }

  /** @param {string} key @returns {[number | null, number]} */
  counter(key) {
    const counter = this.counters.get(key);
    if (counter === undefined || counter.ends <= this.#time) return [null, -2];
    return [counter.count, counter.ends - this.#time];
  }

  /** Callers of whom anything is left when all times are over. */
  leftOver() {
    this.#time = this.#clock.date;
    this.ledger.sweep();
    return this.ledger.callerCount;
  }

  #forget() {
    this.ledger = new this.#code.MemoryLedger(RULES, () => this.#time);
    /** @type {Map<string, any>} */
    this.counters = new Map();
  }
}

/**
 * @typedef {object} Operation
 * @property {string} name
 * @property {any} [attempt] of the ledger
 * @property {any} [ending] of the ledger
 * @property {number} [at] when it was carried out
 * @property {(server: RedisServer) => Promise<any>} apply
 */
