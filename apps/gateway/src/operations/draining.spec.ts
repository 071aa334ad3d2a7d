import { describe, expect, it, jest } from '@jest/globals';

import { Draining } from './draining.js';

describe('Draining', () => {
  it('ends when the last change has left, and cuts off none', async () => {
    const draining = new Draining();
    const cutOffs = [jest.fn(), jest.fn(), jest.fn()];
    const [first, second] = cutOffs.slice(0, 2).map((cutOff) => draining.enter(cutOff));
    expect(first?.()).toBe(true);
    // Takes the place that has become free.
    const third = draining.enter(cutOffs[2]!);
    const drained = draining.drain(1_000);
    expect(draining.active).toBe(true);
    expect([second?.(), third()]).toEqual([true, true]);
    expect(await drained).toBe(true);
    for (const cutOff of cutOffs) expect(cutOff).not.toHaveBeenCalled();
  });

  it('cuts off once what runs at the deadline, and nothing that has left', async () => {
    const draining = new Draining();
    const [left, runs] = [jest.fn(), jest.fn()];
    draining.enter(left)();
    const leave = draining.enter(runs);
    expect(await draining.drain(0)).toBe(false);
    expect(left).not.toHaveBeenCalled();
    expect(runs).toHaveBeenCalledTimes(1);
    expect(leave()).toBe(false);
  });

  it('takes no second leave for that of the change that has the place now', () => {
    const draining = new Draining();
    const leave = draining.enter(jest.fn());
    leave();
    const next = draining.enter(jest.fn());
    expect(leave()).toBe(false);
    expect(next()).toBe(true);
  });
});
