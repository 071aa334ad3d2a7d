import type { CallerRecord, RememberedAttempt, RememberedName } from './caller-record.js';
import {
  type AttemptName,
  type Decision,
  type LedgerAttempt,
  type LedgerRules,
  type Refusal,
  REMEMBER_MS,
  RUNNING_RETRY_MS,
} from './ledger.js';

/**
 * Judges an attempt by what is remembered of its caller, and notes it as running if it may run. begin.lua.ts says the same to
 * Redis, in the same order.
 *
 * @param record all that is remembered of the caller
 * @param now milliseconds since 1970
 */
export function begin(
  record: CallerRecord,
  attempt: LedgerAttempt,
  rules: LedgerRules,
  now: number,
): Decision {
  record.prune(now);
  const context = { record, attempt, rules, now };
  if (attempt.runs) return noteRun(context);
  for (const name of attempt.names) {
    const known = record.names.get(name.name);
    if (known === undefined) continue;
    const decision =
      known.binding === name.binding ? sameRequest(context, known) : otherRequest(context, name, known);
    if (decision !== undefined) return decision;
  }
  return unknownRequest(context);
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

interface Context {
  readonly record: CallerRecord;
  readonly attempt: LedgerAttempt;
  readonly rules: LedgerRules;
  readonly now: number;
}

function sameRequest(context: Context, known: RememberedName): Decision {
  const { record, attempt, now } = context;
  // Once another request came under the key, each answer to it tells something about the passwords of the first.
  if (comparesPasswords(attempt) && known.mismatched && isExhausted(context)) return exhausted(context, true);
  if (known.answer !== undefined) {
    const charged = record.chargedTo(attempt, now);
    return { kind: 'replay', answer: known.answer, doubt: known.doubt, charged };
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
    const inDoubt = isAnyNameDoubted(context) || isSameChangeDoubted(context);
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
  const isTrusted = record.trusts(attempt);
  const inDoubt = isAnyNameDoubted(context) || !isTrusted;
  if (kind === 'key') return refused(context, 'idempotency_key_reused', inDoubt);
  if (onceProven && !isTrusted) return undefined;
  return inDoubt ? refused(context, 'outcome_unresolved', true) : undefined;
}

function unknownRequest(context: Context): Decision {
  const { record, attempt, rules, now } = context;
  const isInDoubt = (): boolean => attempt.proven && record.doubtFreely(attempt, rules, now);
  if (!attempt.mayRun) return refused(context, 'not_admitted', isInDoubt());
  const isTrusted = record.trusts(attempt);
  const names = attempt.names.filter(({ name }) => !record.names.has(name));
  const hasRoom = record.hasRoomFor(names.length, attempt, rules.bounds.names);
  if (!hasRoom && names.some(({ kind }) => kind !== 'invocation')) {
    const code = names.some(({ kind }) => kind === 'key') ? 'idempotency_unavailable' : 'rate_limited';
    const ends = isTrusted ? [...record.names.values()].map(({ expiresAt }) => expiresAt) : [];
    return refused(context, code, isInDoubt(), ends.length > 0 ? Math.min(...ends) - now : RUNNING_RETRY_MS);
  }
  if (rules.limit) {
    const charged = isTrusted ? record.charges.size : 0;
    if (charged >= rules.limit.points) return exhausted(context, isInDoubt());
    if (charged + countRunning(context, isTrusted) >= rules.limit.points) {
      // The one that runs may be the same change; to say whether it is would compare passwords for a stranger.
      return refused(context, 'rate_limited', !isTrusted || isInDoubt(), RUNNING_RETRY_MS);
    }
  }
  note(record, attempt, hasRoom ? attempt.names : [], rules, now);
  return run(context);
}

/** It may be told twice: an answer of the store can be lost. */
function noteRun(context: Context): Decision {
  const { record, attempt, rules, now } = context;
  const free = attempt.names.filter(({ name }) => !record.names.has(name));
  if (!record.attempts.has(attempt.id)) note(record, attempt, free, rules, now);
  return run(context);
}

function run({ record, attempt, now }: Context): Decision {
  return { kind: 'run', trusted: record.trusts(attempt), charged: record.chargedTo(attempt, now) };
}

/** Whether a name stands for passwords. With a signature, which only its owner can make, it stands for that instead. */
function comparesPasswords({ names }: LedgerAttempt): boolean {
  return !names.some(({ kind }) => kind === 'signature');
}

/** A key can belong to two attempts: to one in this network, and to one that has proven the caller elsewhere. */
function isAnyNameDoubted({ record, attempt }: Context): boolean {
  return attempt.names.some(({ name }) => {
    const known = record.names.get(name);
    return known !== undefined && (known.state !== 'unchanged' || known.doubt !== '');
  });
}

/** Whether another attempt at this very change may have made it. To a stranger that would tell passwords. */
function isSameChangeDoubted({ record, attempt: { change, proven } }: Context): boolean {
  return proven && [...record.attempts.values()].some((other) => other.change === change);
}

/** Attempts that run: those of the proven caller, wherever they come from; those of anybody else, from the same network. */
function countRunning({ record, attempt, now }: Context, isTrusted: boolean): number {
  const isBeside = (other: RememberedAttempt): boolean =>
    isTrusted ? record.trusts(other) : other.network === attempt.network;
  const running = [...record.attempts.values()].filter(
    ({ state, leaseUntil }) => state === 'running' && leaseUntil > now,
  );
  return running.filter(isBeside).length;
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

function refused(
  { record, attempt, now }: Context,
  code: Refusal,
  inDoubt: boolean,
  retryAfterMs = 0,
): Decision {
  return { kind: 'refused', code, inDoubt, retryAfterMs, charged: record.chargedTo(attempt, now) };
}
