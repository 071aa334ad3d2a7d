import { join } from 'node:path';

import { run } from './run.js';
import { LIBRARIES, type Library, WORKSPACE } from './workspace.js';

/** One packed library. */
export interface Packed {
  readonly library: Library;
  readonly tarball: string;
  /** Bytes of the tarball. */
  readonly size: number;
  /** Bytes of its files. */
  readonly unpackedSize: number;
  /** Paths in the package. */
  readonly files: readonly string[];
}

interface PackReport {
  readonly name: string;
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/**
 * Packs every library as `npm publish` would, `prepack` included.
 *
 * @param directory where the tarballs go
 */
export async function packLibraries(directory: string): Promise<Packed[]> {
  const workspaces = LIBRARIES.flatMap((library) => ['-w', `libs/${library}`]);
  // The workspace denies install scripts, which would leave prepack out too.
  const flags = ['--ignore-scripts=false', '--json', '--silent', '--pack-destination', directory];
  const report = JSON.parse(await run('npm', ['pack', ...flags, ...workspaces], WORKSPACE)) as PackReport[];
  return report.map(({ name, filename, size, unpackedSize, files }) => ({
    library: name.replace('@password-gateway/', '') as Library,
    tarball: join(directory, filename),
    size,
    unpackedSize,
    files: files.map(({ path }) => path),
  }));
}
