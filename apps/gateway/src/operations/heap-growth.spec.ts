import { spawnSync } from 'node:child_process';

import { describe, expect, it } from '@jest/globals';

import { HeapGrowth } from './heap-growth.js';

const SMALL_STEPS = ['--heap-growing-percent=20', '--semi-space-growth-factor=1'];
const OWN_WAY = ['--heap-growing-percent=0', '--semi-space-growth-factor=2'];

/** The flags that are set while so many changes are in flight, one count after the other. */
function flagsOver(...counts: readonly number[]): readonly (readonly string[])[] {
  let flags: string[] = [];
  const growth = new HeapGrowth((flag) => flags.push(flag));
  return counts.map((count) => {
    flags = [];
    growth.fit(count);
    return flags;
  });
}

describe('the heap', () => {
  it('is left alone in ordinary traffic', () => {
    expect(flagsOver(0, 1, 500, 1, 0)).toEqual([[], [], [], [], []]);
  });

  it('grows in small steps from the moment a crowd is in flight, and until it has gone', () => {
    expect(flagsOver(500, 501, 502, 500, 251, 250, 251, 501)).toEqual([
      [],
      SMALL_STEPS,
      [],
      [],
      [],
      OWN_WAY,
      [],
      SMALL_STEPS,
    ]);
  });

  it('is told so in flags that this V8 knows: of others it only complains', () => {
    const set = [...SMALL_STEPS, ...OWN_WAY].map((flag) => `v8.setFlagsFromString('${flag}')`).join(';');
    expect(spawnSync(process.execPath, ['-e', set], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
    const other = spawnSync(process.execPath, ['-e', "v8.setFlagsFromString('--no-such-flag')"]);
    expect(String(other.stderr)).not.toBe('');
  });
});
