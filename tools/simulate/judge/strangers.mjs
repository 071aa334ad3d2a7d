// @ts-check
/** Who has no credential; a replayed signature is one, until AWS takes it no more. */
const STRANGERS = new Set(['stranger', 'forger']);

/** @param {import('../world.mjs').World} world whether there are strangers in it who were answered */
export function isAboutStrangers(world) {
  return world.answers.some(({ request }) => STRANGERS.has(request.by));
}

/**
 * The same life of people whose passwords are others: what failed succeeds, and the other way round.
 *
 * @param {import('../plan.mjs').Plan} plan
 * @returns {import('../plan.mjs').Plan[]}
 */
export function otherPasswords(plan) {
  return ['second', 'another'].map((password) => ({
    ...plan,
    users: plan.users.map((user) => ({ ...user, password })),
  }));
}

/**
 * L7: strangers are told the same, whatever the passwords are.
 *
 * @param {import('../world.mjs').World} one
 * @param {import('../world.mjs').World} other
 * @returns {string[]}
 */
export function strangersLearn(one, other) {
  // Equal requests of one second have one signature: then it is another story.
  if (signatures(one) !== signatures(other)) return [];
  const [these, those] = [told(one), told(other)];
  return [...these]
    .filter(([id]) => !isOfAnotherRun(one, other, id))
    .filter(([id, answer]) => those.has(id) && those.get(id) !== answer)
    .slice(0, 1)
    .map(
      ([id, answer]) => `L7 ${id}: a stranger is told ${answer}, and with other passwords ${those.get(id)}`,
    );
}

/**
 * L7: the limit of a caller is nothing to a stranger, who waits for what runs beside it at most.
 *
 * @param {import('./knowledge.mjs').Knowledge} knowledge
 */
export function* strangersSeeNoLimit({ world }) {
  for (const { request, code, limit, retryAfterSeconds } of world.answers) {
    const isOfCaller = code === 'rate_limited' && limit !== 'address' && retryAfterSeconds > 1;
    if (STRANGERS.has(request.by) && isOfCaller)
      yield `L7 ${request.id}: a stranger is told to wait ${retryAfterSeconds} s`;
  }
}

/** Whether a stranger came under a key that the owner's limit has let run in one of two lives alone. @param {import('../world.mjs').World} one @param {import('../world.mjs').World} other @param {string} id */
function isOfAnotherRun(one, other, id) {
  const runs = [one, other].map(({ requests }) => {
    const key = requests.find((request) => request.id === id)?.key;
    const owners = requests.filter((request) => request.by === 'owner' && request.key === key);
    return key && owners.map(({ id: owner, began }) => `${owner} ${began < Infinity}`).join(' ');
  });
  return runs[0] !== runs[1];
}

/** Which requests were signed alike. @param {import('../world.mjs').World} world */
function signatures({ requests }) {
  const all = [...new Set(requests.map(({ signed }) => signed?.signature))];
  return requests.map(({ signed }) => all.indexOf(signed?.signature)).join(' ');
}

/**
 * What strangers were told. How many calls have failed so far opens the circuit breaker, and tells of no password.
 *
 * @param {import('../world.mjs').World} world
 * @returns {Map<string, string>}
 */
function told({ answers }) {
  const strange = answers.filter(
    ({ request, code }) => STRANGERS.has(request.by) && !/^upstream_un(?:available|reachable)$/.test(code),
  );
  return new Map(
    strange.map(({ request, code, outcome, detail, retryAfterSeconds }) => [
      request.id,
      JSON.stringify({ code, outcome, detail, retryAfterSeconds }),
    ]),
  );
}
