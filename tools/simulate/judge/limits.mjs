// @ts-check
import { BOUNDS } from '../gateway.mjs';
import { ADDRESS_LIMIT } from '../replica.mjs';
import { RULES } from '../redis-server.mjs';

const WINDOW_MS = RULES.limit.seconds * 1000;
/** Between the moment at which AWS judges a guess and the one at which it is charged. */
const CHARGING_MS = 15_000;

/** Answers that blame a credential. */
const BLAMES = new Set([
  'credential_malformed',
  'credential_invalid',
  'credential_expired',
  'credential_revoked',
  'signature_mismatch',
  'not_authorized',
]);

/**
 * L5: wrong guesses that reach AWS stay below the identity limit; of whom only AWS can prove, in each network, because whether one belongs to the
 * caller shows only by its first answers. Where the caller is proven, all of its networks count together.
 *
 * @param {import('./knowledge.mjs').Knowledge} knowledge
 */
export function* guessesAreBounded(knowledge) {
  const { world } = knowledge;
  const charged = world.aws.calls.filter(
    ({ request }) => isGuess(request) && isConfirmed(knowledge, request),
  );
  for (const { at, request } of charged) {
    const same = charged.filter(
      (other) =>
        isSameCaller(world, other.request, request) &&
        other.at >= at &&
        other.at < at + WINDOW_MS - CHARGING_MS,
    );
    const networks = new Set(same.map((other) => other.request.network)).size;
    const isProven = request.user.provider === 'cognito' && !world.plan.anyPool;
    const most = RULES.limit.points * (isProven ? 1 : networks);
    const known = same.filter((other) => isProvenBefore(knowledge, other.request));
    if (same.length > most || known.length > RULES.limit.points) {
      yield `L5 ${request.id}: the first of ${same.length} wrong guesses, from ${networks} networks, that reached AWS`;
      return;
    }
  }
  // Answers to another request under a key tell of the passwords of the first one.
  const told = world.answers.filter(
    ({ code, request }) =>
      code === 'idempotency_key_reused' && !request.signed && isConfirmed(knowledge, request),
  );
  for (const { at, request } of told) {
    const same = told.filter(
      (other) =>
        isSameCaller(world, other.request, request) &&
        other.at >= at &&
        other.at < at + WINDOW_MS - CHARGING_MS,
    );
    if (same.length > RULES.limit.points) {
      yield `L5 ${request.id}: the first of ${same.length} guesses at keys that were answered`;
      return;
    }
  }
}

/** Whether a guess came from where AWS had proven the caller before. @param {import('./knowledge.mjs').Knowledge} knowledge @param {any} guess */
function isProvenBefore({ world, runs }, guess) {
  return runs.some(
    (other) =>
      isSameCaller(world, other, guess) &&
      other.network === guess.network &&
      other.ending?.proven &&
      other.decided < guess.lookedUp,
  );
}

/** Whoever repeats what was done has guessed nothing. @param {any} request */
function isGuess({ ending, doubt }) {
  return ending?.charged && !doubt.startsWith('changed');
}

/** @param {import('../world.mjs').World} world @param {any} one @param {any} other */
function isSameCaller({ plan }, one, other) {
  return (
    one.user === other.user && (!plan.anyPool || one.user.provider === 'iam' || one.token === other.token)
  );
}

/** Whether all that was noted of a request was noted for all replicas, and stays. @param {import('./knowledge.mjs').Knowledge} knowledge @param {any} request */
function isConfirmed({ world }, request) {
  if (world.redis === undefined) return !world.hasRestarted;
  if (request.isAlone) return false;
  const noted = request.applied.filter((/** @type {any} */ { ending }) => ending?.told === undefined);
  const wanted = request.ending === undefined ? 1 : 2;
  return noted.length === wanted && noted.every((/** @type {any} */ { lost }) => lost === Infinity);
}

/** What the ledger refuses without a charge. */
const FREE = new Set(['gateway_draining', 'credential_expired', 'rate_limited', 'idempotency_unavailable']);

/**
 * L5 of what costs nothing: after as many of them as the limit has points such answers depend on no passwords, or they could be
 * tested by them without end.
 *
 * @param {import('./knowledge.mjs').Knowledge} knowledge
 */
