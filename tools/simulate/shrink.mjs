// @ts-check
import { live } from './life.mjs';

/**
 * Leaves out of a life whatever is not needed for what it breaks.
 *
 * @param {any} code the gateway's modules
 * @param {any} plan a life that breaks something
 */
export async function shrunk(code, plan) {
  let best = { plan, ...(await live(code, plan)) };
  const rule = ruleOf(best.violations);
  for (let changed = true; changed;) {
    changed = false;
    for (const smaller of smallerPlans(best.plan)) {
      const tried = await live(code, smaller);
      if (ruleOf(tried.violations) !== rule) continue;
      best = { plan: smaller, ...tried };
      changed = true;
      break;
    }
  }
  return best;
}

/** @param {string[]} violations */
function ruleOf([violation]) {
  return violation?.slice(0, 2);
}

/** @param {any} plan */
function* smallerPlans(plan) {
  for (const action of plan.actions) {
    yield { ...plan, actions: plan.actions.filter((/** @type {any} */ other) => other !== action) };
  }
  for (const action of plan.actions) {
    for (const each of action.tries ?? []) {
      const tries = action.tries.filter((/** @type {any} */ other) => other !== each);
      const without = { ...action, tries };
      yield {
        ...plan,
        actions: plan.actions.map((/** @type {any} */ other) => (other === action ? without : other)),
      };
    }
  }
}
