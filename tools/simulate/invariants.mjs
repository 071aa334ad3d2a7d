// @ts-check
import { DEADLINE_MS, SIGNATURE_LIFE_MS } from './aws.mjs';
import { LIMIT } from './replica.mjs';

const HOUR = 3_600_000;
const MARGIN_MS = 5_000;

const MAY_FOLLOW_A_CHANGE = new Set([
  'current_password_incorrect',
  'current_password_required',
  'not_authorized',
]);
/** What nobody may be refused with for what others did. */
const SOMEBODY_ELSES_FAULT = new Set(['rate_limited', 'idempotency_key_reused', 'idempotency_unavailable']);

/**
 * The invariants L1 to L9 of the ledger, over all that happened in a life.
 *
 * Excused, because the promise says so: without Redis all memory ends with the process; while Redis is in trouble a captured
 * signature may run once more, and a run that Redis did not confirm is not known to others. For IAM a key is the caller's in
 * one network until AWS has proven the caller, and an answer that does not prove the caller speaks of names alone.
 *
 * @param {any} life
 * @returns {string[]} what was broken
 */
export function broken(life) {
  const { requests, answers, aws, redis, restarts } = life;
  const forgets = redis === undefined && restarts > 0;
  const troubled = redis?.troubled === true;
  /** @type {string[]} */
  const found = [];
  const fail = (/** @type {string} */ rule, /** @type {any} */ answer, /** @type {string} */ why) =>
    found.push(`${rule} ${answer?.request.id ?? ''}: ${why}`);

  // L1
  if (!forgets) {
    const commits = new Map();
    for (const { request } of aws.commits) {
      const key = keyOf(request);
      const names = [key, troubled ? undefined : request.signature?.id].filter((name) => name !== undefined);
      for (const name of names) commits.set(name, [...(commits.get(name) ?? []), request.id]);
    }
    for (const [name, ids] of commits)
      if (ids.length > 1) fail('L1', undefined, `${name} changed it by ${ids}`);
  }

  for (const answer of answers) {
    const { request, code, outcome, at } = answer;
    if (code === 'internal_error') fail('L0', answer, `a fault: ${answer.stack ?? answer.detail}`);
    // L2
    if (outcome === 'unchanged' && !forgets) {
      const lie = aws.commits.find((/** @type {any} */ commit) =>
        contradicts(commit, answer, life, troubled),
      );
      if (lie) fail('L2', answer, `${code}, unchanged, but ${lie.request.id} changed it`);
    }
    // L2 of the reason: "incorrect" is a lie too while an untold change is what made the password so.
    if (code === 'current_password_incorrect' && !forgets) {
      const cause = aws.commits.find((/** @type {any} */ commit) =>
        isUntoldCause(commit, answer, life, troubled),
      );
      if (cause) fail('L2', answer, `"incorrect", because of ${cause.request.id}, of which nobody was told`);
    }
    // L6 of a key: what is told of its first attempt is about one that was made.
    if (code === 'outcome_unresolved' && !answer.replayed && restarts === 0) {
      const isCalled = (/** @type {any} */ { request: called }) =>
        called.user === request.user &&
        (called.id === request.id ||
          called.key === request.key ||
          called.signature?.id === request.signature?.id);
      if (!aws.calls.some(isCalled)) fail('L6', answer, 'unresolved, though nothing was ever sent');
    }
    // L3
    if (outcome === 'changed') {
      const { requestId } = answer;
      const isTrue = aws.commits.some(
        ({ request: done }) =>
          done.id === requestId &&
          done.user === request.user &&
          done.currentPassword === request.currentPassword &&
          done.newPassword === request.newPassword,
      );
      if (!isTrue) fail('L3', answer, `changed by ${requestId}, which it was not`);
    }
    // L4
    if (answer.replayed) {
      const first = answers.find((/** @type {any} */ { request: asked }) => asked.id === answer.requestId);
      const isSame =
        !first || (first.code === code && first.outcome === outcome && first.detail === answer.detail);
      if (!isSame) fail('L4', answer, `${code} again, but it was ${first.code}`);
    }
    // L6
    const isOwner = request.by === 'owner' && request.user.honest && !isSharedKey(request, requests);
    const isSoon = code === 'rate_limited' && (answer.retryAfterSeconds ?? 0) <= 1;
    if (isOwner && SOMEBODY_ELSES_FAULT.has(code) && !isSoon && !troubled)
      fail('L6', answer, `refused with ${code}`);
    // L7
    if (request.by === 'stranger') {
      const tells = answer.replayed || MAY_FOLLOW_A_CHANGE.has(code) || (code === 'rate_limited' && !isSoon);
      if (tells) fail('L7', answer, `a stranger is told ${code}`);
    }
    // L9
    if (at - request.sentAt > DEADLINE_MS + MARGIN_MS)
      fail('L9', answer, `answered after ${at - request.sentAt} ms`);
  }

  // L5
  if (!troubled && !forgets && restarts === 0) {
    // Whoever repeats a change that was made has guessed nothing.
    const isDone = (/** @type {any} */ request) =>
      aws.commits.some((/** @type {any} */ { request: done }) => isSameChange(done, request));
    const isHeard = (/** @type {any} */ { kind, delay, back }) =>
      kind === 'none' && delay + back < DEADLINE_MS;
    const guesses = aws.calls.filter(
      ({ judged, request }) =>
        judged === 'current_password_incorrect' && isHeard(request.fault) && !isDone(request),
    );
    for (const { at, request } of guesses) {
      const inWindow = guesses.filter(
        (other) =>
          other.request.user === request.user &&
          other.at >= at &&
          other.at < at + LIMIT.seconds * 1000 - 30_000,
      );
      const networks = new Set(inWindow.map((other) => other.request.network)).size;
      const most = LIMIT.points + (request.user.provider === 'iam' ? (networks - 1) * LIMIT.points : 0);
      if (inWindow.length > most) fail('L5', { request }, `${inWindow.length} guesses reached AWS`);
    }
  }

  // L5 of a key: each answer to another request under it tells something about the passwords.
  const told = answers.filter(
    ({ code, request }) => code === 'idempotency_key_reused' && request.user.provider === 'cognito',
  );
  for (const { at, request } of told) {
    const end = at + LIMIT.seconds * 1000 - 30_000;
    const inWindow = told.filter(
      (other) => other.request.user === request.user && other.at >= at && other.at < end,
    );
    if (inWindow.length > LIMIT.points && !troubled && restarts === 0) {
      fail('L5', { request }, `${inWindow.length} guesses at keys were answered`);
    }
  }

  // L8
  if (life.leftOver > 0)
    fail('L8', undefined, `${life.leftOver} callers are still remembered after all times are over`);
  // L9
  const unanswered = requests.filter(
    (/** @type {any} */ request) =>
      request.attempt && !answers.some((/** @type {any} */ answer) => answer.request === request),
  );
  if (unanswered.length > 0 && restarts === 0) fail('L9', { request: unanswered[0] }, 'never answered');
  return found;
}

