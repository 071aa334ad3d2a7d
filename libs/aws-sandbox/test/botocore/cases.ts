import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SigV4Request } from '../../src/sigv4/index.js';

const PYTHONS = ['python3', '/usr/bin/python3'];
const PROGRAM = fileURLToPath(new URL('sign.py', import.meta.url));
const NO_BOTOCORE = 3;

/** A request that botocore signed, and the key it used. */
export interface BotocoreCase {
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
  readonly request: SigV4Request;
}

interface Printed {
  readonly botocore: string;
  readonly cases: readonly (Omit<BotocoreCase, 'request'> &
    Omit<SigV4Request, 'body'> & { bodyBase64: string })[];
}

/**
 * Runs sign.py with the first Python that can import botocore; `undefined` when none can.
 *
 * @throws Error when sign.py itself fails, so that a fault in it never looks like a missing botocore
 */
export function signWithBotocore(): { readonly version: string; readonly cases: BotocoreCase[] } | undefined {
  for (const python of PYTHONS) {
    const { error, status, stdout, stderr } = spawnSync(python, [PROGRAM], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    if (status === NO_BOTOCORE || (error && 'code' in error && error.code === 'ENOENT')) continue;
    if (error || status !== 0) throw new Error(`${python} sign.py failed: ${error?.message ?? stderr}`);
    const printed = JSON.parse(stdout) as Printed;
    const cases = printed.cases.map(({ method, target, headers, bodyBase64, ...rest }) => ({
      ...rest,
      request: { method, target, headers, body: Buffer.from(bodyBase64, 'base64') },
    }));
    return { version: printed.botocore, cases };
  }
  return undefined;
}
