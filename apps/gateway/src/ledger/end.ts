import type { CallerRecord, RememberedAttempt } from './caller-record.js';
import {
  type AttemptName,
  CHANGED_MS,
  type Doubt,
  type Ending,
  type LedgerAttempt,
  type LedgerRules,
  REMEMBER_MS,
  type Verdict,
} from './ledger.js';

/**
 * Notes how an attempt has ended. end.lua.ts says the same to Redis, in the same order.
 *
 * @param record all that is remembered of the caller
 * @param now milliseconds since 1970
 * @returns what speaks against telling it, and the points charged now
 */
export function end(
  record: CallerRecord,
  attempt: LedgerAttempt,
  ending: Ending,
  rules: LedgerRules,
  now: number,
): Verdict {
  record.prune(now);
  const noted = record.attempts.get(attempt.id);
  const startedAt = noted?.startedAt ?? now - ending.ranMs;
  const doubt = ending.told ?? doubtAbout(record, attempt, ending, rules, startedAt, now);
  if (ending.proven && !attempt.proven) {
    record.trustNetwork(attempt.network, now + REMEMBER_MS, rules.bounds.networks);
  }
  settleAttempt(record, attempt, ending, startedAt, now);
  // Who began with names had room for all of them, also for those that only this answer takes.
  const hadRoom = (noted?.names.length ?? 0) > 0;
  for (const name of attempt.names) {
    const from = { network: attempt.network, proven: attempt.proven || ending.proven };
    const isKnown = record.names.has(name.name);
    if (!isKnown && !hadRoom && !record.hasRoomFor(1, from, rules.bounds.names)) continue;
    settleName(record, attempt, name, ending, doubt, now);
  }
  // Whoever repeats a change that was made has guessed nothing.
  const isGuess = ending.charged && !doubt.startsWith('changed');
  if (isGuess && rules.limit) record.charge(attempt.id, now + rules.limit.seconds * 1000);
  makeRoom(record, rules, now);
  return { doubt, charged: record.chargedTo(attempt, now) };
}

/** What was remembered before the attempt is settled speaks against "unchanged". */
function doubtAbout(
  record: CallerRecord,
  attempt: LedgerAttempt,
  { state, incorrect, judged, proven }: Ending,
  rules: LedgerRules,
  startedAt: number,
  now: number,
): Doubt {
  if (state !== 'unchanged' || !(proven || attempt.proven)) return '';
  if (!judged) return record.doubtFreely(attempt, rules, now) ? 'unknown' : '';
  const others = [...record.attempts].filter(([id]) => id !== attempt.id).map(([, other]) => other);
  const same = others.filter(({ change }) => change === attempt.change);
  if (!incorrect) return same.length > 0 ? 'unknown' : '';
  const done = same.filter(({ state }) => state === 'changed').sort((a, b) => b.endedAt - a.endedAt)[0];
  if (done) return `changed ${done.endedAt} ${done.requestId}`;
  const suspects = others.filter(({ current }) => current === attempt.current);
  const isSuspect = (other: RememberedAttempt): boolean =>
    other.state !== 'changed' || other.endedAt >= startedAt;
  return suspects.some(isSuspect) ? 'unknown' : '';
}

function settleAttempt(
  record: CallerRecord,
  { id, requestId, change, current, network, proven, names }: LedgerAttempt,
  ending: Ending,
  startedAt: number,
  now: number,
): void {
  record.attempts.delete(id);
  const { state } = ending;
  if (state === 'unchanged') return;
  if (state === 'changed') {
    // This very change is done, so no earlier try at it is a riddle any more. What a stranger left goes with its names alone.
    for (const [other, tried] of record.attempts) {
      const isOver = tried.state !== 'running' || tried.leaseUntil <= now;
      if (tried.change === change && isOver && record.trusts(tried)) record.attempts.delete(other);
    }
  }
  record.setAttempt(id, {
    ...{ state, requestId, change, current, network, startedAt },
    proven: proven || ending.proven,
    leaseUntil: now,
    endedAt: now,
    expiresAt: now + (state === 'changed' ? CHANGED_MS : REMEMBER_MS),
    names: names.filter(({ onceProven }) => !onceProven || ending.proven).map(({ name }) => name),
  });
}

function settleName(
  record: CallerRecord,
  { id }: LedgerAttempt,
  { name, binding, keepMs, onceProven }: AttemptName,
  { state, kept, proven, answer, told }: Ending,
  doubt: Doubt,
  now: number,
): void {
  const known = record.names.get(name);
  // The first answer stays. Only what was told already, because the store could not be reached, is written over it.
  if (known !== undefined && known.attempt !== id) return;
  if (onceProven && !proven) return;
  if (!kept) {
    if (known?.answer === undefined || told !== undefined) record.names.delete(name);
    return;
  }
  record.setName(name, {
    ...{ attempt: id, binding, answer, doubt, state },
    leaseUntil: now,
    expiresAt: now + keepMs,
    mismatched: known?.mismatched ?? false,
  });
}

/** The oldest outcomes go: of the caller's own, and apart from them of those that strangers left in its name. */
function makeRoom(record: CallerRecord, { bounds }: LedgerRules, now: number): void {
  if (record.attempts.size <= bounds.outcomes) return;
  const ended = [...record.attempts].filter(([, { leaseUntil }]) => leaseUntil <= now);
  for (const isTrusted of [true, false]) {
    const outcomes = ended.filter(([, other]) => record.trusts(other) === isTrusted).sort(byAge);
    const tooMany = Math.max(0, outcomes.length - bounds.outcomes);
    for (const [id] of outcomes.slice(0, tooMany)) record.forget(id);
  }
}

function byAge(
  [id, one]: [string, RememberedAttempt],
  [otherId, other]: [string, RememberedAttempt],
): number {
  return one.startedAt - other.startedAt || (id < otherId ? -1 : 1);
}
