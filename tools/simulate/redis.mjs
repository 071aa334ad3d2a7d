// @ts-check
import { RULES } from './replica.mjs';

const TIMEOUT_MS = 250;

/**
 * The shared ledger behind lines that fail: `up`; `away`, nothing is sent; `slow`; `deaf`, nothing arrives and nobody says so;
 * `mute`, what is sent is carried out and no answer comes back. The ledger itself is the in-process one, to which the Lua
 * scripts are held by a test of their own.
 */
export class Redis {
  /** @type {'up' | 'away' | 'slow' | 'deaf' | 'mute'} */
  state = 'up';
  /** Whether it was anything but up in this life, for the invariants that need it. */
  troubled = false;
  /** Requests whose begin and end were both confirmed. @type {Set<string>} */
  confirmed = new Set();
  #asked;
  #code;
  #scheduler;

  /**
   * @param {any} code the gateway's modules
   * @param {import('./scheduler.mjs').Scheduler} scheduler
   * @param {(operation: string, attempt: any) => void} asked told what is carried out
   */
  constructor(code, scheduler, asked) {
    this.#asked = asked;
    this.#code = code;
    this.#scheduler = scheduler;
    this.ledger = new code.MemoryLedger(RULES);
  }

  /** The line of a replica. @param {{ dead: boolean }} replica */
  linkOf(replica) {
    const ask =
      (/** @type {'begin' | 'end'} */ operation) =>
      async (/** @type {any[]} */ ...words) => {
        const result = await this.#carry(() => {
          this.#asked(operation, words[0]);
          return this.ledger[operation](...words);
        });
        // An end that comes late, because Redis was away, was told by the process alone.
        if (operation === 'end' && words[1].told === undefined) this.confirmed.add(words[0].requestId);
        if (replica.dead) await new Promise(() => undefined);
        return result;
      };
    return { begin: ask('begin'), end: ask('end') };
  }

  /** @param {() => Promise<any>} operation */
  async #carry(operation) {
    const { state } = this;
    const fail = async (/** @type {boolean} */ mayHaveApplied, /** @type {number} */ after) => {
      await this.#scheduler.sleep(after);
      throw new this.#code.LedgerUnavailable(mayHaveApplied, new Error(state));
    };
    if (state === 'away') return fail(false, 0);
    if (state === 'deaf') return fail(true, TIMEOUT_MS);
    await this.#scheduler.sleep(state === 'slow' ? 100 : 1);
    const result = JSON.parse(JSON.stringify(await operation()));
    if (state === 'mute') return fail(true, TIMEOUT_MS);
    await this.#scheduler.sleep(state === 'slow' ? 100 : 1);
    return result;
  }
}
