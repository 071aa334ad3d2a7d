// @ts-check
import { AsyncLocalStorage } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';

const real = {
  Date: globalThis.Date,
  performanceNow: performance.now.bind(performance),
  setImmediate: globalThis.setImmediate,
  setTimeout: globalThis.setTimeout,
  setInterval: globalThis.setInterval,
  clearTimeout: globalThis.clearTimeout,
  clearInterval: globalThis.clearInterval,
};

/** When each life begins, in milliseconds since 1970. */
const EPOCH = Date.UTC(2026, 0, 1);

/** How long intervals go on ticking after anything else has happened; then nothing is left that they could do. */
const TICKS_FOR_MS = 3_000;

/** Whose code runs: the process it belongs to and the request that it serves. */
export const running = /** @type {AsyncLocalStorage<{ replica: { dead: boolean }, request?: any }>} */ (
  new AsyncLocalStorage()
);

/** @typedef {{ at: number, order: number, run: () => void, every: number | undefined, cancelled: boolean }} Timer */

/**
 * A clock that moves only from one thing that waits for it to the next: the timers of the code under test, and what the
 * world does to it. The same seed makes the same things happen in the same order.
 */
export class Clock {
  /** Milliseconds since the life began. */
  now = 0;
  #order = 0;
  #lastWork = 0;
  /** In the order in which they come. @type {Timer[]} */
  #timers = [];
  /** @type {Timer[]} */
  #resting = [];

  /** The time as the code under test sees it. */
  get date() {
    return EPOCH + this.now;
  }

  /** Takes over the clock and the timers of this process. */
  install() {
    const clock = this;
    globalThis.Date = /** @type {any} */ (
      class extends real.Date {
        /** @param {any[]} words */
        constructor(...words) {
          super(...(words.length > 0 ? /** @type {[any]} */ (words) : [clock.date]));
        }

        static now() {
          return clock.date;
        }
      }
    );
    performance.now = () => this.now;
    Object.assign(globalThis, {
      setTimeout: (/** @type {() => void} */ run, ms = 0) => this.#timer(run, ms, undefined),
      setInterval: (/** @type {() => void} */ run, ms = 0) => this.#timer(run, ms, ms),
      clearTimeout: (/** @type {any} */ handle) => this.#cancel(handle),
      clearInterval: (/** @type {any} */ handle) => this.#cancel(handle),
    });
  }

  /** Gives them back. */
  uninstall() {
    const { performanceNow, ...globals } = real;
    performance.now = performanceNow;
    Object.assign(globalThis, globals);
  }

  /**
   * Does something later.
   *
   * @param {number} ms from now
   * @param {() => void} run
   */
  after(ms, run) {
    this.#insert({ at: this.now + Math.max(0, ms), order: 0, run, every: undefined, cancelled: false });
  }

  /** @param {number} ms @returns {Promise<void>} */
  sleep(ms) {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /**
   * Lets time pass.
   *
   * @param {number} until milliseconds since the life began
   */
  async run(until) {
    for (;;) {
      await settled();
      const next = this.#next(until);
      if (next === undefined) break;
      next();
    }
    this.now = until;
  }

  /** The next thing to do, at its time. @param {number} until */
  #next(until) {
    for (;;) {
      const next = this.#timers[0];
      if (next === undefined || next.at > until) return undefined;
      this.#timers.shift();
      if (next.cancelled) continue;
      if (next.every === undefined) {
        this.#lastWork = next.at;
      } else if (next.at - this.#lastWork > TICKS_FOR_MS) {
        this.#resting.push(next);
        continue;
      }
      this.now = Math.max(this.now, next.at);
      if (next.every !== undefined) this.#insert(next, this.now + next.every);
      return next.run;
    }
  }

  /** @param {() => void} run @param {number} ms @param {number | undefined} every */
  #timer(run, ms, every) {
    const owner = running.getStore();
    const timer = {
      at: this.now + Math.max(0, ms),
      order: 0,
      run: () => {
        if (owner?.replica.dead !== true) owner ? running.run(owner, run) : run();
      },
      every,
      cancelled: false,
    };
    this.#insert(timer);
    const handle = { timer, unref: () => handle, ref: () => handle, hasRef: () => false };
    return handle;
  }

  /** @param {Timer} timer @param {number} at */
  #insert(timer, at = timer.at) {
    timer.at = at;
    timer.order = this.#order++;
    let place = this.#timers.length;
    while (place > 0 && this.#timers[place - 1].at > at) place -= 1;
    this.#timers.splice(place, 0, timer);
    if (timer.every !== undefined) return;
    for (const interval of this.#resting.splice(0)) {
      if (!interval.cancelled) this.#insert(interval, Math.max(this.now, at));
    }
  }

  /** @param {any} handle */
  #cancel(handle) {
    if (handle?.timer) handle.timer.cancelled = true;
  }
}

/** Resolves when nothing runs any more that does not wait for the clock. */
function settled() {
  return new Promise((resolve) => real.setImmediate(resolve));
}
