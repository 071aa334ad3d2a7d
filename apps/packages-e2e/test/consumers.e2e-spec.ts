import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Consumer, type ConsumerOptions } from './support/consumer.js';
import { type Packed, packLibraries } from './support/pack.js';
import { makeScratch, removeScratch } from './support/scratch.js';
import { tool } from './support/workspace.js';

const LIMIT_MS = 120_000;

/** What each project prints once it has changed both passwords. */
const CHANGED = {
  cognito: true,
  iam: true,
  again: 'current_password_incorrect',
  violations: ['white_space_at_end'],
};

let parent: string;
let packed: readonly Packed[];

beforeAll(async () => {
  parent = await makeScratch();
  packed = await packLibraries(parent);
}, LIMIT_MS);

afterAll(() => removeScratch(parent));

const install = (name: string, options?: Partial<ConsumerOptions>) =>
  Consumer.install(name, { parent, packed, ...options });

describe.each(['esm-javascript', 'cjs-javascript'])('a project in plain JavaScript: %s', (name) => {
  it(
    'changes passwords',
    async () => {
      const project = await install(name);
      expect(JSON.parse(await project.node('change.js'))).toEqual(CHANGED);
    },
    LIMIT_MS,
  );
});

describe.each(['esm-nodenext', 'cjs-node20'])('a project in TypeScript: %s', (name) => {
  it(
    'compiles and changes passwords',
    async () => {
      const project = await install(name, { beside: ['@types/node'] });
      await project.copy('typescript');
      await project.run(tool('tsc'), ['-p', '.']);
      expect(JSON.parse(await project.node('dist/change.js'))).toEqual(CHANGED);
    },
    LIMIT_MS,
  );
});

describe('a project in TypeScript whose modules a bundler finds', () => {
  it(
    'compiles, is bundled and changes passwords',
    async () => {
      const project = await install('esm-bundler', { beside: ['@types/node'] });
      await project.copy('typescript');
      await project.run(tool('tsc'), ['-p', '.']);
      const flags = ['--bundle', '--platform=node', '--format=esm', '--main-fields=module,main'];
      await project.run(tool('esbuild'), ['change.ts', ...flags, '--outfile=../bundled.mjs']);
      expect(JSON.parse(await project.node('../bundled.mjs'))).toEqual(CHANGED);
    },
    LIMIT_MS,
  );
});

describe('a Nest service', () => {
  it(
    'changes passwords by injected providers and checks fields by decorators',
    async () => {
      const beside = ['@nestjs/common', '@nestjs/core', 'reflect-metadata', 'rxjs', 'class-validator'];
      const project = await install('nest', { beside });
      expect(JSON.parse(await project.node('change.js'))).toEqual({
        cognito: true,
        iam: true,
        violations: ['white_space_at_end', 'character_not_allowed', 'too_short'],
      });
    },
    LIMIT_MS,
  );
});

describe('a project whose own SDK clients are older than the libraries want', () => {
  it(
    'passes them to the providers, and failures keep their codes',
    async () => {
      const pinned = ['client-cognito-identity-provider', 'client-iam'].map(
        (name) => `@aws-sdk/${name}@3.940.0`,
      );
      const project = await install('own-client', { beside: ['@types/node'], pinned });
      await project.run(tool('tsc'), ['-p', '.']);
      const wrong = 'current_password_incorrect';
      expect(JSON.parse(await project.node('dist/change.js'))).toEqual(['cognito', 'iam', wrong, wrong]);
    },
    LIMIT_MS,
  );
});
