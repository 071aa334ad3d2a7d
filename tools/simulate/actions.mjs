// @ts-check
import { running } from './clock.mjs';
import { lookAtMemory } from './judge/memory.mjs';
import { sign, token } from './people.mjs';
import { Replica } from './replica.mjs';

/** @typedef {import('./world.mjs').World} World */

const HOME = '192.0.2.1';

/** @param {World} world @param {any} request @param {number} place @param {number} [after] */
function later(world, request, place, after = 0) {
  const send = () => {
    const { make, ...rest } = request;
    void world.send({ ...rest, ...make?.() }, place).then(() => lookAtMemory(world));
  };
  if (after === 0) send();
  else world.clock.after(after, send);
}

/** The newest request that somebody can have seen. @param {World} world @param {(request: any) => boolean} like */
function captured(world, like) {
  return world.requests.findLast((request) => request.by === 'owner' && like(request));
}

/** What an action of a plan does. @type {Record<string, (world: World, action: any) => void>} */
export const act = {
  change(world, action) {
    const user = world.users[action.user];
    const current = action.current === 'right' ? user.password : action.current;
    const next = action.new === current ? 'fourth' : action.new;
    const { fate, leaves, lifeMs, place } = action;
    const first = {
      ...{ by: 'owner', user, current, next, network: HOME, fate, leaves },
      key: action.key ? world.name('key') : undefined,
      invocation: !action.key && action.invocation ? world.name('invocation') : undefined,
      signed: sign(world, user, { current, next }),
      token: token(world, user, { lifeMs }),
    };
    later(world, first, place);
    for (const { mode, after, place: elsewhere, away, new: other, fate: itsFate } of action.tries) {
      const make = () => {
        const again = { ...first };
        if (mode === 'othernew') again.next = other === current ? 'fourth' : other;
        if (mode === 'othercurrent') again.current = 'another';
        if (mode === 'nokey') again.key = again.invocation = undefined;
        if (mode === 'otherkey') again.key = world.name('key');
        if (mode !== 'same') again.signed = sign(world, user, again);
        if (mode !== 'same') again.token = token(world, user, {});
        return again;
      };
      const changed = { fate: itsFate, leaves: undefined, ...(away && { network: '198.51.100.7' }) };
      later(world, { make: () => ({ ...make(), ...changed }) }, elsewhere, after);
    }
  },

  guess(world, action) {
    const user = world.users[action.user];
    const known = captured(world, (request) => request.user === user && request.key !== undefined)?.key;
    const one = action.key === 'known' ? known : world.name('key');
    // Who comes again later is known in each network.
    const count = action.count * action.rounds;
    for (let guess = 0; guess < count; guess += 1) {
      const passwords = { current: `guess-${guess}`, next: 'third' };
      const make = () => ({
        ...{ by: 'thief', user, ...passwords, network: `203.0.113.${guess % action.networks}` },
        key: { none: undefined, own: world.name('key'), one, known: one }[/** @type {'one'} */ (action.key)],
        signed: sign(world, user, passwords),
        token: token(world, user),
        fate: { ...action.fate, kind: guess % 4 === 3 ? action.fate.kind : 'answered' },
      });
      later(
        world,
        { make },
        action.place + guess,
        guess * action.every + Math.floor(guess / action.count) * 1_000_000,
      );
    }
  },

  probe(world, action) {
    const user = world.users[action.user];
    const credential = { token: token(world, user, { lifeMs: action.lifeMs }) };
    // The first ones use up what such an answer may tell.
    const guesses = ['no', 'nor', 'nay', 'never', 'second', 'third', 'fourth'];
    for (const [place, next] of guesses.entries()) {
      const request = {
        by: 'thief',
        user,
        current: 'first',
        next,
        network: '203.0.113.9',
        fate: action.fate,
      };
      later(world, { ...request, ...credential }, action.place, place * 2);
    }
  },

  stranger(world, action) {
    const user = world.users[action.user];
    const seen = captured(
      world,
      (request) => request.user === user && (request.key ?? request.invocation) !== undefined,
    );
    for (let junk = 0; junk < action.count; junk += 1) {
      const passwords = {
        current: action.current,
        next: action.new === action.current ? 'fourth' : action.new,
      };
      const make = () => ({
        ...{ by: 'stranger', user, ...passwords, fate: action.fate },
        network: action.crowd ? `100.64.0.${junk}` : '100.64.0.0',
        key: { none: undefined, own: world.name('key'), known: seen?.key }[/** @type {'own'} */ (action.key)],
        invocation: action.key === 'known' ? seen?.invocation : undefined,
        signed: sign(world, user, passwords, false),
      });
      later(world, { make }, action.place, junk * 10);
    }
  },

  replay(world, action) {
    const seen = captured(world, ({ signed }) => signed !== undefined);
    if (seen === undefined) return;
    const network = action.away ? '100.64.1.1' : seen.network;
    const key = action.key ? seen.key : undefined;
    const { user, current, next, signed } = seen;
    const request = { by: 'replayer', user, current, next, signed, key, network, fate: action.fate };
    for (let time = 0; time < action.count; time += 1) later(world, request, action.place + time);
  },

  names(world, action) {
    const user = world.users[action.user];
    const one = world.name('key');
    // What AWS refuses for good keeps its names; what it throttles does not.
    const fate = { ...action.fate, kind: action.weak ? 'answered' : 'throttled', there: 5 };
    for (let count = 0; count < action.count; count += 1) {
      const make = () => {
        const passwords = { current: user.password, next: action.weak ? 'weak' : 'fifth' };
        return {
          ...{ by: 'owner', user, ...passwords, network: HOME, fate },
          key: { key: world.name('key'), one }[/** @type {'one'} */ (action.names)],
          invocation: action.names === 'invocation' ? world.name('invocation') : undefined,
          signed: sign(world, user, passwords),
          token: token(world, user),
        };
      };
      later(world, { make }, action.place, count * 1_100);
    }
  },

  busy(world, action) {
    const fate = {
      ...action.fate,
      kind: action.fate.kind === 'unavailable' ? 'unavailable' : 'throttled',
      there: 5,
    };
    for (let count = 0; count < action.count; count += 1) {
      const user = world.user(action.provider, world.name('busy').replace(/\D/g, '7'));
      const passwords = { current: 'first', next: 'second' };
      const credential = { signed: sign(world, user, passwords), token: token(world, user) };
      const key = action.keys ? world.name('key') : undefined;
      later(
        world,
        { by: 'owner', user, ...passwords, key, network: HOME, fate, ...credential },
        action.place,
      );
    }
  },

  forged(world, action) {
    const user = world.users[action.user];
    const network = action.away ? '100.64.2.2' : HOME;
    const credential = { token: token(world, user, { genuine: false }) };
    const passwords = { current: 'first', next: 'second', fate: action.fate };
    for (let count = 0; count < action.count; count += 1) {
      later(world, { by: 'forger', user, network, ...passwords, ...credential }, action.place, count * 5);
    }
  },

  redis(world, action) {
    const { redis } = world;
    if (redis === undefined || redis.mode !== 'up') return;
    const trouble = { from: world.clock.now, until: Infinity };
    world.troubles.push(trouble);
    redis.become(action.mode);
    world.tell(`Redis is ${action.mode}`);
    world.clock.after(action.for, () => {
      redis.become('up');
      world.tell('Redis is up');
      // Until then the clients have connected again and what waited is written.
      trouble.until = world.clock.now + 2_000;
      world.clock.after(2_000, () => undefined);
    });
  },

  failover(world, { lostMs }) {
    if (world.redis === undefined) return;
    world.tell(`Redis fails over and loses ${lostMs} ms`);
    world.failOver(lostMs);
  },

  kill: (world, action) => end(world, action, undefined),
  stop: (world, action) => end(world, action, action.timeoutMs),
};

/** @param {World} world @param {any} action @param {number | undefined} timeoutMs */
function end(world, action, timeoutMs) {
  const replicas = world.replicas ?? [];
  const place = action.place % replicas.length;
  const replica = replicas[place];
  if (replica.dead || replica.draining.active) return;
  world.tell(`replica ${place} is ${timeoutMs === undefined ? 'killed' : 'told to stop'}`);
  world.hasRestarted = true;
  if (timeoutMs === undefined) replica.kill();
  const ended = timeoutMs === undefined ? Promise.resolve() : replica.stop(timeoutMs);
  void ended.then(() => {
    world.clock.after(action.for, () => {
      replicas[place] = running.exit(() => new Replica(world, place));
      world.tell(`replica ${place} is back`);
    });
  });
}
