// @ts-check
import { Knowledge } from './knowledge.mjs';
import { freeAnswersTellNothing, guessesAreBounded, honestIsServed } from './limits.mjs';
import { strangersSeeNoLimit } from './strangers.mjs';
import { answersInTime } from './time.mjs';
import { runsOnce, repeatsAreTheSame } from './promises.mjs';
import { changedIsTrue, incorrectIsTrue, unchangedIsTrue } from './truth.mjs';

const RULES = [
  runsOnce,
  unchangedIsTrue,
  incorrectIsTrue,
  changedIsTrue,
  repeatsAreTheSame,
  guessesAreBounded,
  freeAnswersTellNothing,
  honestIsServed,
  strangersSeeNoLimit,
  answersInTime,
];

/**
 * The invariants L1 to L6 and L9 over all that happened in a life. L7 compares two lives (strangers.mjs), L8 is looked at
 * while it lasts (memory.mjs).
 *
 * @param {import('../world.mjs').World} world
 * @returns {string[]} what was broken, the number of the rule first
 */
export function violations(world) {
  const knowledge = new Knowledge(world);
  return [...RULES.flatMap((rule) => [...rule(knowledge)]), ...world.seen];
}
