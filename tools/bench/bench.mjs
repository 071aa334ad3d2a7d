// The gateway beside what a user would write and beside the limit: one run, one machine, rounds in turn, medians, ratios.
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { artefactMb } from './artefact.mjs';
import { coldStart } from './cold-start.mjs';
import { CONTESTANTS } from './contestants.mjs';
import { crowd } from './crowd.mjs';
import { added } from './latency.mjs';
import { median } from './median.mjs';
import { endRedis, redisSettings } from './redis.mjs';
import { printReport, verdicts } from './report.mjs';
import { cognitoChanges, iamChanges, JWKS, REFUSED } from './requests.mjs';
import { Server, startStub } from './server.mjs';
import { isInstalled, wrk } from './wrk.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    out: { type: 'string', default: 'bench.json' },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
if (!(rounds >= 1 && seconds >= 1)) {
  process.stderr.write('Usage: bench [--rounds N] [--seconds N] [--out FILE]\n');
  process.exit(2);
}
if (!isInstalled) {
  process.stderr.write('The bench needs wrk (Debian: apt-get install wrk).\n');
  process.exit(1);
}

const CONNECTIONS = 32;
const SETTLE_MS = 300;
/** Until V8 has compiled what is hot; after 2 s the larger programs still pay for it. */
const WARM_UP_SECONDS = 8;
/** More changes a second than the gateway makes, so that no signed request comes to it twice. */
const MOST_PER_SECOND = 20_000;

const folder = mkdtempSync(join(tmpdir(), 'password-gateway-bench-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const file = (name) => join(folder, name);

const stub = await startStub({ JWKS });
const loads = await prepareLoads();
const results = { date: new Date().toISOString(), node: process.version, rounds, seconds };
results.rounds = await inTurn();
results.artefactMb = artefactMb();
results.latency = await added(stub, loads, { start: startContestant, rounds });
results.coldStart = await coldStart({ start: startContestant, rounds: 2 * rounds });
results.crowd = await crowd({ loads, jwks: JWKS, log: file('crowd.log') });
results.verdicts = verdicts(results);
printReport(results);
const out = createWriteStream(values.out).end(`${JSON.stringify(results, undefined, 2)}\n`);
await once(out, 'close');
process.exit(results.verdicts.every(({ reached }) => reached) ? 0 : 1);

async function startContestant(name, env = {}) {
  const { settings, script, redisMs } = CONTESTANTS[name];
  const redis = redisMs === undefined ? {} : await redisSettings(redisMs);
  return Server.start(script, { ...settings(stub.url), ...redis, ...env }, file(`${name}.log`));
}

async function prepareLoads() {
  const prepared = { cognito: file('cognito'), iam: file('iam') };
  cognitoChanges(prepared.cognito);
  await iamChanges(prepared.iam, MOST_PER_SECOND * seconds);
  for (const [name, write] of Object.entries(REFUSED)) write((prepared[name] = file(name.replace(' ', '-'))));
  return prepared;
}

/** Every contestant in each of its loads, in turn, round after round; the servers stay up. */
async function inTurn() {
  const races = Object.entries(CONTESTANTS).flatMap(([name, { runs }]) =>
    runs.map((load) => ({ name, load })),
  );
  const servers = {};
  for (const name of Object.keys(CONTESTANTS)) servers[name] = await startContestant(name);
  for (const { name, load } of races) await race(servers[name], load, WARM_UP_SECONDS);
  const seen = races.map((one) => ({ ...one, rounds: [] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const one of seen) one.rounds.push(await race(servers[one.name], one.load, seconds));
    seen.push(seen.shift());
  }
  const peaks = Object.fromEntries(Object.entries(servers).map(([name, { memory }]) => [name, memory.peak]));
  for (const server of Object.values(servers)) await server.end();
  await endRedis();
  return seen.map(({ name, load, rounds: all }) => ({
    name,
    load,
    peakRssMb: peaks[name],
    all,
    ...Object.fromEntries(
      ['cpuUs', 'perSecond', 'p50Us', 'p99Us'].map((figure) => [
        figure,
        median(all.map((one) => one[figure])),
      ]),
    ),
  }));
}

async function race(server, load, duration) {
  // What wrk left in flight must not count here.
  await sleep(SETTLE_MS);
  const isChange = load === 'cognito' || load === 'iam';
  if (load === 'iam') await iamChanges(loads.iam, MOST_PER_SECOND * duration);
  const [cpu, calls] = [server.cpuUs, await stub.calls()];
  const result = await wrk(server.url, { file: loads[load], connections: CONNECTIONS, seconds: duration });
  const [spent, called] = [server.cpuUs - cpu, (await stub.calls()) - calls];
  const { requests, us, p50, p99, refused, socket, timeout } = result;
  // A figure of a server that did something else than it was asked for says nothing.
  const wrong = isChange ? refused > 0 || called < requests : refused < requests || called > 0;
  if (wrong || socket + timeout > 0)
    throw new Error(`${load}: ${JSON.stringify({ ...result, called })} is not what was asked for.`);
  return { cpuUs: spent / requests, perSecond: (requests / us) * 1e6, p50Us: p50, p99Us: p99 };
}