export function* freeAnswersTellNothing(knowledge) {
  const { world } = knowledge;
  const free = world.answers.filter(
    ({ request, code, limit }) =>
      FREE.has(code) &&
      limit !== 'address' &&
      request.attempt.ledgerAsked &&
      request.began === Infinity &&
      !request.key &&
      !request.invocation,
  );
  for (const one of free) {
    const other = free.find((answer) => answer.code === one.code && isSameMoment(knowledge, one, answer));
    // What Redis could not be asked about is unknown, whatever the passwords are.
    const isTroubled = other && knowledge.wasTroubled(one.request.sentAt, other.at);
    const earlier = free.filter(
      (answer) =>
        isSameCaller(world, answer.request, one.request) &&
        isWithinWindow(answer, one) &&
        isConfirmed(knowledge, answer.request) &&
        hasCompared(knowledge, answer),
    );
    const isBeyond = earlier.length >= RULES.limit.points && isConfirmed(knowledge, one.request);
    if (other && isBeyond && !isTroubled && other.outcome !== one.outcome) {
      yield `L5 ${one.request.id}: told ${one.code}, ${one.outcome}, and ${other.request.id} with other passwords ${other.outcome}`;
    }
  }
}

/** Whether there was anything to compare with. @param {import('./knowledge.mjs').Knowledge} knowledge @param {any} answer */
function hasCompared(knowledge, { request }) {
  return knowledge
    .ofCaller(request)
    .some(
      (run) =>
        run.began < request.decided &&
        (run.decided > request.decided || run.ending?.state !== 'unchanged') &&
        knowledge.knows(run, request),
    );
}

/** Whether an answer counts when another one is given. @param {any} answer @param {any} other */
function isWithinWindow(answer, other) {
  return answer.request.decided < other.request.decided && answer.at > other.at - WINDOW_MS + CHARGING_MS;
}

/** Whether nothing of a caller began or ended between two answers. @param {import('./knowledge.mjs').Knowledge} knowledge @param {any} one @param {any} other */
function isSameMoment(knowledge, { request: one }, { request: other }) {
  const [from, until] = [one.decided, other.decided];
  if (from >= until || !isSameCaller(knowledge.world, one, other) || other.sentAt - one.sentAt > 1_000)
    return false;
  // Where the caller was never proven, nothing is compared at all.
  if (one.network !== other.network) return false;
  const isBetween = (/** @type {number} */ order) => order > from && order < until;
  const runs = knowledge.ofCaller(one);
  return !runs.some(
    (run) =>
      isBetween(run.began) ||
      isBetween(run.decided) ||
      run.applied.some((/** @type {any} */ { order }) => isBetween(order)),
  );
}

/**
 * L6: an honest caller is not refused for what others did.
 *
 * @param {import('./knowledge.mjs').Knowledge} knowledge
 */
export function* honestIsServed(knowledge) {
  for (const answer of knowledge.world.answers) {
    const { request, code, limit } = answer;
    if (request.by !== 'owner') continue;
    if (code === 'rate_limited' && limit === 'address') yield* addressIsAtItsLimit(knowledge, answer);
    else if (code === 'rate_limited') yield* callerIsAtItsLimit(knowledge, answer);
    if (code === 'idempotency_unavailable') yield* namesAreUsedUp(knowledge, answer);
    if (code === 'idempotency_key_reused' || code === 'request_in_progress')
      yield* keyIsUsed(knowledge, answer);
    if (code === 'outcome_unresolved' && !answer.replayed) yield* somethingRan(knowledge, answer);
  }
}

/** @param {import('./knowledge.mjs').Knowledge} knowledge @param {any} answer */
function* addressIsAtItsLimit({ world }, { request, at }) {
  const since = at - ADDRESS_LIMIT.seconds * 1000 - CHARGING_MS;
  const blamed = world.answers.filter(
    (other) =>
      other.request.network === request.network &&
      other.at >= since &&
      // It may be charged before it is told.
      other.request.sentAt <= at &&
      BLAMES.has(other.code),
  );
  if (blamed.length < ADDRESS_LIMIT.points) {
    yield `L6 ${request.id}: its address is at its limit after ${blamed.length} answers that blame a credential`;
  }
}

