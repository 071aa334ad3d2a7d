// @ts-check
import { running } from './clock.mjs';

const COMMAND_TIMEOUT_MS = 250;
const RECONNECT_EVERY_MS = 500;

/**
 * A replica's client of Redis, as ioredis behaves with the gateway's settings: nothing is queued, a command that takes too
 * long ends the connection, and with it all that waits for an answer.
 */
export class RedisClient {
  status = 'ready';
  #server;
  #clock;
  #random;
  #replica;
  /** Commands that wait. @type {Set<(error: Error) => void>} */
  #waiting = new Set();

  /**
   * @param {import('./redis-server.mjs').RedisServer} server
   * @param {import('./clock.mjs').Clock} clock
   * @param {{ between(min: number, max: number): number }} random
   * @param {{ dead: boolean }} replica whose client it is
   */
  constructor(server, clock, random, replica) {
    this.#server = server;
    this.#clock = clock;
    this.#random = random;
    this.#replica = replica;
    server.connections.add(this);
    if (server.mode === 'away') this.broken();
  }

  on() {}

  defineCommand() {}

  /** @param {any[]} words */
  ledgerBegin(...words) {
    const attempt = JSON.parse(words.at(-3));
    const question = words.at(-1);
    return this.#send({
      name: 'begin',
      attempt,
      apply: async ({ ledger }) => [question, JSON.stringify(await ledger.begin(attempt))],
    });
  }

  /** @param {any[]} words */
  ledgerEnd(...words) {
    const attempt = JSON.parse(words.at(-4));
    const ending = JSON.parse(words.at(-2));
    const question = words.at(-1);
    return this.#send({
      name: 'end',
      attempt,
      ending,
      apply: async ({ ledger }) => [question, JSON.stringify(await ledger.end(attempt, ending))],
    });
  }

  /** @param {string[]} words */
  rlflxIncr([key, points, seconds]) {
    return this.#send({
      name: 'charge',
      apply: async (server) => server.increase(key, Number(points), Number(seconds)),
    });
  }

  /** @param {string} key */
  addressPoints(key) {
    return this.#send({ name: 'look', apply: async (server) => server.counter(key) });
  }

  /** The connection is lost: what waits may have been carried out. */
  broken() {
    if (this.status !== 'ready') return;
    this.status = 'reconnecting';
    for (const fail of [...this.#waiting]) fail(new Error('Reached the max retries per request limit'));
    this.#clock.after(RECONNECT_EVERY_MS, () => this.#reconnect());
  }

  #reconnect() {
    if (this.#replica.dead) return;
    if (this.#server.mode === 'away' || this.#server.mode === 'deaf') {
      this.#clock.after(RECONNECT_EVERY_MS, () => this.#reconnect());
    } else {
      this.status = 'ready';
    }
  }

  /** @param {import('./redis-server.mjs').Operation} operation @returns {Promise<any>} */
  #send(operation) {
    if (this.#replica.dead) return new Promise(() => undefined);
    if (this.status !== 'ready') {
      return Promise.reject(new Error("Stream isn't writeable and enableOfflineQueue options is false"));
    }
    return new Promise((resolve, reject) => {
      const settle = (/** @type {() => void} */ how) => {
        if (this.#waiting.delete(fail) && !this.#replica.dead) how();
      };
      const fail = (/** @type {Error} */ error) => settle(() => reject(error));
      // Each request has its own luck, so that what is left out of a life leaves the others as they were.
      const random = running.getStore()?.request?.random ?? this.#random;
      this.#waiting.add(fail);
      this.#clock.after(this.#wayMs(random), () => {
        this.#server.receive(operation, (result) => {
          this.#clock.after(this.#wayMs(random), () => settle(() => resolve(result)));
        });
      });
      this.#clock.after(COMMAND_TIMEOUT_MS, () => {
        if (!this.#waiting.has(fail)) return;
        fail(new Error('Command timed out'));
        this.broken();
      });
    });
  }

  /** @param {{ between(min: number, max: number): number }} random */
  #wayMs(random) {
    return this.#server.mode === 'slow' ? random.between(40, 160) : random.between(0, 2);
  }
}
