/**
 * Prints the tables, and what was broken.
 *
 * @returns whether every condition held
 */
export function report(run, { seed, seconds }) {
  const { verdict, sandbox, changes, replicas, redis, tap, refusals, limits } = run;
  const { lost, replayed, refusedEarlier, slowestMs } = verdict.counts;
  const attempts = [...changes.values()].flatMap((change) => change.attempts);
  const requests = attempts.reduce((sum, { exchanges }) => sum + exchanges.length, 0);
  const table = {
    changes: run.ended,
    'idempotency keys': attempts.length,
    'requests sent': requests,
    'connections lost before an answer': lost,
    'answers given again': replayed,
    'to be tried again, when an earlier attempt had changed it': refusedEarlier,
    'upstream calls': tap.count,
    'most upstream calls of one key': Math.max(...attempts.map(({ calls }) => calls.length)),
    'replicas killed': replicas.reduce((sum, { kills }) => sum + kills, 0),
    'Redis killed': redis.kills,
    'times a replica lost Redis': replicas.reduce((sum, { redisLosses }) => sum + redisLosses.length, 0),
    'times AWS refused connections': refusals,
    'slowest request, ms': Math.round(slowestMs),
    'guesses of one caller that reached AWS': limits?.guesses,
    'attempts of one stranger that were judged': limits?.strangers,
  };
  print('Chaos run', table);
  print('How changes ended', sorted(verdict.ended));
  print('Answers', sorted(verdict.answers));
  print('Faults of AWS', faults(sandbox.calls));
  const results = verdict.results();
  for (const { text, failures } of results) {
    console.log(`${failures.length === 0 ? 'held  ' : 'BROKEN'}  ${text}`);
    for (const failure of failures.slice(0, 3)) process.stderr.write(`${failure}\n`);
    if (failures.length > 3) process.stderr.write(`… and ${failures.length - 3} more\n`);
  }
  console.log(`${seconds} s, seed ${seed}`);
  return results.every(({ failures }) => failures.length === 0);
}

function print(title, values) {
  console.log(title);
  console.table(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { '': value }])));
}

function sorted(counts) {
  return Object.fromEntries([...counts].sort(([one], [other]) => one.localeCompare(other)));
}

function faults(calls) {
  const counts = new Map();
  for (const { fault } of calls) if (fault !== undefined) counts.set(fault, (counts.get(fault) ?? 0) + 1);
  return sorted(counts);
}
