import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';

import { Consumer } from './support/consumer.js';
import { packLibraries } from './support/pack.js';
import { readExample } from './support/readme.js';
import { makeScratch, removeScratch } from './support/scratch.js';
import { inLibrary, LIBRARIES, type Library, tool, WORKSPACE } from './support/workspace.js';

/** These print something; the example of aws-sandbox is a Jest test. */
const PRINTING = LIBRARIES.filter((library) => library !== 'aws-sandbox');

let parent: string;
let project: Consumer;

const readme = (library: Library) => inLibrary(library, 'README.md');

beforeAll(async () => {
  parent = await makeScratch();
  const packed = await packLibraries(parent);
  project = await Consumer.install('esm-nodenext', { parent, packed, beside: ['@types/node'] });
  for (const library of PRINTING)
    await project.write(`${library}.ts`, (await readExample(readme(library))).code);
  await project.run(tool('tsc'), ['-p', '.']);
});

afterAll(() => removeScratch(parent));

describe.each(PRINTING)('the README of %s', (library) => {
  it('has an example that compiles, runs and prints what it says', async () => {
    expect(await project.node(join('dist', `${library}.js`))).toBe(
      (await readExample(readme(library))).prints,
    );
  });
});

describe.each(LIBRARIES)('the README of %s', (library) => {
  it('fits on a screen', async () => {
    expect((await readFile(readme(library), 'utf8')).split('\n').length).toBeLessThanOrEqual(60);
  });

  it('shows how CommonJS loads the library', async () => {
    const [line] = /^.*require\('@password-gateway.*$/m.exec(await readFile(readme(library), 'utf8')) ?? [];
    const [statement] = /const .*\)/.exec(line ?? '') ?? [];
    const [, name] = /\{ (\w+) \}/.exec(statement ?? '') ?? [];
    await project.write(`${library}.cjs`, `${statement ?? ''};\nconsole.log(typeof ${name ?? ''});\n`);
    expect(await project.node(`${library}.cjs`)).toBe('function\n');
  });
});

describe('the README of aws-sandbox', () => {
  it('has a Jest test of 10 lines that passes', async () => {
    const { code } = await readExample(readme('aws-sandbox'));
    expect(code.split('\n').filter((line) => line.trim() !== '')).toHaveLength(10);
    await project.write('readme.test.js', code);
    const jest = join(WORKSPACE, 'node_modules/jest/bin/jest.js');
    const args = ['--rootDir', project.directory, '--config', '{"transform":{}}', '--json'];
    const report = await project.run(execPath, ['--experimental-vm-modules', jest, ...args]);
    expect(JSON.parse(report)).toMatchObject({ success: true, numPassedTests: 1, numTotalTests: 1 });
  });

  it('names a command that is there', async () => {
    expect(await readFile(readme('aws-sandbox'), 'utf8')).toContain('`npx aws-sandbox`');
    const usage = await project.run(join(project.directory, 'node_modules/.bin/aws-sandbox'), ['--help']);
    expect(usage).toContain('usage: aws-sandbox');
  });
});
