// Two replicas behind a TCP balancer, a real Redis, an AWS that fails at random, and kills: does every answer tell the
// truth, and does no key change a password twice?
import { startAwsSandbox } from '@password-gateway/aws-sandbox';
import { randomBytes, randomInt } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';

import { Balancer } from './balancer.mjs';
import { makeChange } from './change.mjs';
import { checkLimits, STORM_LIMITS } from './guesses.mjs';
import { Random } from '../support/random.mjs';
import { Redis } from './redis.mjs';
import { RedisCluster } from './redis-cluster.mjs';
import { Replica } from './replica.mjs';
import { report } from './report.mjs';
import { storm } from './storm.mjs';
import { UpstreamTap } from './upstream-tap.mjs';
import { CognitoUser, IamUser } from './users.mjs';
import { Verdict } from './verdict.mjs';

const UPSTREAM_TIMEOUT_MS = 1_500;
const FAULT_RATE = 0.08;
const COGNITO_USERS = 36;
const IAM_USERS = 24;

/** How long the guesses after the storm may take at most. */
const LAST_PHASE_MS = 180_000;

const { values } = parseArgs({
  options: {
    changes: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    'max-seconds': { type: 'string', default: '1200' },
    cluster: { type: 'boolean', default: false },
  },
});
const wanted = Number(values.changes);
const seed = Number(values.seed);
if (!(wanted >= 1) || !Number.isInteger(seed)) {
  process.stderr.write('Usage: chaos [--changes N] [--seed S] [--max-seconds N] [--cluster]\n');
  process.exit(2);
}
if (!Redis.installed) {
  process.stderr.write('The chaos run needs redis-server (Debian: apt-get install redis-server).\n');
  process.exit(1);
}

const maxMs = Number(values['max-seconds']) * 1_000;
setTimeout(() => {
  process.stderr.write('The chaos run did not come to an end.\n');
  process.exit(1);
}, maxMs + LAST_PHASE_MS).unref();

const run = await build();
const started = performance.now();
try {
  await weather();
} finally {
  await clear();
}
const held = report(run, { seed, seconds: Math.round((performance.now() - started) / 1000) });
// Node may wait for ever for sockets that were reset on their way out.
process.exit(held ? 0 : 1);

async function build() {
  const random = new Random(seed);
  const sandbox = await startAwsSandbox({ callLimit: 20 * wanted + 10_000 });
  const tap = await UpstreamTap.start(sandbox, new Random(seed + 1));
  const pool = sandbox.cognito.createUserPool();
  const redis = values.cluster ? await RedisCluster.start(random) : await Redis.start();
  const env = {
    COGNITO_USER_POOL_IDS: pool.id,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: tap.url,
    AWS_ENDPOINT_URL_IAM: tap.url,
    UPSTREAM_TIMEOUT_MS: String(UPSTREAM_TIMEOUT_MS),
    ...redis.settings,
    IDEMPOTENCY_SECRET: randomBytes(32).toString('hex'),
    LOG_LEVEL: 'info',
    ...STORM_LIMITS,
  };
  const replicas = [new Replica('replica 1', env), new Replica('replica 2', env)];
  await Promise.all(replicas.map((replica) => replica.start()));
  const balancer = await Balancer.start(replicas);
  const changes = new Map();
  const watched = new Map();
  tap.onCall = ({ number, credential, newPassword }) => {
    changes.get(newPassword)?.attempts.at(-1).calls.push(number);
    watched.get(credential)?.();
  };
  const verdict = new Verdict(tap);
  tap.onStall = (ms) => verdict.note(`AWS stands still for ${ms} ms`);
  for (const replica of replicas) replica.onRedisLost = () => verdict.note(`${replica.name} loses Redis`);
  const house = { random, sandbox, tap, pool, redis, replicas, balancer, verdict };
  return { ...house, changes, watched, wanted, ended: 0, over: false, refusals: 0 };
}

async function weather() {
  const users = [
    ...Array.from({ length: COGNITO_USERS }, (_, index) =>
      cognitoUser(`cognito-${index}`, `127.1.0.${index + 1}`),
    ),
    ...Array.from(
      { length: IAM_USERS },
      (_, index) => new IamUser(run.sandbox, `iam-${index}`, `127.2.0.${index + 1}`),
    ),
  ];
  run.tap.faultRate = FAULT_RATE;
  const deadline = performance.now() + maxMs;
  let left = wanted;
  const work = async (user) => {
    while (left > 0 && performance.now() < deadline) {
      left -= 1;
      await makeChange(run, user);
      run.ended += 1;
    }
  };
  const stormy = storm(run);
  await Promise.all(users.map((user) => work(user)));
  run.over = true;
  await stormy;
  if (run.ended < wanted) run.verdict.fail('ends', `${run.ended} of ${wanted} changes in the time given`);
  run.tap.faultRate = 0;
  run.sandbox.faults.clear();
  let guessers = 0;
  run.limits = await checkLimits(run, () => cognitoUser(`guesser-${(guessers += 1)}`, '127.3.0.1'));
}

function cognitoUser(name, address) {
  return new CognitoUser(run.sandbox, run.pool.id, name, address);
}

async function clear() {
  run.balancer.close();
  await Promise.all(run.replicas.map((replica) => replica.end()));
  await run.redis.end();
  run.tap.refuse();
  await run.sandbox.close();
}
