import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { env, execPath, platform } from 'node:process';

const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

/** How a language's samples are run, and what of it is on this machine. */
export interface Runner {
  /** Name of the file that a sample is written to. */
  readonly file: string;
  /** The command that runs the file; absent where samples are compiled only. */
  readonly run?: readonly string[];
  /** The command that compiles or checks the file, for languages that have one. */
  readonly compile?: readonly string[];
  /** The command that proves that the tools are there. */
  readonly probe: readonly string[];
}

/** One runner for each language of the document. */
export const RUNNERS: Readonly<Record<string, Runner>> = {
  Shell: { file: 'sample.sh', run: ['sh', 'sample.sh'], probe: ['openssl', 'version'] },
  JavaScript: { file: 'sample.mjs', run: [execPath, 'sample.mjs'], probe: [execPath, '--version'] },
  TypeScript: {
    file: 'sample.ts',
    compile: [
      execPath,
      TSC,
      ...[
        '--ignoreConfig',
        '--noEmit',
        '--strict',
        '--target',
        'es2023',
        '--module',
        'nodenext',
        '--skipLibCheck',
      ],
      ...['--types', 'node', 'sample.ts'],
    ],
    run: [execPath, '--experimental-strip-types', '--no-warnings', 'sample.ts'],
    probe: [execPath, '--version'],
  },
  Python: {
    file: 'sample.py',
    run: ['/usr/bin/python3', 'sample.py'],
    probe: ['/usr/bin/python3', '-c', 'import botocore'],
  },
  Java: { file: 'sample.java', run: ['java', 'sample.java'], probe: ['javac', '-version'] },
  Swift: {
    file: 'sample.swift',
    // Without Apple's CryptoKit the signature needs a package, which the compiler alone does not have.
    compile: ['swiftc', platform === 'darwin' ? '-typecheck' : '-parse', 'sample.swift'],
    probe: ['swiftc', '--version'],
  },
};

/** Whether a language's tools are on this machine. */
export function isInstalled({ probe: [command = '', ...args] }: Runner): boolean {
  return spawnSync(command, args).status === 0;
}

/** Runs a command with nothing in its environment but what is given and PATH. */
export function output(
  [command = '', ...args]: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { PATH: env['PATH'], ...environment } });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += String(chunk)));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(text);
      else reject(new Error(`${command} ended with ${String(code)}: ${text}`));
    });
  });
}
