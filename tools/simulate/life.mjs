// @ts-check
import { act } from './actions.mjs';
import { memoryIsEmpty } from './judge/memory.mjs';
import { violations } from './judge/judge.mjs';
import { isAboutStrangers, otherPasswords, strangersLearn } from './judge/strangers.mjs';
import { World } from './world.mjs';

const AFTER_ALL_MS = 49 * 3_600_000;

/**
 * Lives one life, and where strangers are in it, the same one with other passwords.
 *
 * @param {any} code the gateway's modules
 * @param {import('./plan.mjs').Plan} plan what happens in it
 * @returns {Promise<{ violations: string[], story: string[], world: World }>}
 */
export async function live(code, plan) {
  const life = await liveOnce(code, plan);
  const others = isAboutStrangers(life.world) ? otherPasswords(plan) : [];
  for (const other of others) {
    const { world, story } = await liveOnce(code, other);
    const learned = strangersLearn(life.world, world);
    life.violations.push(...learned);
    if (learned.length > 0) life.story.push('With other passwords:', ...story);
  }
  return life;
}

/** @param {any} code @param {import('./plan.mjs').Plan} plan */
async function liveOnce(code, plan) {
  const world = new World(code, plan);
  world.clock.install();
  try {
    world.start();
    let last = 0;
    for (const action of plan.actions) {
      last = Math.max(last, action.at);
      world.clock.after(action.at, () => act[action.kind](world, action));
    }
    await world.clock.run(last + 3 * 3_600_000);
    world.redis?.become('up');
    await world.clock.run(world.clock.now + 10_000);
    const found = violations(world);
    await world.clock.run(world.clock.now + AFTER_ALL_MS);
    return { violations: [...found, ...memoryIsEmpty(world)], story: world.story, world };
  } finally {
    world.clock.uninstall();
  }
}
