import { CONTESTANTS } from './contestants.mjs';
import { median } from './median.mjs';

/** The figures that must be reached, from the results of a run. */
const TARGETS = [
  ['CPU per change, Cognito, (a)/(e)', 1.6, (ratio) => ratio('cognito', 'verifying')],
  ['CPU per change, Cognito, (a)/(b)', 0.6, (ratio) => ratio('cognito', 'express')],
  ['CPU per change, IAM, (a)/(d)', 2.2, (ratio) => ratio('iam', 'relay')],
  ['CPU per change, IAM, (a)/Express with keys held', 0.4, (ratio) => ratio('iam', 'express-iam')],
  [
    'CPU per request without credential, (a) / change on (d)',
    0.8,
    (ratio) => ratio('no credential', 'relay', 'cognito'),
  ],
  [
    'p99 at 32 connections, Cognito, (a)/(b)',
    0.6,
    (ratio) => ratio('cognito', 'express', 'cognito', 'p99Us'),
  ],
  ['added latency p50 at 1 connection, Cognito, ms', 1, (_, { latency }) => latency.cognito.added / 1_000],
  ['added latency p50 at 1 connection, IAM, ms', 1, (_, { latency }) => latency.iam.added / 1_000],
  [
    'cold start to first 200, (a)/(b)',
    1.6,
    (_, { coldStart: { gateway, express } }) => gateway.startMs / express.startMs,
  ],
  [
    'idle RSS, (a)/(b)',
    1.2,
    (_, { coldStart: { gateway, express } }) => gateway.idleRssMb / express.idleRssMb,
  ],
  ['artefact, installed, MB', 60, (_, { artefactMb }) => artefactMb],
  ['errors with 2,000 in flight', 0, (_, { crowd: { gateway } }) => gateway.errors],
  ['RSS growth with 2,000 in flight, MB', 80, (_, { crowd: { gateway } }) => gateway.rssGrowthMb],
  [
    'event-loop delay p99 with 2,000 in flight, ms',
    60,
    (_, { crowd: { gateway } }) => gateway.loopDelayP99Ms,
  ],
];

/** Each target, its figure, and whether it was reached. */
export function verdicts(results) {
  const of = (name, load) => results.rounds.find((row) => row.name === name && row.load === load).all;
  // Round by round: what slows the machine down for a minute slows both.
  const ratio = (load, name, itsLoad = load, figure = 'cpuUs') => {
    const other = of(name, itsLoad);
    return median(of('gateway', load).map((round, index) => round[figure] / other[index][figure]));
  };
  return TARGETS.map(([title, most, read]) => {
    const figure = read(ratio, results);
    return { figure: title, value: round(figure), 'must reach': most, reached: figure <= most };
  });
}

/** Prints the tables of a run. */
export function printReport({ rounds, latency, coldStart, crowd, verdicts: all }) {
  const order = Object.keys(CONTESTANTS);
  const rows = [...rounds].sort(
    (a, b) => a.load.localeCompare(b.load) || order.indexOf(a.name) - order.indexOf(b.name),
  );
  print(
    'Under load, 32 connections',
    rows.map(({ name, load, cpuUs, perSecond, p50Us, p99Us, peakRssMb }) => ({
      load,
      contestant: CONTESTANTS[name].title,
      'CPU µs/request': round(cpuUs),
      'requests/s': Math.round(perSecond),
      'p50 ms': round(p50Us / 1_000),
      'p99 ms': round(p99Us / 1_000),
      'peak RSS MB': Math.round(peakRssMb),
    })),
  );
  print('Latency p50 at 1 connection, µs', latency);
  print('Start to first 200, ms, and RSS when idle, MB', coldStart);
  print('2,000 changes in flight against an upstream that takes 1 s', crowd);
  print('What must be reached', all);
}

function print(title, rows) {
  process.stdout.write(`${title}\n`);
  console.table(rows);
}

function round(figure) {
  return Math.round(figure * 100) / 100;
}
