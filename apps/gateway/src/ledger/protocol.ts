import type { CallerRecord, RememberedAttempt, RememberedName } from './caller-record.js';
import {
  type AttemptName,
  CHANGED_MS,
  type ChargedPoints,
  type Decision,
  type Doubt,
  type Ending,
  type LedgerAttempt,
  type LedgerRules,
  MAX_NAMES,
  MAX_OUTCOMES,
  type Refusal,
  REMEMBER_MS,
  RUNNING_RETRY_MS,
  type Verdict,
} from './ledger.js';

/**
 * Judges an attempt by what is remembered of its caller, and notes it as running if it may run. ledger.lua.ts says the same
 * to Redis, in the same order.
 *
 * @param record all that is remembered of the caller
 * @param now milliseconds since 1970
 * @param maxNames how many names of the caller there is room for
 */
export function begin(
  record: CallerRecord,
  attempt: LedgerAttempt,
  rules: LedgerRules,
  now: number,
  maxNames = MAX_NAMES,
): Decision {
  record.prune(now);
  const context = { record, attempt, rules, now, maxNames };
  for (const name of attempt.names) {
    const known = record.names.get(name.name);
    if (known === undefined) continue;
    const decision =
      known.binding === name.binding ? sameRequest(context, known) : otherRequest(context, name, known);
    if (decision !== undefined) return decision;
  }
  return unknownRequest(context);
}

interface Context {
  readonly record: CallerRecord;
  readonly attempt: LedgerAttempt;
  readonly rules: LedgerRules;
  readonly now: number;
  readonly maxNames: number;
}

function sameRequest(context: Context, known: RememberedName): Decision {
  const { record, attempt, now } = context;
  // Once another request came under the key, each answer to it tells something about the passwords of the first.
  if (comparesPasswords(attempt) && known.mismatched && isExhausted(context)) return exhausted(context, true);
  if (known.answer !== undefined) {
    return {
      kind: 'replay',
      answer: known.answer,
      doubt: known.doubt,
      charged: chargedPoints(record, attempt, now),
    };
  }
  return known.leaseUntil > now
    ? refused(context, 'request_in_progress', true, RUNNING_RETRY_MS)
    : refused(context, 'outcome_unresolved', true);
}

function otherRequest(
  context: Context,
  { kind, onceProven }: AttemptName,
  known: RememberedName,
): Decision | undefined {
  const { record, attempt, rules, now } = context;
  if (comparesPasswords(attempt)) {
    const inDoubt = known.state !== 'unchanged' || isSameChangeDoubted(record, attempt);
    known.mismatched = true;
    if (isExhausted(context)) return exhausted(context, true);
    if (rules.limit) record.charge(attempt.id, now + rules.limit.seconds * 1000);
    return refused(context, 'idempotency_key_reused', inDoubt);
  }
  // Nothing is compared with a signature: whatever the other request holds, the answer is the same.
  if (known.state === 'running' && known.leaseUntil > now) {
    return refused(context, 'request_in_progress', true, RUNNING_RETRY_MS);
  }
  // How the owner's attempt ended is nothing to tell a stranger who has seen the key.
  const isTrusted = record.trusts(attempt.proven, attempt.network);
  const inDoubt = known.state !== 'unchanged' || !isTrusted;
  if (kind === 'key') return refused(context, 'idempotency_key_reused', inDoubt);
  if (onceProven && !isTrusted) return undefined;
  return inDoubt ? refused(context, 'outcome_unresolved', true) : undefined;
}

function unknownRequest(context: Context): Decision {
  const { record, attempt, rules, now } = context;
  // What costs nothing compares nothing: whoever asks again and again would learn the passwords of another attempt.
  const inDoubt = attempt.proven && record.attempts.size > 0;
  if (!attempt.mayRun) return refused(context, 'not_admitted', inDoubt);
  const names = attempt.names.filter(({ name }) => !record.names.has(name));
  const hasRoom = hasRoomFor(context, names.length);
  if (!hasRoom && names.some(({ kind }) => kind !== 'invocation')) {
    const code = names.some(({ kind }) => kind === 'key') ? 'idempotency_unavailable' : 'rate_limited';
    const ends = [...record.names.values()].map(({ expiresAt }) => expiresAt);
    return refused(context, code, inDoubt, ends.length > 0 ? Math.min(...ends) - now : RUNNING_RETRY_MS);
  }
  const { limit } = rules;
  if (limit) {
    const charged = record.trusts(attempt.proven, attempt.network) ? record.charges.size : 0;
    if (charged >= limit.points) return exhausted(context, inDoubt);
    if (charged + runningFrom(record, attempt.network, now) >= limit.points) {
      return refused(context, 'rate_limited', inDoubt, RUNNING_RETRY_MS);
    }
  }
  note(record, attempt, hasRoom ? attempt.names : [], rules, now);
  return { kind: 'run', charged: chargedPoints(record, attempt, now) };
}

/**
 * What strangers leave in somebody's name takes no room from the owner. It is bounded by itself: by the calls in flight, and
 * by the outcomes that are remembered.
 */
function hasRoomFor({ record, attempt, maxNames }: Context, names: number): boolean {
  if (record.names.size + names <= maxNames) return true;
  if (!record.trusts(attempt.proven, attempt.network)) return maxNames > 0;
  const strangers = [...record.attempts.values()].filter(
    ({ proven, network }) => !record.trusts(proven, network),
  );
  const taken = strangers.reduce((sum, stranger) => sum + stranger.names.length, 0);
  return record.names.size - taken + names <= maxNames;
}

