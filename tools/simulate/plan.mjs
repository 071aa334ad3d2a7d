// @ts-check
import { Random } from '../support/random.mjs';

/** What an action may be; the more often it stands here, the more often it comes. */
const KINDS = [
  ...Array.from({ length: 9 }, () => 'change'),
  ...['guess', 'guess', 'stranger', 'stranger', 'replay', 'replay', 'names', 'busy', 'forged', 'probe'],
  ...['redis', 'redis', 'redis', 'failover', 'kill', 'stop', 'stop'],
];

const PASSWORDS = ['first', 'second', 'third'];

/** How the same person tries again. */
const MODES = [
  'same',
  'same',
  'same',
  'anew',
  'anew',
  'nokey',
  'otherkey',
  'othernew',
  'othernew',
  'othercurrent',
];

/** How long after the first try. */
const PAUSES = [0, 1, 20, 400, 3_000, 11_000, 16_000, 310_000, 1_000_000, 4_000_000];

const FATES = ['reset', 'reset', 'hung', 'hung', 'dripped', 'broken', 'unavailable', 'throttled', 'refused'];

/** @typedef {{ seed: number, replicas: number, redis: boolean, anyPool: boolean, users: any[], actions: any[] }} Plan */

/**
 * What happens in one life, drawn from a seed: who does what and when, and what goes wrong. Each action holds all that it
 * needs, so that a life stays one when some of them are left out.
 *
 * @param {number} seed
 * @returns {Plan}
 */
export function plan(seed) {
  const random = new Random(Math.imul(seed, 0x9e3779b1));
  const redis = random.chance(0.75);
  const replicas = redis ? random.pick([1, 2, 2, 3]) : 1;
  // Most things happen close to one another; some lives are long.
  const length = random.pick([2_000, 10_000, 30_000, 400_000, 5_000_000]);
  const moments = Array.from({ length: random.between(1, 3) }, () => Math.floor(random.next() * length));
  const draw = () =>
    action(random, replicas, random.pick(moments) + random.pick([0, 0, 1, 10, 200, 1_500, 9_000]));
  const drawn = Array.from({ length: random.between(2, 9) }, draw);
  const outages = drawn.filter(({ kind }) => kind === 'redis');
  const actions = [...drawn, ...outages.map((outage) => duringOutage(random, replicas, outage))];
  actions.sort((one, other) => one.at - other.at);
  const users = ['cognito', 'cognito', 'iam', 'iam'].map((provider) => ({ provider, password: 'first' }));
  return { seed, replicas, redis, anyPool: random.chance(0.1), users, actions };
}

/** @param {Random} random @param {number} replicas @param {number} at */
function action(random, replicas, at) {
  const kind = random.pick(KINDS);
  const place = random.between(0, replicas - 1);
  // Most of a life is about one user.
  const user = random.pick([0, 0, 2, 2, 1, 3]);
  const common = { kind, at, place, user, fate: fate(random) };
  switch (kind) {
    case 'change':
      return { ...common, ...change(random, replicas) };
    case 'guess':
      return {
        ...common,
        count: random.between(2, 8),
        every: random.pick([0, 30, 1_000]),
        key: random.pick(['none', 'own', 'one', 'known']),
        networks: random.pick([1, 1, 2, 3]),
        rounds: random.pick([1, 1, 2]),
      };
    case 'stranger':
      return {
        ...{ ...common, user: random.between(2, 3), count: random.pick([1, 1, 3, 40]) },
        key: random.pick(['none', 'known', 'known', 'own']),
        current: random.pick(PASSWORDS),
        new: random.pick(PASSWORDS),
        crowd: random.chance(0.5),
      };
    case 'replay':
      return { ...common, key: random.chance(0.5), away: random.chance(0.7), count: random.pick([1, 1, 2]) };
    case 'names':
      return {
        ...common,
        count: random.pick([6, 30]),
        names: random.pick(['key', 'invocation', 'one', 'none']),
        weak: random.chance(0.5),
      };
    case 'busy':
      return {
        ...common,
        count: random.pick([8, 12]),
        provider: random.pick(['cognito', 'iam']),
        keys: random.chance(0.5),
      };
    case 'forged':
      return { ...common, user: random.between(0, 1), count: random.pick([1, 7]), away: random.chance(0.8) };
    case 'probe':
      return { ...common, user: random.between(0, 1), lifeMs: random.pick([-1_000, -1_000, 3_600_000]) };
    case 'redis':
      return {
        ...common,
        mode: random.pick(['away', 'slow', 'hung', 'hung', 'deaf', 'mute', 'mute']),
        for: random.pick([50, 300, 2_000, 12_000]),
      };
    case 'failover':
      return { ...common, lostMs: random.pick([5, 50, 1_000]) };
    default:
      return { ...common, for: random.pick([10, 1_000, 20_000]), timeoutMs: random.pick([100, 12_000]) };
  }
}

/** Somebody who meets an outage of Redis, and tries again soon after it. @param {Random} random @param {number} replicas @param {any} outage */
function duringOutage(random, replicas, { at, user, for: lasts }) {
  const common = { kind: 'change', place: random.between(0, replicas - 1), user, fate: fate(random) };
  const drawn = change(random, replicas);
  const again = (/** @type {any} */ each) => ({
    ...each,
    after: lasts + random.pick([200, 600, 900, 3_000, 8_000]),
  });
  return {
    ...common,
    ...drawn,
    at: at + random.pick([0, 0, 1, lasts, lasts + 200]),
    tries: drawn.tries.map(again),
  };
}

/** @param {Random} random @param {number} replicas */
function change(random, replicas) {
  return {
    current: random.pick(['right', 'right', 'right', 'right', 'wrong', ...PASSWORDS]),
    new: random.pick([...PASSWORDS, ...PASSWORDS, 'weak']),
    key: random.chance(0.6),
    invocation: random.chance(0.3),
    lifeMs: random.pick([3_600_000, 3_600_000, 5_000]),
    leaves: random.pick([undefined, undefined, undefined, 10, 2_000]),
    tries: Array.from({ length: random.between(0, 3) }, () => ({
      mode: random.pick(MODES),
      after: random.pick(PAUSES),
      place: random.between(0, replicas - 1),
      away: random.chance(0.15),
      new: random.pick(PASSWORDS),
      fate: fate(random),
    })),
  };
}

/** @param {Random} random @returns {import('./aws.mjs').Fate} */
function fate(random) {
  const kind = random.chance(0.55) ? 'answered' : random.pick(FATES);
  return {
    kind,
    commits: random.chance(0.6),
    there: random.pick([1, 5, 5, 40, 300, 2_000, 9_000, 12_000]),
    back: random.pick([1, 1, 20, 400]),
  };
}
