import { describe, expect, it } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { Turns } from './turns.js';

const PER_TURN = 32;

/** Asks for turns, and tells how many have begun. */
function asked(count: number): { readonly atOnce: number; readonly begun: () => number } {
  const turns = new Turns();
  const answers = Array.from({ length: count }, () => turns.next());
  const atOnce = answers.filter((answer) => answer === undefined).length;
  let later = 0;
  for (const answer of answers) void answer?.then(() => (later += 1));
  return { atOnce, begun: () => atOnce + later };
}

describe('Turns', () => {
  it(`lets ${PER_TURN} changes begin at once`, () => {
    expect(asked(PER_TURN).atOnce).toBe(PER_TURN);
  });

  it('lets as many more begin in each turn that follows', async () => {
    const { atOnce, begun } = asked(3 * PER_TURN + 1);
    expect([atOnce, begun()]).toEqual([PER_TURN, PER_TURN]);
    await nextTurn();
    expect(begun()).toBe(2 * PER_TURN);
    await nextTurn();
    expect(begun()).toBe(3 * PER_TURN);
    await nextTurn();
    expect(begun()).toBe(3 * PER_TURN + 1);
  });

  it('ends once for all who ask in it, and anew for who asks after it', async () => {
    const turns = new Turns();
    const [first, second] = [turns.end(), turns.end()];
    expect(second).toBe(first);
    let ended = false;
    void first.then(() => (ended = true));
    await Promise.resolve();
    expect(ended).toBe(false);
    await nextTurn();
    expect(ended).toBe(true);
    expect(turns.end()).not.toBe(first);
  });

  it('is free again after a turn', async () => {
    const turns = new Turns();
    for (let index = 0; index < PER_TURN; index += 1) void turns.next();
    expect(turns.next()).toBeInstanceOf(Promise);
    await nextTurn();
    await nextTurn();
    expect(turns.next()).toBeUndefined();
  });
});
