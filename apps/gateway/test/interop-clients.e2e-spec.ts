import { describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { env } from 'node:process';

import type { Program } from './interop/client.js';
import { awsCli, curl } from './interop/command-line-clients.js';
import { expected } from './interop/expectations.js';
import { NEW_PASSWORD, observe, type Observation } from './interop/matrix.js';
import { reportMissing, startLane, versionsOf } from './interop/programs.js';
import { boto3, javaScriptSdk, toolPath } from './interop/sdk-clients.js';
import { document, tableRows } from './interop/table.js';
import { FIRST_PASSWORD } from './support/people.js';

/** What one installed version of a program met. */
interface Lane {
  readonly program: Program;
  readonly observations: readonly Observation[];
  /** Everything that its gateway wrote. */
  readonly log: string;
}

const WANTED = ['boto3', 'AWS CLI', 'AWS SDK for JavaScript', 'curl'];

// All clients run before the tests are declared: each in a lane of its own, all lanes at once.
const programs = (
  await Promise.all([
    ...(await versionsOf('python3')).map(boto3),
    ...(await versionsOf('aws')).map(awsCli),
    javaScriptSdk(),
    curl(),
  ])
).filter(({ version }) => version !== undefined);
const lanes = await Promise.all(programs.map(run));

async function run(program: Program): Promise<Lane> {
  const { world, gateway, end } = await startLane();
  try {
    const observations = await observe(world, gateway.url, program.clients);
    return { program, observations, log: gateway.output };
  } finally {
    await Promise.all([program.end(), end()]);
  }
}

describe.each(lanes)('$program.name $program.version', ({ observations, log }) => {
  it.each(observations)('$client.setting: $case', ({ client, case: name, ...observed }) => {
    const wanted = expected(client, name);
    // A client may repeat what was throttled.
    const calls = name === 'throttled' ? Math.min(observed.calls, 2) : wanted.calls;
    expect(observed).toEqual({ ...wanted, calls });
  });

  it('leaves no password in the log', () => {
    expect(log).toContain('"password_change"');
    for (const password of [FIRST_PASSWORD, NEW_PASSWORD]) expect(log).not.toContain(password);
  });
});

describe('what clients raise', () => {
  const file = toolPath('clients.md');
  const observations = lanes.flatMap((lane) => lane.observations);
  const rows = tableRows(observations);

  it('is what tools/interop/clients.md says; INTEROP_TABLE=write writes it anew', () => {
    const complete = WANTED.every((name) => programs.some((program) => program.name === name));
    if (env['INTEROP_TABLE'] === 'write') writeFileSync(file, document(rows));
    const written = readFileSync(file, 'utf8');
    if (complete) expect(document(rows)).toBe(written);
    const cellsOf = (line: string): string =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .join('|');
    for (const row of rows) expect(written.split('\n').map(cellsOf)).toContain(`|${row.join('|')}|`);
  });
});

reportMissing(programs, WANTED);
