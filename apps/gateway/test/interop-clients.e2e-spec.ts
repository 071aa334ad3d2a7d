import { describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';

import type { Program } from './interop/client.js';
import { awsCli, curl } from './interop/command-line-clients.js';
import { expected } from './interop/expectations.js';
import { NEW_PASSWORD, observe, type Observation } from './interop/matrix.js';
import { reportMissing, startLane, versionsOf } from './interop/programs.js';
import { boto3, javaScriptSdk } from './interop/sdk-clients.js';
import { page, rowKey, rowsIn, settingOf, tableRows, withReadmeTable } from './interop/table.js';
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

  it('leaves no password, token or signature in the log', () => {
    expect(log).toContain('"password_change"');
    const encoded = encodeURIComponent(NEW_PASSWORD);
    for (const secret of [FIRST_PASSWORD, NEW_PASSWORD, encoded, encoded.replaceAll('%20', '+')]) {
      expect(log).not.toContain(secret);
    }
    expect(log).not.toMatch(/Signature=|eyJ[\w-]+\./);
  });
});

describe('what the clients met', () => {
  const rows = tableRows(lanes.flatMap((lane) => lane.observations));
  // Without all programs some rows are missing here; those that are not must stand in the files all the same.
  const complete = WANTED.every((name) => programs.some((program) => program.name === name));

  it.each([
    { name: 'tools/interop/clients.md', written: () => page(rows), keyOf: rowKey },
    {
      name: 'README.md',
      written: (old: string) => withReadmeTable(old, rows),
      keyOf: (row: readonly string[]) => rowKey(settingOf(row)),
    },
  ])('is what $name says; INTEROP_TABLE=write writes it anew', ({ name, written, keyOf }) => {
    const file = fileURLToPath(new URL(`../../../${name}`, import.meta.url));
    const old = readFileSync(file, 'utf8');
    if (env['INTEROP_TABLE'] === 'write') writeFileSync(file, written(old));
    const text = readFileSync(file, 'utf8');
    if (complete) expect(text).toBe(written(text));
    expect(rowsIn(text)).toEqual(expect.arrayContaining(rows.map(keyOf)));
  });
});

reportMissing(programs, WANTED);
