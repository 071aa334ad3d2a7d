// @ts-check
import { DAY, HOUR, isSameChange, MAY_FOLLOW_A_CHANGE } from './knowledge.mjs';
import { SIGNATURE_LIFE_MS } from '../aws.mjs';

/**
 * L2: `unchanged` is true.
 *
 * @param {import('./knowledge.mjs').Knowledge} knowledge
 */
export function* unchangedIsTrue(knowledge) {
  for (const answer of knowledge.world.answers) {
    if (answer.outcome !== 'unchanged' || answer.replayed) continue;
    const { request, code } = answer;
    const lie = knowledge.commits.find((commit) => contradicts(knowledge, commit, answer));
    if (lie) yield `L2 ${request.id}: told ${code}, unchanged, but ${lie.request.id} changed the password`;
  }
}

/** @param {import('./knowledge.mjs').Knowledge} knowledge @param {any} commit @param {any} answer */
function contradicts(knowledge, commit, answer) {
  const { request: done } = commit;
  const { request, at } = answer;
  if (done === request) return true;
  if (!knowledge.ofCaller(request).includes(done)) return false;
  // Before the ledger is asked only a key makes an answer cautious, and it does so always.
  if (!request.attempt.ledgerAsked) return request.key !== undefined && done.key === request.key;
  const isProven = knowledge.isProven(request);
  const isKey = knowledge.sharesKey(done, request);
  const isSignature = knowledge.sharesSignature(done, request) && at < done.signed.at + SIGNATURE_LIFE_MS;
  // Whoever is not proven is told of names alone: comparing passwords for him would tell them to strangers.
  if (!isKey && !isSignature && !(isProven && isSameChange(done, request))) return false;
  // Names are looked up when a request begins; the rest when it ends.
  const when = isProven && isSameChange(done, request) ? request.decided : request.lookedUp;
  return isHeldAgainst(knowledge, commit, answer, when);
}

/**
 * L2 of its reason: AWS's "incorrect" is no proof of anything while a change with the same current password is not told.
 *
 * @param {import('./knowledge.mjs').Knowledge} knowledge
 */
export function* incorrectIsTrue(knowledge) {
  for (const answer of knowledge.world.answers) {
    const { request, code, outcome, replayed } = answer;
    if (outcome !== 'unchanged' || replayed || !MAY_FOLLOW_A_CHANGE.has(code) || !knowledge.isProven(request))
      continue;
    const cause = knowledge.commits.find((commit) => isUntoldCause(knowledge, commit, answer));
    if (cause)
      yield `L2 ${request.id}: told ${code}, because of ${cause.request.id}, of which nobody was told`;
  }
}

/** @param {import('./knowledge.mjs').Knowledge} knowledge @param {any} commit @param {any} answer */
function isUntoldCause(knowledge, commit, answer) {
  const { request: done, at } = commit;
  const { request } = answer;
  const judged = knowledge.calls.get(request);
  if (done === request || !knowledge.ofCaller(request).includes(done) || done.current !== request.current)
    return false;
  if (judged === undefined || at > judged.at) return false;
  const wasToldBefore = done.answer?.code === 'changed' && done.decided < request.began;
  const hasReturned = knowledge.commits.some(
    (other) => other.request.user === done.user && other.at >= at && other.request.next === done.current,
  );
  return !wasToldBefore && !hasReturned && isHeldAgainst(knowledge, commit, answer);
}

/** Whether the memory of a change lasts until an answer, and reaches it. @param {import('./knowledge.mjs').Knowledge} knowledge @param {any} commit @param {any} answer @param {number} [when] */
function isHeldAgainst(knowledge, { request: done }, { request, at, code }, when) {
  const isChanged = (/** @type {any} */ { ending }) => ending?.state === 'changed';
  const wasTold = done.answer?.code === 'changed' || isChanged(done) || done.applied.some(isChanged);
  const since = done.endedAt ?? done.beganAt;
  if (at - since >= (wasTold && !sharesName(knowledge, done, request) ? HOUR : DAY)) return false;
  if (knowledge.knows(done, request, when)) return true;
  // Whoever runs without Redis knows that he knows nothing.
  return request.isAlone && done.began < request.decided && MAY_FOLLOW_A_CHANGE.has(code);
}

/** @param {import('./knowledge.mjs').Knowledge} knowledge @param {any} done @param {any} request */
function sharesName(knowledge, done, request) {
  return knowledge.sharesKey(done, request) || knowledge.sharesSignature(done, request);
}

/**
 * L3: `changed` is true, and names the attempt that did it.
 *
 * @param {import('./knowledge.mjs').Knowledge} knowledge
 */
export function* changedIsTrue(knowledge) {
  for (const { request, outcome, requestId, detail = '' } of knowledge.world.answers) {
    const named =
      outcome === 'changed' ? requestId : /carried out at .* by the request (\S+),/.exec(detail)?.[1];
    if (named === undefined) continue;
    const done = knowledge.commits.find((commit) => commit.request.id === named)?.request;
    const isTrue = done !== undefined && done.user === request.user && isSameChange(done, request);
    if (!isTrue) yield `L3 ${request.id}: told that ${named} made the change, which it did not`;
  }
}
