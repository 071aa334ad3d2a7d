// @ts-check
// Lives of the gateway, drawn from seeds: does every answer tell the truth, whatever happens? See README, "The simulator".
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { live } from './life.mjs';
import { loadGateway } from './load-gateway.mjs';
import { findMutations } from './mutations.mjs';
import { plan } from './plan.mjs';
import { shrunk } from './shrink.mjs';

const BUILD = fileURLToPath(new URL('../../apps/gateway/dist/', import.meta.url));

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '3000' },
    seed: { type: 'string' },
    mutations: { type: 'boolean', default: false },
  },
});
const seeds = Number(values.seeds);
const first = Number(values.seed ?? 1);
if (!(seeds >= 1) || !Number.isInteger(first)) {
  process.stderr.write('Usage: simulate [--seeds N] [--seed S] [--mutations]\n');
  process.exit(2);
}

if (values.mutations) process.exit((await findMutations(BUILD, seeds)) ? 0 : 1);

const code = await loadGateway(BUILD);
const started = performance.now();
const count = values.seed === undefined ? seeds : values.seeds === '3000' ? 1 : seeds;
let broken = 0;
for (let seed = first; seed < first + count; seed += 1) {
  const { violations, story } = await live(code, plan(seed));
  if (values.seed !== undefined && count === 1) console.log(story.join('\n'));
  if (violations.length === 0) continue;
  broken += 1;
  const small = await shrunk(code, plan(seed));
  console.log(`seed ${seed}: ${violations.join('; ')}`);
  if (broken <= 3)
    console.log(`the least that shows it:\n${small.story.join('\n')}\n${small.violations.join('\n')}`);
}
const seconds = (performance.now() - started) / 1000;
console.log(`${count} lives, ${broken} with a violation, ${seconds.toFixed(1)} s`);
process.exit(broken === 0 ? 0 : 1);
