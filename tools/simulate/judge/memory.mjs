// @ts-check
import { BOUNDS } from '../gateway.mjs';
import { RULES } from '../redis-server.mjs';

/** L8 at a moment: what is remembered of each caller, and of all strangers. @param {import('../world.mjs').World} world */
export function lookAtMemory(world) {
  const alive = (world.replicas ?? []).filter(({ dead }) => !dead);
  for (const ledger of [...alive.map((replica) => replica.ledger.own), world.redis?.ledger]) {
    if (ledger === undefined) continue;
    for (const { names, attempts, networks } of ledger.callers.values()) {
      const strange = [...attempts.values()].reduce(
        (sum, attempt) => sum + (attempt.proven ? 0 : attempt.names.length),
        0,
      );
      // What ran in a network before it was proven is the caller's afterwards.
      if (names.size > BOUNDS.names + strange + 3 * RULES.limit.points * networks.size)
        see(world, `L8 ${names.size} names of one caller are remembered`);
      const ended = [...attempts.values()].filter(({ state }) => state !== 'running');
      // Of the caller's own, and as many that strangers left in its name.
      if (ended.length > 2 * BOUNDS.outcomes)
        see(world, `L8 ${ended.length} outcomes of one caller are remembered`);
      if (networks.size > BOUNDS.networks)
        see(world, `L8 a caller is remembered as proven from ${networks.size} networks`);
    }
    if (ledger.unproven.size > BOUNDS.unproven)
      see(world, `L8 ${ledger.unproven.size} outcomes of strangers are remembered`);
  }
}

/** L8 when all times are over. @param {import('../world.mjs').World} world @returns {string[]} */
export function memoryIsEmpty(world) {
  const left = [];
  const alive = (world.replicas ?? []).filter(({ dead }) => !dead);
  for (const { ledger, place, shares } of alive) {
    ledger.own.sweep();
    if (ledger.size > 0 || ledger.own.callerCount > 0)
      left.push(`L8 replica ${place} still remembers ${ledger.size} names and outcomes`);
    if (ledger.late > 0) left.push(`L8 ${ledger.late} ends still wait for Redis in replica ${place}`);
    const { alone } = ledger.shared ?? {};
    if (alone?.size > 0) left.push(`L8 replica ${place} still holds ${alone.size} runs without Redis`);
    if (shares.size > 0) left.push(`L8 ${shares.size} upstream shares are still held`);
  }
  const callers = world.redis?.leftOver() ?? 0;
  if (callers > 0) left.push(`L8 Redis still remembers ${callers} callers`);
  return left;
}

/** @param {import('../world.mjs').World} world @param {string} what */
function see(world, what) {
  if (!world.seen.includes(what)) world.seen.push(what);
}
