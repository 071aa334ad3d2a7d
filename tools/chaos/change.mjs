// One change of one honest caller, from the first request to the truth.
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

import { sendChange } from './client.mjs';

const PAUSE_AFTER_LOSS_MS = 200;
const PAUSE_MS = 300;

/** A replica's log comes a little after what it tells. */
const LOG_DELAY_MS = 250;

/** How long a call may be on its way in AWS when the gateway has given it up already, in steps that let AWS go on. */
const LOOKS_AFTER_MS = 300;
const STEP_MS = 50;

/** No change may need longer, retries and all. */
const ENDS_WITHIN_MS = 60_000;

/** How often an honest caller sends an answered request again, to see the first answer again. */
const ASKS_AGAIN = 0.05;

/** How often one tries a change of unknown outcome once more with another key, instead of finding out. */
const TRIES_AGAIN = 0.3;

/**
 * Makes one change: the same request with the same key until there is an answer that ends it, and after an unknown
 * outcome a look at what AWS has.
 *
 * @param run balancer, random choices and verdict
 * @param user whose password it is; it gets the true one in the end
 */
export async function makeChange(run, user) {
  const change = {
    user,
    currentPassword: user.password,
    newPassword: user.inventPassword(),
    attempts: [],
    startedAt: performance.now(),
  };
  run.changes.set(change.newPassword, change);
  let answer = await attempt(run, change);
  if (answer.outcome === 'unknown' && run.random.chance(TRIES_AGAIN)) {
    await sleep(PAUSE_MS);
    // Without Redis an unknown outcome is known to one replica alone, and a moment later to all.
    if (!lostRedis(change)) answer = await attempt(run, change);
  }
  if (run.random.chance(ASKS_AGAIN)) await askAgain(run, change, answer);
  if (answer.outcome === 'unknown') {
    for (let waited = 0; waited < LOOKS_AFTER_MS; waited += STEP_MS) await sleep(STEP_MS);
  }
  run.verdict.changeEnded(change, answer);
  if (user.has(change.newPassword)) user.password = change.newPassword;
}

/** Whether something of this kind hit any request of a change. */
export function wasHit({ attempts }, what) {
  return attempts.some(({ exchanges }) => exchanges.some(({ hits }) => hits.includes(what)));
}

/** Whether Redis was killed, or was too slow for a replica, behind any request of a change. */
export function lostRedis(change) {
  const lost = ({ code, replica, sentAt, ms }) =>
    code === 'idempotency_unavailable' ||
    replica?.redisLosses.some((at) => at >= sentAt && at <= sentAt + ms + LOG_DELAY_MS);
  return wasHit(change, 'redis') || change.attempts.some(({ exchanges }) => exchanges.some(lost));
}

/** One key: the same request until something answers it for good. */
async function attempt(run, change) {
  const key = randomUUID();
  const request = await change.user.request(change.currentPassword, change.newPassword, key);
  const current = { key, request, exchanges: [], calls: [] };
  change.attempts.push(current);
  for (;;) {
    const answer = await exchange(run, change, current);
    if (!answer.lost && !answer.retryable) return answer;
    const pause = answer.lost ? PAUSE_AFTER_LOSS_MS : (answer.retryAfterMs ?? PAUSE_MS);
    if (performance.now() + pause - change.startedAt > ENDS_WITHIN_MS) {
      run.verdict.fail('ends', change, answer);
      return answer;
    }
    await sleep(pause);
  }
}

/** The same request after its answer: the same answer. */
async function askAgain(run, change, first) {
  const current = change.attempts.at(-1);
  const calls = current.calls.length;
  const answer = await exchange(run, change, current);
  if (answer.lost || answer.status === 503) return;
  const excused = lostRedis(change) && answer.status === 409;
  const isSame = answer.replayed && answer.code === first.code;
  if (isSame || excused) return;
  // An unresolved outcome is not an answer of AWS that could be given again: it is said again.
  if (answer.code === 'outcome_unresolved' && first.code === 'outcome_unresolved') return;
  if (calls === current.calls.length && first.outcome === 'unchanged') return;
  run.verdict.fail('replay', change, answer);
}

async function exchange(run, change, current) {
  const callsBefore = current.calls.length;
  const before = run.verdict.truthOf(change);
  const sentAt = performance.now();
  const { clientPort, ...answer } = await sendChange(run.balancer.port, current.request);
  const { replica, hits } = run.balancer.take(change.user.address, clientPort);
  const record = { ...answer, before, replica, hits, sentAt, calls: current.calls.slice(callsBefore) };
  current.exchanges.push(record);
  run.verdict.exchanged(change, record);
  return record;
}
