// Whether limits hold for all replicas together, while Redis is up.
import { randomUUID } from 'node:crypto';

import { sendChange } from './client.mjs';
import { calm } from './storm.mjs';

/** What the replicas are told when the limits are looked at: below what AWS itself allows. */
const LIMITS = { RATE_LIMIT_IDENTITY: '4/900', RATE_LIMIT_ADDRESS: '300/900' };

/**
 * What they are told before. Wide for an identity, because in such weather honest callers are told "incorrect" of changes
 * that had been made, and pay for it.
 */
export const STORM_LIMITS = { ...LIMITS, RATE_LIMIT_IDENTITY: '1000/900' };

const MOST_GUESSES = 4;
const MOST_STRANGERS = 300;

const GUESSES_AT_ONCE = 30;
const STRANGERS_AT_ONCE = 8;

/** A replica that finds Redis too slow counts for itself, so what was seen then says nothing; it is done once more. */
const TRIES = 10;

/**
 * Checks both limits, through both replicas.
 *
 * @param run the house
 * @param newGuesser makes a caller with a true token
 * @returns how many got through
 */
export async function checkLimits(run, newGuesser) {
  for (const replica of run.replicas) await replica.restart(LIMITS);
  return {
    guesses: await whileRedisIsUp(run, (seen) => guessPasswords(run, newGuesser(), seen)),
    strangers: await whileRedisIsUp(run, (seen, number) => strangers(run, `127.3.0.${number + 2}`, seen)),
  };
}

async function whileRedisIsUp(run, check) {
  const losses = () => run.replicas.reduce((sum, { redisLosses }) => sum + redisLosses.length, 0);
  for (let number = 0; number < TRIES; number += 1) {
    let undisturbed = true;
    const seen = async (round) => {
      await calm(run);
      const before = losses();
      await round();
      undisturbed &&= losses() === before;
    };
    const { through, fault } = await check(seen, number);
    if (!undisturbed) continue;
    if (fault !== undefined) run.verdict.fail('limits', fault);
    return through;
  }
  run.verdict.fail('limits', 'Redis was never up for long enough to see the limits hold');
  return undefined;
}

/** Thirty wrong passwords at once, again and again, also after a replica and Redis were killed in between. */
async function guessPasswords(run, guesser, seen) {
  let through = 0;
  let bare = 0;
  run.watched.set(guesser.token, () => (through += 1));
  const round = async () => {
    const answers = await Promise.all(Array.from({ length: GUESSES_AT_ONCE }, () => guess(run, guesser)));
    bare += answers.filter(
      ({ code, retryAfterMs = 0 }) => code === 'rate_limited' && retryAfterMs < 1_000,
    ).length;
  };
  await seen(round);
  await seen(round);
  const [replica] = run.replicas;
  await replica.kill();
  await replica.start();
  await seen(round);
  await run.redis.kill();
  await run.redis.start();
  await seen(round);
  if (through > MOST_GUESSES) return { through, fault: `${through} guesses of one caller reached AWS` };
  if (through < 1) return { through, fault: 'no guess of a caller reached AWS' };
  return { through, fault: bare > 0 ? 'rate_limited came without Retry-After' : undefined };
}

async function guess(run, guesser) {
  const request = await guesser.request(guesser.inventPassword(), guesser.inventPassword(), randomUUID());
  return sendChange(run.balancer.port, request);
}

/** Many without any credential, from one address: so many are judged, the rest is turned away. */
async function strangers(run, address, seen) {
  let left = MOST_STRANGERS + 100;
  let through = 0;
  const codes = {};
  const one = async () => {
    while (left > 0) {
      left -= 1;
      const headers = { Authorization: 'Bearer not.a.token' };
      const answer = await sendChange(run.balancer.port, { headers, address, body: '{}' });
      const code = answer.code ?? 'no answer';
      codes[code] = (codes[code] ?? 0) + 1;
      if (code !== 'rate_limited') through += 1;
    }
  };
  await seen(() => Promise.all(Array.from({ length: STRANGERS_AT_ONCE }, one)));
  const most = MOST_STRANGERS + STRANGERS_AT_ONCE - 1;
  const right = through >= MOST_STRANGERS && through <= most;
  const fault = `of one address ${JSON.stringify(codes)}, not ${MOST_STRANGERS} to ${most} that were judged`;
  return { through, fault: right ? undefined : fault };
}
