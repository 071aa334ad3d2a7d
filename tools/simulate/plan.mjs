// @ts-check
import { Random } from '../support/random.mjs';

/** What an action may be; the more often it stands here, the more often it comes. */
const KINDS = [
  ...['change', 'change', 'change', 'change', 'change', 'change', 'change', 'change'],
  ...['guess', 'guess', 'stranger', 'stranger', 'stranger', 'replay', 'replay'],
  ...['redis', 'redis', 'kill', 'drain', 'throttled'],
];

const PASSWORDS = ['first', 'second', 'third'];

/** How the same person tries again. */
const MODES = ['same', 'same', 'same', 'resign', 'resign', 'nokey', 'otherkey', 'othernew', 'expired'];

/** @typedef {{ kind: string, delay: number, back: number }} Fault */

/**
 * What happens in one life, drawn from a seed: who does what and when, and what goes wrong. Each action holds all that it
 * needs, so that a life is still one when some of its actions are left out.
 *
 * @param {number} seed
 */
export function plan(seed) {
  const random = new Random(seed);
  const replicas = random.pick([1, 1, 2, 2, 3]);
  // Some lives take seconds, some minutes, some more than an hour.
  const length = random.pick([5_000, 20_000, 20_000, 400_000, 8_000_000]);
  const count = random.between(3, 12);
  const actions = Array.from({ length: count }, () => action(random, replicas, length));
  actions.sort((one, other) => one.at - other.at);
  return { seed, replicas, redis: replicas > 1 || random.chance(0.4), actions };
}

/** @param {Random} random @param {number} replicas @param {number} length */
function action(random, replicas, length) {
  const kind = random.pick(KINDS);
  const at = Math.floor(random.next() * length);
  const replica = random.between(0, replicas - 1);
  const common = { kind, at, replica, user: random.between(0, 3), fault: fault(random) };
  switch (kind) {
    case 'change':
      return {
        ...common,
        current: random.chance(0.8) ? 'right' : 'wrong',
        new: random.pick([...PASSWORDS, 'weak']),
        key: random.chance(0.6),
        invocation: random.chance(0.3),
        tries: Array.from({ length: random.between(0, 3) }, () => ({
          mode: random.pick(MODES),
          after: random.pick([0, 1, 50, 500, 3_000, 12_000, 20_000, 330_000, 4_000_000]),
          replica: random.between(0, replicas - 1),
          new: random.pick(PASSWORDS),
          fault: fault(random),
        })),
      };
    case 'guess':
      return {
        ...common,
        count: random.between(2, 8),
        every: random.pick([0, 10, 1_000]),
        key: random.pick(['none', 'own', 'one', 'known']),
        network: random.pick(['home', 'cafe']),
      };
    case 'stranger':
      return {
        ...common,
        user: random.between(2, 3),
        key: random.pick(['none', 'known', 'own']),
        new: random.pick(PASSWORDS),
        current: random.pick(PASSWORDS),
        count: random.pick([1, 1, 3, 40]),
      };
    case 'redis':
      return {
        ...common,
        state: random.pick(['away', 'slow', 'deaf', 'mute']),
        for: random.pick([100, 1_000, 15_000]),
      };
    case 'throttled':
      return { ...common, count: random.pick([35, 60]) };
    default:
      return { ...common, for: random.pick([100, 2_000, 30_000]), key: random.chance(0.5) };
  }
}

/** @param {Random} random @returns {Fault} */
function fault(random) {
  const kind = random.chance(0.6)
    ? 'none'
    : random.pick(['throttle', 'lost', 'lost', 'nothing', 'unreachable', 'hang']);
  return {
    kind,
    delay: random.pick([1, 5, 5, 50, 300, 2_000, 11_000]),
    back: random.pick([1, 1, 20, 400]),
  };
}
