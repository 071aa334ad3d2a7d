import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publint } from 'publint';

import { type Packed, packLibraries } from './support/pack.js';
import { run } from './support/run.js';
import { makeScratch, removeScratch } from './support/scratch.js';
import { inLibrary, LIBRARIES, type Library, tool, WORKSPACE } from './support/workspace.js';

/** What starts the sandbox by being loaded. */
const SCRIPTS = ['./dist/main.js', './src/main.ts'];

let scratch: string;
let packed: ReadonlyMap<Library, Packed>;

beforeAll(async () => {
  scratch = await makeScratch();
  packed = new Map((await packLibraries(scratch)).map((one) => [one.library, one]));
});

afterAll(() => removeScratch(scratch));

const tarballOf = (library: Library) => packed.get(library)!.tarball;

const filesOf = (library: Library) => packed.get(library)!.files;

/** Where the workspace says that it lives: npm compares it with where a package with provenance is built. */
async function repositoryUrl(): Promise<string> {
  const manifest = JSON.parse(await readFile(join(WORKSPACE, 'package.json'), 'utf8')) as {
    repository?: { url: string };
  };
  return manifest.repository?.url ?? 'none';
}

it('a release writes the one changelog', async () => {
  const { release } = JSON.parse(await readFile(join(WORKSPACE, 'nx.json'), 'utf8')) as {
    release: { changelog: { workspaceChangelog: { file: string } } };
  };
  expect(release.changelog.workspaceChangelog.file).toBe('{workspaceRoot}/CHANGELOG.md');
});

describe.each(LIBRARIES)('the package of %s', (library) => {
  it('says what a registry and its readers want to know', async () => {
    const repository = await repositoryUrl();
    const address = repository.replace(/^git\+(https:.*)\.git$/, '$1');
    const manifest = JSON.parse(await readFile(inLibrary(library, 'package.json'), 'utf8')) as {
      keywords: string[];
      sideEffects: unknown;
    };
    expect(manifest).toMatchObject({
      license: 'MIT',
      type: 'module',
      engines: { node: '>=22.12' },
      homepage: `${address}/tree/main/libs/${library}#readme`,
      bugs: `${address}/issues`,
      repository: { type: 'git', url: repository, directory: `libs/${library}` },
      publishConfig: { access: 'public', provenance: true },
    });
    expect(manifest.keywords).toContain('password');
    expect(manifest.sideEffects).toEqual(library === 'aws-sandbox' ? SCRIPTS : false);
  });

  it('has nothing that publint objects to', async () => {
    const tarball = await readFile(tarballOf(library));
    const bytes = new Uint8Array(tarball).buffer;
    const { messages } = await publint({ pack: { tarball: bytes }, strict: true });
    expect(messages).toEqual([]);
  });

  it('has types that every supported resolution finds', async () => {
    // Node 22.12 and TypeScript's node20 let CommonJS require an ES module; the rule is older than that.
    const supported = ['--profile', 'node16', '--ignore-rules', 'cjs-resolves-to-esm'];
    await run(tool('attw'), [tarballOf(library), ...supported], scratch);
  });

  it('holds sources and what they were built to, and nothing else', () => {
    const files = filesOf(library);
    const sources = files.filter((file) => file.startsWith('src/'));
    expect(sources.filter((file) => file.endsWith('.spec.ts'))).toEqual([]);
    const built = sources.flatMap((source) =>
      ['.js', '.js.map', '.d.ts', '.d.ts.map'].map((ending) =>
        source.replace(/^src(.*)\.ts$/, `dist$1${ending}`),
      ),
    );
    expect([...files].sort()).toEqual(['LICENSE', 'README.md', 'package.json', ...sources, ...built].sort());
  });

  it('has source maps that lead to its sources', async () => {
    const maps = filesOf(library).filter((file) => file.endsWith('.map'));
    for (const map of maps) {
      const { sources } = JSON.parse(await readFile(inLibrary(library, map), 'utf8')) as {
        sources: string[];
      };
      for (const source of sources) expect(filesOf(library)).toContain(join(map, '..', source));
    }
    expect(maps).not.toEqual([]);
  });

  it('carries the licence of the workspace', async () => {
    const licence = await readFile(join(WORKSPACE, 'LICENSE'), 'utf8');
    expect(await readFile(inLibrary(library, 'LICENSE'), 'utf8')).toBe(licence);
  });
});