/** Whether a change makes "unchanged" a lie. */
function contradicts(
  { at, request: done },
  { at: told, request, attempt, code },
  { answers, redis },
  troubled,
) {
  // What began after the ledger had decided could not be known.
  if (done.user !== request.user || done.began > request.decided || done.sentAt > told) return false;
  const isProven = request.user.provider === 'cognito' || attempt.proven;
  const sameChange = isProven && isSameChange(done, request);
  const sameKey = keyOf(done) !== undefined && keyOf(done) === keyOf(request);
  // Later AWS refuses the signature, and nobody remembers it.
  const isRemembered = request.signature !== undefined && told <= request.signature.at + SIGNATURE_LIFE_MS;
  const sameSignature = isRemembered && done.signature?.id === request.signature.id;
  if (!sameChange && !sameKey && !sameSignature) return false;
  // Before the ledger was asked only a key makes an answer cautious.
  if (!attempt.ledgerAsked && !sameKey) return false;
  const toldLongAgo = answers.some(
    (/** @type {any} */ { request: changed, outcome, at: when }) =>
      outcome === 'changed' && isSameChange(changed, done) && when >= at && when <= told - HOUR,
  );
  // The memory of an outcome that nobody was told ends after a day.
  if (toldLongAgo || at < told - 24 * HOUR) return false;
  if (!troubled) return true;
  // What Redis did not confirm is not known to others; and of this attempt, only "incorrect" is doubted then.
  const isConfirmed = (/** @type {any} */ { id }) => redis.confirmed.has(id);
  return isConfirmed(done)
    ? sameKey || MAY_FOLLOW_A_CHANGE.has(code)
    : !isConfirmed(request) && MAY_FOLLOW_A_CHANGE.has(code);
}

/** Whether "incorrect" is said because of a change that was made and not told. */
function isUntoldCause(commit, answer, { aws, answers, redis }, troubled) {
  const { at, request: done } = commit;
  const { at: told, request } = answer;
  if (done.user !== request.user || done.currentPassword !== request.currentPassword) return false;
  if (at > told || done.began > request.decided || at < told - 24 * HOUR) return false;
  const isTold = answers.some(
    (/** @type {any} */ other) =>
      other.outcome === 'changed' && isSameChange(other.request, done) && other.at <= told,
  );
  const hasReturned = aws.commits.some(
    (/** @type {any} */ later) =>
      later.request.user === done.user && later.at > at && later.request.newPassword === done.currentPassword,
  );
  return !isTold && !hasReturned && (!troubled || redis.confirmed.has(done.id));
}

/** A key and whose it is: of an IAM caller in one network, until AWS has proven the caller. */
function keyOf({ user, key, network }) {
  if (key === undefined) return undefined;
  return user.provider === 'iam' ? `${user.id} ${network} ${key}` : `${user.id} ${key}`;
}

/** Whether its owner has used a key for another signature too. */
function isSharedKey({ user, key, signature }, requests) {
  const isOther = (/** @type {any} */ other) =>
    other.key === key && other.user === user && other.signature?.id !== signature?.id;
  return key !== undefined && requests.some(isOther);
}

/** @param {any} one @param {any} other */
function isSameChange(one, other) {
  return (
    one.user === other.user &&
    one.currentPassword === other.currentPassword &&
    one.newPassword === other.newPassword
  );
}
