// Whether limits hold for all replicas together, while Redis is up.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { sendChange } from './client.mjs';
import { calm } from './storm.mjs';

/** What the replicas are told. */
export const LIMITS = { RATE_LIMIT_IDENTITY: '4/900', RATE_LIMIT_ADDRESS: '300/900' };

const MOST_GUESSES = 4;
const MOST_STRANGERS = 300;

const GUESSES_AT_ONCE = 30;
const STRANGERS_AT_ONCE = 8;

/**
 * A caller with a true token guesses passwords, thirty at once through both replicas, again and again, also after a
 * replica and Redis were killed in between.
 */
export async function guessPasswords(run, guesser) {
  let called = 0;
  run.watched.set(guesser.token, () => (called += 1));
  const codes = new Map();
  const round = async () => {
    await calm(run);
    const answers = await Promise.all(Array.from({ length: GUESSES_AT_ONCE }, () => guess(run, guesser)));
    for (const { code = 'lost' } of answers) codes.set(code, (codes.get(code) ?? 0) + 1);
    const bare = answers.filter(
      ({ code, retryAfterMs }) => code === 'rate_limited' && !(retryAfterMs >= 1_000),
    );
    if (bare.length > 0) run.verdict.fail('limits', 'rate_limited came without Retry-After');
  };
  await round();
  await round();
  const [replica] = run.replicas;
  await replica.kill();
  await replica.start();
  await round();
  await run.redis.kill();
  await run.redis.start();
  await round();
  await sleep(1_100);
  await round();
  if (called > MOST_GUESSES) run.verdict.fail('limits', `${called} guesses of one caller reached AWS`);
  if (called < 1) run.verdict.fail('limits', 'no guess of a caller reached AWS');
  return { called, codes };
}

async function guess(run, guesser) {
  const request = await guesser.request(guesser.inventPassword(), guesser.inventPassword(), randomUUID());
  return sendChange(run.balancer.port, request);
}

/** A stranger without any credential, through both replicas: so many are judged, the rest is turned away. */
export async function strangers(run, address) {
  await calm(run);
  let left = MOST_STRANGERS + 100;
  let judged = 0;
  const one = async () => {
    while (left > 0) {
      left -= 1;
      const headers = { Authorization: 'Bearer not.a.token' };
      const answer = await sendChange(run.balancer.port, { headers, address, body: '{}' });
      if (answer.code !== 'rate_limited') judged += 1;
    }
  };
  await Promise.all(Array.from({ length: STRANGERS_AT_ONCE }, one));
  const most = MOST_STRANGERS + STRANGERS_AT_ONCE - 1;
  if (judged < MOST_STRANGERS || judged > most)
    run.verdict.fail(
      'limits',
      `${judged} attempts of one address were judged, not ${MOST_STRANGERS} to ${most}`,
    );
  return judged;
}
