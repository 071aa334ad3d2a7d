import { execFile } from 'node:child_process';
import { env } from 'node:process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Without colours, whatever runs the tests wants. */
const PLAIN = { ...env, FORCE_COLOR: undefined, NO_COLOR: '1' };

/**
 * Runs a program to its end.
 *
 * @returns what it wrote to stdout
 * @throws Error with everything that it wrote, when it fails
 */
export async function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    return (await execute(program, args, { cwd, env: PLAIN, maxBuffer: 64 * 1024 * 1024 })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error([program, ...args, '\n', stdout, stderr].join(' '), { cause: error });
  }
}
