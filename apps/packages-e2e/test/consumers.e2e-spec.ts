import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Consumer, type Installed } from './support/consumer.js';
import { packLibraries } from './support/pack.js';
import { makeScratch, removeScratch } from './support/scratch.js';
import { tool } from './support/workspace.js';

/** The oldest that the providers take. */
const OLD_SDK = ['@aws-sdk/client-cognito-identity-provider@3.928.0', '@aws-sdk/client-iam@3.930.0'];

const OLD_NEST = ['@nestjs/common@11.1.0', '@nestjs/core@11.1.0', 'class-validator@0.14.2'];

const FOR_NEST = ['@types/node', 'reflect-metadata', 'rxjs'];

/** The projects and what they install beside our tarballs. */
const PROJECTS: Readonly<Record<string, Installed>> = {
  'esm-javascript': {},
  'cjs-javascript': {},
  'esm-nodenext': { beside: ['@types/node'] },
  'cjs-node20': { beside: ['@types/node'] },
  'esm-bundler': { beside: ['@types/node'] },
  'own-client': { beside: ['@types/node'], pinned: OLD_SDK },
  'nest-12': {
    from: 'nest',
    beside: ['@nestjs/common', '@nestjs/core', 'class-validator', ...FOR_NEST],
  },
  'nest-11': { from: 'nest', beside: FOR_NEST, pinned: OLD_NEST },
};

/** What a project prints once it has changed both passwords. */
const CHANGED = {
  cognito: true,
  iam: true,
  again: 'current_password_incorrect',
  violations: ['white_space_at_end'],
};

let parent: string;
let consumers: ReadonlyMap<string, Consumer>;

const project = (name: string) => consumers.get(name)!;

beforeAll(async () => {
  parent = await makeScratch();
  const packed = await packLibraries(parent);
  const install = async ([name, installed]: [string, Installed]) =>
    [name, await Consumer.install(name, { parent, packed, ...installed })] as const;
  consumers = new Map(await Promise.all(Object.entries(PROJECTS).map(install)));
});

afterAll(() => removeScratch(parent));

describe.each(['esm-javascript', 'cjs-javascript'])('a project in plain JavaScript: %s', (name) => {
  it('changes passwords', async () => {
    expect(JSON.parse(await project(name).node('change.js'))).toEqual(CHANGED);
  });
});

describe.each(['esm-nodenext', 'cjs-node20'])('a project in TypeScript: %s', (name) => {
  it('compiles and changes passwords', async () => {
    await project(name).copy('typescript');
    await project(name).run(tool('tsc'), ['-p', '.']);
    expect(JSON.parse(await project(name).node('dist/change.js'))).toEqual(CHANGED);
  });
});

describe('a project in TypeScript whose modules a bundler finds', () => {
  it('compiles, is bundled and changes passwords', async () => {
    const bundled = project('esm-bundler');
    await bundled.copy('typescript');
    await bundled.run(tool('tsc'), ['-p', '.']);
    const flags = ['--bundle', '--platform=node', '--format=esm', '--main-fields=module,main'];
    await bundled.run(tool('esbuild'), ['change.ts', ...flags, '--outfile=../bundled.mjs']);
    expect(JSON.parse(await bundled.node('../bundled.mjs'))).toEqual(CHANGED);
  });
});

describe.each(['nest-12', 'nest-11'])('a Nest service in TypeScript: %s', (name) => {
  it('compiles, changes passwords by injected providers and checks fields by decorators', async () => {
    await project(name).run(tool('tsc'), ['-p', '.']);
    expect(JSON.parse(await project(name).node('dist/change.js'))).toEqual({
      cognito: true,
      iam: true,
      violations: ['white_space_at_end', 'character_not_allowed', 'too_short'],
    });
  });
});

describe('a project whose own SDK clients are older than the libraries want', () => {
  it('passes them to the providers, and failures keep their codes', async () => {
    const own = project('own-client');
    await own.run(tool('tsc'), ['-p', '.']);
    const wrong = 'current_password_incorrect';
    expect(JSON.parse(await own.node('dist/change.js'))).toEqual(['cognito', 'iam', wrong, wrong]);
  });
});
