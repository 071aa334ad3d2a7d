import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Dependencies } from './support/dependencies.js';
import { type Packed, packLibraries } from './support/pack.js';
import { makeScratch, removeScratch } from './support/scratch.js';
import { LIBRARIES, WORKSPACE } from './support/workspace.js';

const OURS = '@password-gateway/';

let scratch: string;
let packed: readonly Packed[];
let dependencies: Dependencies;
let readme: string;

beforeAll(async () => {
  scratch = await makeScratch();
  packed = await packLibraries(scratch);
  dependencies = await Dependencies.read();
  readme = await readFile(join(WORKSPACE, 'README.md'), 'utf8');
});

afterAll(() => removeScratch(scratch));

describe.each(LIBRARIES)('the table of the README about %s', (library) => {
  const row = () => {
    const [, ...cells] =
      readme
        .split('\n')
        .find((line) => line.startsWith(`| [\`${library}\`]`))
        ?.split('|') ?? [];
    return cells.map((cell) => cell.trim());
  };

  it('tells its sizes, in kB, to a tenth', () => {
    const { size, unpackedSize } = packed.find((one) => one.library === library)!;
    const [, packedCell = '', unpackedCell = ''] = row();
    for (const [cell, bytes] of [
      [packedCell, size],
      [unpackedCell, unpackedSize],
    ] as const) {
      const told = Number(/^(\d+) kB$/.exec(cell)?.[1]) * 1000;
      expect({ told, bytes, close: Math.abs(told - bytes) <= bytes / 10 }).toMatchObject({ close: true });
    }
  });

  it('tells what it depends on, and how many packages come with it', () => {
    const [, , , direct, count] = row();
    const names = dependencies.direct(library).map((name) => `\`${name.replace(OURS, '')}\``);
    expect([direct, count]).toEqual([names.join(', ') || '–', `${dependencies.count(library)}`]);
  });
});

it('provider-cognito depends on nothing but the SDK client and our two libraries', () => {
  expect(dependencies.direct('provider-cognito').sort()).toEqual([
    '@aws-sdk/client-cognito-identity-provider',
    `${OURS}errors`,
    `${OURS}validators`,
  ]);
});