/** @param {import('./knowledge.mjs').Knowledge} knowledge @param {any} answer */
function* callerIsAtItsLimit({ world }, { request, at }) {
  const holdsCredential = (/** @type {any} */ other) => !['stranger', 'forger'].includes(other.by);
  const own = world.requests.filter(
    (other) =>
      other !== request &&
      isSameCaller(world, other, request) &&
      other.sentAt <= at &&
      (holdsCredential(other) || other.network === request.network),
  );
  const charges = own.filter(
    (other) =>
      (other.ending?.charged ||
        other.answer?.code === 'idempotency_key_reused' ||
        other.applied.some((/** @type {any} */ { isCharged }) => isCharged)) &&
      at - (other.endedAt ?? other.sentAt) <= WINDOW_MS + CHARGING_MS,
  ).length;
  const isBegun = (/** @type {any} */ other) =>
    other.began < request.decided ||
    other.applied.some((/** @type {any} */ { isNoted, order }) => isNoted && order < request.decided);
  // An end that waits for Redis is not known to others before it is written.
  const isWritten = (/** @type {any} */ other) =>
    world.redis === undefined ||
    other.replica === request.replica ||
    other.applied.some((/** @type {any} */ { name, order }) => name === 'end' && order < request.decided);
  const endOf = (/** @type {any} */ other) =>
    isWritten(other) && other.endedAt !== undefined
      ? other.endedAt
      : (other.beganAt ?? other.sentAt) + CHARGING_MS;
  const running = own.filter((other) => isBegun(other) && endOf(other) >= at - 1_000).length;
  const most = RULES.limit.points;
  if (charges + running < most && !hasNoRoom(own, at)) {
    yield `L6 ${request.id}: at its limit after ${charges} charges and ${running} runs of its own`;
  }
}

/** @param {import('./knowledge.mjs').Knowledge} knowledge @param {any} answer */
function* namesAreUsedUp(knowledge, { request, at }) {
  const own = knowledge.world.requests.filter(
    (other) => other !== request && other.user === request.user && other.sentAt <= at,
  );
  if (!hasNoRoom(own, at) && !knowledge.wasTroubled(request.sentAt, at)) {
    yield `L6 ${request.id}: no room for its key after ${own.length} requests of its own`;
  }
}

/** Whether a caller has left so many names behind. @param {any[]} own @param {number} at */
function hasNoRoom(own, at) {
  const names = new Set();
  for (const { key, invocation, signed, network, began, ending, endedAt, applied } of own) {
    const isNoted = began < Infinity || applied.some((/** @type {any} */ entry) => entry.isNoted);
    if (!isNoted || (ending && !ending.kept && endedAt < at - 1_000)) continue;
    for (const name of [key, invocation]) if (name) names.add(name).add(`${name} ${network}`);
    if (signed) names.add(signed.signature);
  }
  return names.size + 3 > BOUNDS.names;
}

/** @param {import('./knowledge.mjs').Knowledge} knowledge @param {any} answer */
function* keyIsUsed({ world }, { request, code }) {
  const isSame = (/** @type {any} */ other) =>
    other !== request &&
    other.user === request.user &&
    (other.key === request.key ||
      other.invocation === request.invocation ||
      other.signed?.signature === request.signed?.signature);
  const others = world.requests.filter((other) => isSame(other) && other.sentAt <= request.answer.at);
  if (others.length === 0) yield `L6 ${request.id}: told ${code}, though nothing else came under its names`;
}

/** An outcome is unresolved only where something was sent. @param {import('./knowledge.mjs').Knowledge} knowledge @param {any} answer */
function* somethingRan(knowledge, { request, at }) {
  const mayHaveRun = (/** @type {any} */ other) =>
    other.attempt.calledUpstream || (other.replica.dead && other.applied.length > 0);
  const others = knowledge.world.requests.filter((other) => other.user === request.user && other !== request);
  if (others.some((other) => other.sentAt <= at && mayHaveRun(other)) || request.isAlone) return;
  // Until what waited is written.
  if (knowledge.wasTroubled(at - 5_000, at)) return;
  yield `L6 ${request.id}: unresolved, though nothing else was ever sent`;
}
