import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a folder outside the workspace. */
export function makeScratch(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'packages-'));
}

/** Removes it. */
export function removeScratch(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true });
}
