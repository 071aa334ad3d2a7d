// @ts-check
// Lives of the gateway, drawn from seeds: does every answer tell the truth, whatever happens? See tools/simulate/README.md.
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { loadGateway } from './gateway.mjs';
import { live } from './life.mjs';
import { findMutations } from './mutations/mutations.mjs';
import { plan } from './plan.mjs';
import { shrunk } from './shrink.mjs';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    mutations: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});
const first = Number(values.seed ?? 1);
const count = Number(values.seeds ?? (values.seed === undefined ? 3000 : 1));
if (!Number.isInteger(first) || !(count >= 1)) {
  process.stderr.write('Usage: simulate [--seeds N] [--seed S] [--verbose] [--mutations]\n');
  process.exit(2);
}

if (values.mutations) process.exit((await findMutations(Number(values.seeds ?? 2000))) ? 0 : 1);

const code = await loadGateway('real');
// The first life waits for what is loaded late.
await live(code, plan(0));
const started = performance.now();
let broken = 0;
for (let seed = first; seed < first + count; seed += 1) {
  const { violations, story } = await live(code, plan(seed));
  if (values.verbose) console.log(story.join('\n'));
  if (violations.length === 0) continue;
  broken += 1;
  console.log(`\nseed ${seed}: ${violations.join('\n  ')}`);
  if (broken > 3) continue;
  const least = await shrunk(code, plan(seed));
  console.log(`the least that shows it:\n${least.story.join('\n')}\n${least.violations.join('\n')}`);
}
const seconds = (performance.now() - started) / 1000;
console.log(
  `${count} lives, ${broken} with a violation, ${seconds.toFixed(1)} s, ${Math.round(count / seconds)} a second`,
);
process.exit(broken === 0 ? 0 : 1);
