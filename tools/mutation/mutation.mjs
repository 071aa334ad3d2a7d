// Mutation tests of the code that decides: grammar, validators, error mapping, outcomes. One Stryker run per project,
// because each project's own unit specs must kill its mutants; the end-to-end specs are not asked.
import { Stryker } from '@stryker-mutator/core';

import { preset } from '../../jest.preset.mjs';

const BREAK_BELOW = 90;

/** Project folder to the files that are mutated. */
const PROJECTS = {
  'libs/errors': [
    'access-denied',
    'common-errors',
    'constraint-texts',
    'field-error',
    'policy-texts',
    'taxonomy',
    'transport-failure',
    'upstream-call',
    'upstream-mapping',
    'password-change-error',
  ],
  'libs/validators': ['*'],
  'libs/provider-cognito': ['*'],
  'libs/provider-iam': ['*'],
  'apps/gateway': [
    'password/access-token',
    'password/checked-change',
    'password/credential',
    'password/password.service',
    'ledger/ending',
    'ledger/idempotency-key',
    'ledger/identity-proof',
    'ledger/judged-answer',
    'ledger/memory-ledger',
    'ledger/protocol',
    'ledger/remembered-answer',
    'problem/problem',
    'problem/problem.filter',
    'upstream/undici-handler',
    'upstream/upstream-guard',
  ],
};

process.env.NODE_OPTIONS = '--experimental-vm-modules --disable-warning=ExperimentalWarning';
const only = process.argv.slice(2);
const rows = [];
for (const [project, files] of Object.entries(PROJECTS)) {
  if (only.length > 0 && !only.includes(project)) continue;
  const results = await new Stryker({
    mutate: [...files.map((file) => `${project}/src/${file}.ts`), '!**/*.spec.ts', '!**/index.ts'],
    ignorePatterns: ['**/dist', '.nx', '**/*.tsbuildinfo'],
    testRunner: 'jest',
    plugins: ['@stryker-mutator/jest-runner'],
    jest: {
      projectType: 'custom',
      configFile: 'tools/mutation/jest.config.mjs',
      config: { ...preset(project), rootDir: `./${project}`, testMatch: ['**/*.spec.ts'] },
      enableFindRelatedTests: true,
    },
    coverageAnalysis: 'perTest',
    reporters: ['clear-text'],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    tempDirName: '.stryker-tmp',
    concurrency: 2,
    timeoutMS: 20_000,
    checkers: [],
  }).runMutationTest();
  const count = (...statuses) => results.filter(({ status }) => statuses.includes(status)).length;
  const killed = count('Killed', 'Timeout');
  const all = killed + count('Survived', 'NoCoverage');
  rows.push({ project, mutants: all, killed, score: Math.round((killed / all) * 1000) / 10 });
}
console.table(rows);
if (rows.some(({ score }) => score < BREAK_BELOW)) {
  process.stderr.write(`A mutation score is below ${BREAK_BELOW} %.\n`);
  process.exitCode = 1;
}
