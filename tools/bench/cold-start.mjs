import { setTimeout as sleep } from 'node:timers/promises';

import { median } from './median.mjs';

/** A server that has done nothing for so long is idle. */
const IDLE_MS = 1_500;

const CONTESTANTS = ['gateway', 'express'];

/**
 * From the start of the process to the first 200, and memory when idle, in turn.
 *
 * @returns medians by contestant, in milliseconds and MB
 */
export async function coldStart({ start, rounds }) {
  const seen = Object.fromEntries(CONTESTANTS.map((name) => [name, { startMs: [], idleRssMb: [] }]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of CONTESTANTS) {
      const server = await start(name);
      await sleep(IDLE_MS);
      seen[name].startMs.push(server.startMs);
      seen[name].idleRssMb.push(server.memory.rss);
      await server.end();
    }
  }
  return Object.fromEntries(
    Object.entries(seen).map(([name, { startMs, idleRssMb }]) => [
      name,
      { startMs: median(startMs), idleRssMb: median(idleRssMb) },
    ]),
  );
}
