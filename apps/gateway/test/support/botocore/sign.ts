import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { Keys } from '../users.js';

const PYTHONS = ['python3', '/usr/bin/python3'];
const PROGRAM = fileURLToPath(new URL('sign.py', import.meta.url));
const NO_BOTOCORE = 3;

/** A change to sign. */
export interface ToSign extends Keys {
  readonly currentPassword: string;
  readonly newPassword: string;
}

/** Headers by name, as botocore made them. */
export type SignedHeaders = Readonly<Record<string, string>>;

/**
 * Signs requests with the first Python that can import botocore; `undefined` when none can.
 *
 * @throws Error when the program itself fails, so that a fault in it never looks like a missing botocore
 */
export function signWithBotocore(requests: readonly ToSign[]): SignedHeaders[] | undefined {
  for (const python of PYTHONS) {
    const { error, status, stdout, stderr } = spawnSync(python, [PROGRAM], {
      input: JSON.stringify(requests),
      encoding: 'utf8',
      timeout: 60_000,
    });
    if (status === NO_BOTOCORE || (error && 'code' in error && error.code === 'ENOENT')) continue;
    if (error || status !== 0) throw new Error(`${python} sign.py failed: ${error?.message ?? stderr}`);
    return (JSON.parse(stdout) as { headers: SignedHeaders[] }).headers;
  }
  return undefined;
}
