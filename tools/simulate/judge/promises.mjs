// @ts-check
import { DAY, isSameChange } from './knowledge.mjs';
import { SIGNATURE_LIFE_MS } from '../aws.mjs';

/**
 * L1: of all attempts under one key or one signature, one at most may have changed the password.
 *
 * @param {import('./knowledge.mjs').Knowledge} knowledge
 */
export function* runsOnce(knowledge) {
  for (const run of knowledge.runs) {
    const earlier = knowledge.ofCaller(run).filter((other) => other !== run && other.began < run.began);
    for (const other of earlier) {
      if (!knowledge.mayHaveChanged(other) || !knowledge.calls.has(run)) continue;
      const isKey = knowledge.sharesKey(other, run) && run.beganAt - other.beganAt < DAY;
      const isSignature = knowledge.sharesSignature(other, run);
      // Without a key, a captured signature can run once more while Redis does not confirm runs.
      const isExcused = !isKey && other.replica !== run.replica && (other.isAlone || run.isAlone);
      if (!(isKey || isSignature) || isExcused || !isKnown(knowledge, other, run, isKey)) continue;
      yield `L1 ${run.id}: ran, though ${other.id} under the same ${isKey ? 'key' : 'signature'} may have changed the password`;
    }
  }
}

/** One process knows for certain which signatures it has sent. @param {import('./knowledge.mjs').Knowledge} knowledge @param {any} other @param {any} run @param {boolean} isKey */
function isKnown(knowledge, other, run, isKey) {
  if (knowledge.isCrowdedOut(other, run)) return false;
  return knowledge.knows(other, run, run.began) || (!isKey && other.replica === run.replica);
}

/**
 * L4: a replay is the first answer, and what was told as changed under a name stays so.
 *
 * @param {import('./knowledge.mjs').Knowledge} knowledge
 */
export function* repeatsAreTheSame(knowledge) {
  const { answers } = knowledge.world;
  for (const answer of answers) {
    const { request, replayed, requestId, body, code } = answer;
    const first = answers.find((other) => other.request.id === requestId && !other.replayed);
    if (replayed && first && first.body !== body && !diedBeforeItWrote(first)) {
      yield `L4 ${request.id}: told ${code} again, but the first answer was ${first.code}: ${first.body} / ${body}`;
    }
    if (replayed || !request.attempt.ledgerAsked || request.decided === Infinity) continue;
    const done = answers.find((other) => isFinalFor(knowledge, other, answer));
    const isNotLookedUp = answer.outcome === 'unknown' && knowledge.wasTroubled(request.sentAt, answer.at);
    if (done && !isNotLookedUp && !MAY_REFUSE_A_REPEAT.has(code)) {
      yield `L4 ${request.id}: told ${code}, though ${done.request.id} told that this very request was carried out`;
    }
  }
}

/** A doubt that a process told while it could not reach Redis, and could not write before it ended. @param {any} first */
function diedBeforeItWrote({ request, outcome }) {
  return (
    outcome === 'unknown' &&
    request.replica.dead &&
    request.applied.every((/** @type {any} */ { ending }) => !ending?.told)
  );
}

/** What may come instead of the first answer: it costs, or nobody can look it up now. */
const MAY_REFUSE_A_REPEAT = new Set(['rate_limited', 'idempotency_unavailable']);

/** @param {import('./knowledge.mjs').Knowledge} knowledge @param {any} first @param {any} later */
function isFinalFor(knowledge, first, { request, at }) {
  const { request: done, code, replayed } = first;
  if (code !== 'changed' || replayed || done === request || done.user !== request.user) return false;
  const isSame = isSameChange(done, request) && first.order < request.asked;
  const isLost = done.applied.some((/** @type {any} */ { lost }) => lost < request.decided);
  // Who was killed before it could write leaves a run behind of which nobody knows the end.
  const isWritten = done.applied.some((/** @type {any} */ { name }) => name === 'end');
  const isUnwritten = knowledge.world.redis !== undefined && !isWritten;
  if (!isSame || isLost || isUnwritten || !knowledge.knows(done, request)) return false;
  if (knowledge.world.plan.anyPool && done.token !== request.token) return false;
  if (done.user.provider === 'iam') {
    const isTaken = at < done.signed.at + SIGNATURE_LIFE_MS;
    // A captured signature can run once more while Redis does not confirm runs; then that run is known there.
    const ranAgain = knowledge
      .ofCaller(done)
      .some((run) => run.isAlone && knowledge.sharesSignature(run, done));
    return isTaken && knowledge.sharesSignature(done, request) && !ranAgain;
  }
  return knowledge.sharesKey(done, request) && at - first.at < DAY;
}
