import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROBLEM_CODES, PROBLEMS } from '@password-gateway/errors';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';

import { Consumer } from './support/consumer.js';
import { packLibraries } from './support/pack.js';
import { readExamples, readInstalled } from './support/readme.js';
import { makeScratch, removeScratch } from './support/scratch.js';
import { inLibrary, LIBRARIES, type Library, tool, WORKSPACE } from './support/workspace.js';

let parent: string;
let project: Consumer;

const readme = (library: Library) => inLibrary(library, 'README.md');

const examplesOf = async (library: Library) =>
  (await readExamples(readme(library))).map((example, index) => ({
    library,
    name: `${library}-${index + 1}`,
    ...example,
  }));

const EXAMPLES = (await Promise.all(LIBRARIES.map(examplesOf))).flat();

/** These print something; the example of aws-sandbox is a Jest test. */
const PRINTING = EXAMPLES.filter(({ library }) => library !== 'aws-sandbox');

/** Asks what the example of the README of errors tells for every code. */
const EVERY_CODE = `
import { PROBLEM_CODES } from '@password-gateway/errors';
for (const code of PROBLEM_CODES) {
  const error = new PasswordChangeError(code);
  console.log(code, error.outcome, tell(error));
}
`;

beforeAll(async () => {
  parent = await makeScratch();
  const packed = await packLibraries(parent);
  const beside = ['@types/node', 'class-validator'];
  project = await Consumer.install('esm-nodenext', { parent, packed, beside });
  for (const { name, code } of PRINTING) await project.write(`${name}.ts`, code);
  const errors = EXAMPLES.find(({ library }) => library === 'errors');
  await project.write('every-code.ts', `${errors?.code ?? ''}${EVERY_CODE}`);
  await project.run(tool('tsc'), ['-p', '.']);
});

afterAll(() => removeScratch(parent));

describe.each(PRINTING)('the example $name of the READMEs', ({ name, prints }) => {
  it('compiles, runs and prints what it says', async () => {
    expect(await project.node(join('dist', `${name}.js`))).toBe(prints);
  });
});

it('the decorators have an example', () => {
  expect(PRINTING.map(({ name }) => name)).toContain('validators-2');
});

it('the README of errors says that nothing has changed only where that is certain', async () => {
  const told = (await project.node(join('dist', 'every-code.js'))).split('\n');
  const unknown = told.filter((line) => / unknown [A-Z]/.test(line));
  expect(unknown).toHaveLength(PROBLEM_CODES.filter((code) => PROBLEMS[code].outcome === 'unknown').length);
  expect(unknown.filter((line) => line.includes('Nothing has changed'))).toEqual([]);
});

describe.each(LIBRARIES)('the README of %s', (library) => {
  it('fits on a screen', async () => {
    expect((await readFile(readme(library), 'utf8')).split('\n').length).toBeLessThanOrEqual(60);
  });

  it('installs what its examples import', async () => {
    const imports = EXAMPLES.filter((example) => example.library === library).flatMap(({ code }) =>
      [...code.matchAll(/ from '((?:@[\w-]+\/)?[\w-]+)/g)].map(([, name]) => name),
    );
    expect(imports).not.toEqual([]);
    expect(await readInstalled(readme(library))).toEqual(expect.arrayContaining(imports));
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
    const [{ code } = { code: '' }] = await examplesOf('aws-sandbox');
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
