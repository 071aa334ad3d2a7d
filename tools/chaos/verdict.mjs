import { performance } from 'node:perf_hooks';

import { lostRedis, wasHit } from './change.mjs';
import { excuses } from './faults.mjs';

const SLOWEST_MS = 15_000;

/** How much of what happened before a change its story tells. */
const EARLIER_MS = 3_000;

/** What must hold, by the name under which it is broken. */
const CONDITIONS = {
  once: 'no key caused two upstream calls that could both have taken effect',
  outcome: "every answer's outcome agrees with what the sandbox holds",
  unknown: 'unknown came only where a fault or a kill hit that very change',
  slow: 'no request took over 15 s',
  limits: 'limits held globally while Redis was up',
  lockout: 'no honest caller was refused by a limit',
  replay: 'a request that was answered is given the same answer again',
  refusal: 'no honest change was refused for a reason that it did not give',
  ends: 'every change came to an end',
  storm: 'everything that was killed came back',
};

/**
 * Refusals that may come before anybody could look whether this key was used before: Redis or the token keys are away.
 * "Unchanged" then says that this request changed nothing; what an earlier one did that lost its connection, it cannot
 * say, and it asks to be tried again.
 */
const BEFORE_THE_STORE = new Set(['idempotency_unavailable', 'upstream_unavailable']);

const LIMITS = new Set(['rate_limited', 'attempts_exceeded']);

/** Judges every answer at once against the sandbox, and counts. */
export class Verdict {
  /** Counts of everything that the table shows. */
  counts = { lost: 0, replayed: 0, refusedEarlier: 0, slowestMs: 0 };
  answers = new Map();
  ended = new Map();
  #tap;
  #failures = new Map();
  #events = [];

  /** @param tap for the sandbox's records of calls */
  constructor(tap) {
    this.#tap = tap;
  }

  /** Notes when something was killed or came back, for the stories. */
  note(text) {
    this.#events.push({ at: performance.now(), text });
  }

  /** Notes that a condition is broken. */
  fail(name, change, answer) {
    const failures = this.#failures.get(name) ?? [];
    failures.push(typeof change === 'string' ? change : this.#story(change, answer));
    this.#failures.set(name, failures);
  }

  /** Judges an answer, at the moment when it came. */
  exchanged(change, exchange) {
    this.counts.slowestMs = Math.max(this.counts.slowestMs, exchange.ms);
    if (exchange.ms > SLOWEST_MS) this.fail('slow', change, exchange);
    if (exchange.lost) {
      this.counts.lost += 1;
      return;
    }
    if (exchange.replayed) this.counts.replayed += 1;
    const { code, outcome, retryable } = exchange;
    this.answers.set(code, (this.answers.get(code) ?? 0) + 1);
    if (outcome === 'changed') this.#judgeChanged(change, exchange);
    else if (outcome === 'unchanged') this.#judgeUnchanged(change, exchange);
    // Refused before the key was looked up: what an earlier request did is not known then.
    else if (!BEFORE_THE_STORE.has(code) && !this.#isExcused(change)) this.fail('unknown', change, exchange);
    if (LIMITS.has(code)) this.fail('lockout', change, exchange);
    else if (outcome === 'unchanged' && !retryable) this.fail('refusal', change, exchange);
  }

  /** Judges a change when nobody works on it any more. */
  changeEnded(change, { code, outcome }) {
    const truth = this.truthOf(change);
    const row = outcome === 'unknown' ? `${code}, in truth ${truth}` : code;
    this.ended.set(row, (this.ended.get(row) ?? 0) + 1);
    if (truth === 'neither') this.fail('outcome', change);
    for (const attempt of change.attempts) {
      const calls = attempt.calls.map((number) => this.#tap.recordOf(number)).filter(Boolean);
      const mayHaveTaken = calls.filter((record) => !isCertainRefusal(record));
      if (mayHaveTaken.length > 1) this.fail('once', change);
      // A call after one that may have taken effect is one too many, even if it is refused itself.
      const first = calls.findIndex((record) => !isCertainRefusal(record));
      if (first >= 0 && first < calls.length - 1) this.fail('once', change);
    }
  }

  /** The conditions, each with what broke it. */
  results() {
    return Object.entries(CONDITIONS).map(([name, text]) => ({
      text,
      failures: this.#failures.get(name) ?? [],
    }));
  }

  #judgeChanged(change, exchange) {
    if (this.truthOf(change) !== 'changed') this.fail('outcome', change, exchange);
  }

  #judgeUnchanged(change, exchange) {
    const truth = this.truthOf(change);
    if (truth === 'unchanged') return;
    // The change was made before: by a request that got no answer, or one whose answer was "unknown".
    const changedNothing =
      exchange.before === truth && !exchange.calls.some((number) => this.#tap.recordOf(number)?.committed);
    const underAnotherKey = change.attempts.length > 1 && exchange.retryable;
    if (changedNothing && (BEFORE_THE_STORE.has(exchange.code) || underAnotherKey))
      this.counts.refusedEarlier += 1;
    else this.fail('outcome', change, exchange);
  }

  /** What AWS has: `changed`, `unchanged`, or `neither`. */
  truthOf({ user, currentPassword, newPassword }) {
    if (user.has(newPassword)) return 'changed';
    return user.has(currentPassword) ? 'unchanged' : 'neither';
  }

  #isExcused(change) {
    const exchanges = change.attempts.flatMap((attempt) => attempt.exchanges);
    // Whoever stops to listen resets the connections that wait to be taken. What was told then is told again.
    if (exchanges.some(({ hits, calls }) => hits.includes('refused') && calls.length === 0)) return true;
    const stoodStill = ({ sentAt, ms }) =>
      this.#tap.stalls.some(({ from, to }) => from <= sentAt + ms && to >= sentAt);
    if (exchanges.some(stoodStill)) return true;
    const all = change.attempts.flatMap((attempt) => attempt.calls);
    const faulted = all.some((number) => excuses(this.#tap.recordOf(number) ?? {}));
    return faulted || wasHit(change, 'replica') || lostRedis(change);
  }

  /** What happened to a change, for whoever looks for the fault. */
  #story({ user, attempts, startedAt }, answer) {
    const events = this.#events.filter(({ at }) => at > startedAt - EARLIER_MS);
    const exchanges = attempts.flatMap((attempt) =>
      attempt.exchanges.map((exchange) => ({ at: exchange.sentAt, text: this.#line(attempt, exchange) })),
    );
    const lines = [...events, ...exchanges]
      .sort((one, other) => one.at - other.at)
      .map(({ at, text }) => `    at ${Math.round(at - startedAt)} ms: ${text}`);
    return [`  ${user.name}: ${answer?.code ?? 'at the end'}`, ...lines].join('\n');
  }

  #line({ key }, { replica, ms, lost, status, code, outcome, replayed, hits, calls }) {
    const answer = lost ? 'no answer' : `${status} ${code} ${outcome}${replayed ? ' (replayed)' : ''}`;
    const killed = hits.length > 0 ? `, killed behind it: ${hits.join(', ')}` : '';
    const records = calls.map((number) => {
      const { status: answered, error, fault, committed } = this.#tap.recordOf(number) ?? {};
      return JSON.stringify({ answered, error, fault, committed });
    });
    return `key ${key.slice(0, 8)} at ${replica?.name}: ${answer} after ${Math.round(ms)} ms, calls [${records.join(', ')}]${killed}`;
  }
}

/** AWS said no, in words that reached the gateway whole. */
function isCertainRefusal({ status = 0, fault, committed }) {
  return !committed && status >= 400 && status < 500 && (fault === undefined || fault === 'error');
}
