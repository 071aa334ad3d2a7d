// @ts-check
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers';

const real = { setImmediate, now: Date.now, performanceNow: performance.now.bind(performance) };
const globals = globalThis;
const originals = {
  setTimeout: globals.setTimeout,
  setInterval: globals.setInterval,
  clearTimeout: globals.clearTimeout,
  clearInterval: globals.clearInterval,
};

/** When each life begins, in milliseconds since 1970. */
const EPOCH = Date.UTC(2026, 0, 1);

/**
 * A clock that only moves when told to, and everything that waits for it: the timers of the code under test, and what the
 * world does to it. With the same seed the same things happen in the same order.
 */
export class Scheduler {
  /** Milliseconds since the life began. */
  now = 0;
  #order = 0;
  /** @type {{ at: number, order: number, run: () => void, timer: object }[]} */
  #waiting = [];

  /** Takes the clock and the timers of the process over. */
  install() {
    Date.now = () => EPOCH + this.now;
    performance.now = () => this.now;
    Object.assign(globals, {
      setTimeout: (/** @type {() => void} */ run, ms = 0) => this.at(this.now + ms, run),
      setInterval: (/** @type {() => void} */ run, ms = 0) => this.#every(ms, run),
      clearTimeout: (/** @type {object} */ timer) => this.#cancel(timer),
      clearInterval: (/** @type {object} */ timer) => this.#cancel(timer),
    });
  }

  /** Gives them back. */
  uninstall() {
    Date.now = real.now;
    performance.now = real.performanceNow;
    Object.assign(globals, originals);
  }

  /**
   * Does something at a time.
   *
   * @param {number} at milliseconds since the life began
   * @param {() => void} run
   */
  at(at, run, timer = newTimer()) {
    const entry = { at: Math.max(at, this.now), order: this.#order++, run, timer };
    let place = this.#waiting.length;
    while (place > 0 && this.#waiting[place - 1].at > entry.at) place -= 1;
    this.#waiting.splice(place, 0, entry);
    return timer;
  }

  /** @param {number} ms @returns {Promise<void>} */
  sleep(ms) {
    return new Promise((resolve) => this.at(this.now + ms, resolve));
  }

  /**
   * Lets time pass.
   *
   * @param {number} until milliseconds since the life began
   * @param {() => void} afterEach called after everything that happens
   */
  async run(until, afterEach = () => undefined) {
    for (;;) {
      await settled();
      afterEach();
      const next = this.#waiting[0];
      if (next === undefined || next.at > until) break;
      this.#waiting.shift();
      this.now = next.at;
      next.run();
    }
    this.now = until;
  }

  /** @param {number} ms @param {() => void} run */
  #every(ms, run) {
    const timer = newTimer();
    const again = () => {
      run();
      if (!timer.cancelled) this.at(this.now + ms, again, timer);
    };
    return this.at(this.now + ms, again, timer);
  }

  /** @param {any} timer */
  #cancel(timer) {
    if (timer) timer.cancelled = true;
    this.#waiting = this.#waiting.filter((entry) => entry.timer !== timer);
  }
}

function newTimer() {
  const timer = { cancelled: false, unref: () => timer, ref: () => timer, hasRef: () => false };
  return timer;
}

/** Resolves when nothing runs any more that does not wait for the scheduler. */
function settled() {
  return new Promise((resolve) => real.setImmediate(resolve));
}
