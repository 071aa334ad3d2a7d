// @ts-check
import { live } from './life.mjs';

/**
 * Leaves out of a life, one by one, whatever is not needed for what it breaks.
 *
 * @param {any} code the gateway's modules
 * @param {import('./plan.mjs').Plan} plan a life that breaks something
 * @returns {Promise<Awaited<ReturnType<typeof live>>>} the least of it that still breaks the same rule
 */
export async function shrunk(code, plan) {
  let best = { plan, life: await live(code, plan) };
  const rule = ruleOf(best.life);
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const smaller of smallerPlans(best.plan)) {
      const life = await live(code, smaller);
      if (ruleOf(life) !== rule) continue;
      best = { plan: smaller, life };
      isSmaller = true;
      break;
    }
  }
  return best.life;
}

/** @param {{ violations: string[] }} life */
function ruleOf({ violations: [violation] }) {
  return violation?.slice(0, 2);
}

/** @param {import('./plan.mjs').Plan} plan @returns {Generator<import('./plan.mjs').Plan>} */
function* smallerPlans(plan) {
  const { actions } = plan;
  for (const action of actions) yield { ...plan, actions: actions.filter((other) => other !== action) };
  const replaced = (/** @type {any} */ action, /** @type {any} */ by) => ({
    ...plan,
    actions: actions.map((other) => (other === action ? by : other)),
  });
  for (const action of actions) {
    for (const each of action.tries ?? []) {
      yield replaced(action, {
        ...action,
        tries: action.tries.filter((/** @type {any} */ other) => other !== each),
      });
    }
    if (action.count > 3) yield replaced(action, { ...action, count: Math.ceil(action.count / 2) });
    if (action.count > 1) yield replaced(action, { ...action, count: action.count - 1 });
    if (action.fate.kind !== 'answered')
      yield replaced(action, { ...action, fate: { ...action.fate, kind: 'answered' } });
  }
  if (plan.replicas > 1) yield { ...plan, replicas: plan.replicas - 1 };
}