/**
 * Notes an attempt as running, without judging it: for a process that keeps what another store has let run.
 *
 * @param taken those of its names that there is room for
 */
export function note(
  record: CallerRecord,
  { id, requestId, change, current, network, proven }: LedgerAttempt,
  taken: readonly AttemptName[],
  { leaseMs }: LedgerRules,
  now: number,
): void {
  const names = taken.filter(({ onceProven }) => !onceProven);
  const leaseUntil = now + leaseMs;
  record.setAttempt(id, {
    ...{ requestId, change, current, network, proven, leaseUntil },
    state: 'running',
    startedAt: now,
    endedAt: 0,
    expiresAt: now + Math.max(REMEMBER_MS, leaseMs),
    names: names.map(({ name }) => name),
  });
  for (const { name, binding, keepMs } of names) {
    record.setName(name, {
      ...{ attempt: id, binding, leaseUntil },
      expiresAt: now + Math.max(keepMs, leaseMs),
      mismatched: false,
      answer: undefined,
      doubt: '',
      state: 'running',
    });
  }
}

/**
 * Notes how an attempt has ended.
 *
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
  const doubt = ending.told ?? doubtAbout(record, attempt, ending, startedAt);
  settleAttempt(record, attempt, ending, startedAt, now);
  for (const name of attempt.names) settleName(record, attempt, name, ending, doubt, now);
  // Whoever repeats a change that was made has guessed nothing.
  const isGuess = ending.charged && !doubt.startsWith('changed');
  if (isGuess && rules.limit) record.charge(attempt.id, now + rules.limit.seconds * 1000);
  if (ending.proven && !attempt.proven) record.trustNetwork(attempt.network, now + REMEMBER_MS);
  makeRoom(record, now);
  return { doubt, charged: chargedPoints(record, attempt, now) };
}

/** What was remembered before the attempt is settled speaks against "unchanged". */
function doubtAbout(
  record: CallerRecord,
  attempt: LedgerAttempt,
  { state, incorrect, proven }: Ending,
  startedAt: number,
): Doubt {
  if (state !== 'unchanged' || !(proven || attempt.proven)) return '';
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
    // This very change is done, so no earlier try at it is a riddle any more.
    for (const [other, { change: tried, state: left, leaseUntil }] of record.attempts) {
      const isOver = left !== 'running' || leaseUntil <= now;
      if (tried === change && isOver) record.attempts.delete(other);
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
  if (known === undefined && record.names.size >= MAX_NAMES) return;
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

/** The oldest outcomes go, first of those that came from where nobody was proven. */
function makeRoom(record: CallerRecord, now: number): void {
  if (record.attempts.size <= MAX_OUTCOMES) return;
  const ended = [...record.attempts].filter(([, { leaseUntil }]) => leaseUntil <= now);
  for (let count = ended.length; count > MAX_OUTCOMES; count -= 1) {
    const untrusted = ended.filter(([, { proven, network }]) => !record.trusts(proven, network));
    const from = untrusted.length > 0 ? untrusted : ended;
    const oldest = from.reduce((one, other) => (other[1].startedAt < one[1].startedAt ? other : one));
    forget(record, oldest[0]);
    ended.splice(ended.indexOf(oldest), 1);
  }
}

/** Forgets an attempt and its names. */
export function forget(record: CallerRecord, id: string): void {
  for (const name of record.attempts.get(id)?.names ?? []) {
    if (record.names.get(name)?.attempt === id) record.names.delete(name);
  }
  record.attempts.delete(id);
}

/** How often somebody failed is nothing to tell a stranger who knows an access key id. */
function chargedPoints(record: CallerRecord, { proven, network }: LedgerAttempt, now: number): ChargedPoints {
  const charges = record.trusts(proven, network) ? [...record.charges.values()] : [];
  const left = charges.map((expiresAt) => expiresAt - now);
  return {
    points: left.length,
    firstMs: left.length > 0 ? Math.min(...left) : 0,
    lastMs: left.length > 0 ? Math.max(...left) : 0,
  };
}

/** Whether a name stands for passwords. With a signature, which only its owner can make, it stands for that instead. */
function comparesPasswords({ names }: LedgerAttempt): boolean {
  return !names.some(({ kind }) => kind === 'signature');
}

function isExhausted({ record, rules }: Context): boolean {
  return rules.limit !== undefined && record.charges.size >= rules.limit.points;
}

/** Until so many points are given back that one is free. */
function exhausted(context: Context, inDoubt: boolean): Decision {
  const { record, rules, now } = context;
  const ends = [...record.charges.values()].sort((one, other) => one - other);
  const free = ends[ends.length - (rules.limit?.points ?? 0)] ?? now;
  return refused(context, 'rate_limited', inDoubt, free - now);
}

/** Whether another attempt at this very change may have made it. To a stranger that would tell passwords. */
function isSameChangeDoubted(record: CallerRecord, { change, proven }: LedgerAttempt): boolean {
  return proven && [...record.attempts.values()].some((other) => other.change === change);
}

function runningFrom({ attempts }: CallerRecord, network: string, now: number): number {
  const runs = [...attempts.values()].filter((other) => other.network === network);
  return runs.filter(({ state, leaseUntil }) => state === 'running' && leaseUntil > now).length;
}

function refused(
  { record, attempt, now }: Context,
  code: Refusal,
  inDoubt: boolean,
  retryAfterMs = 0,
): Decision {
  return { kind: 'refused', code, inDoubt, retryAfterMs, charged: chargedPoints(record, attempt, now) };
}
