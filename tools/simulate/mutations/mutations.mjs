// @ts-check
import { loadGateway } from '../gateway.mjs';
import { live } from '../life.mjs';
import { plan } from '../plan.mjs';
import { FIRST_VERSION } from './first-version.mjs';
import { FURTHER } from './further.mjs';

/**
 * Puts each fault back, and looks for the first life that shows it.
 *
 * @param {number} seeds how many lives at most
 * @returns {Promise<boolean>} whether all were found
 */
export async function findMutations(seeds) {
  const mutations = [...FIRST_VERSION, ...FURTHER];
  let found = 0;
  for (const [number, { name, edits }] of mutations.entries()) {
    const code = await loadGateway(`mutation-${number}`, edits);
    const shown = await firstShown(code, seeds);
    if (shown !== undefined) found += 1;
    console.log(`| ${name} | ${shown?.seed ?? 'NOT FOUND'} | ${shown?.violation.slice(0, 110) ?? ''} |`);
  }
  console.log(`${found} of ${mutations.length} mutations were found within ${seeds} lives`);
  return found === mutations.length;
}

/** @param {any} code @param {number} seeds */
async function firstShown(code, seeds) {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { violations } = await live(code, plan(seed));
    if (violations.length > 0) return { seed, violation: violations[0] };
  }
  return undefined;
}
