import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Who may import whom; see "The house" in README.md. aws-sandbox imports nothing of ours so that it can disagree. */
const depConstraints = [
  {
    sourceTag: 'scope:gateway',
    onlyDependOnLibsWithTags: [
      'scope:provider',
      'scope:validators',
      'scope:errors',
      'scope:sandbox',
      'scope:docs-page',
    ],
  },
  {
    sourceTag: 'scope:provider',
    onlyDependOnLibsWithTags: ['scope:validators', 'scope:errors'],
    bannedExternalImports: ['@nestjs/*', 'fastify', 'express'],
  },
  {
    sourceTag: 'scope:validators',
    onlyDependOnLibsWithTags: ['scope:errors'],
    bannedExternalImports: ['@nestjs/*', '@aws-sdk/*'],
  },
  {
    sourceTag: 'scope:errors',
    onlyDependOnLibsWithTags: [],
    bannedExternalImports: ['*'],
  },
  { sourceTag: 'scope:sandbox', onlyDependOnLibsWithTags: [] },
  // It runs in a browser and is served as files: of ours it takes the signer and the taxonomy.
  { sourceTag: 'scope:docs-page', onlyDependOnLibsWithTags: ['scope:provider', 'scope:errors'] },
];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/artefact/**',
      'apps/gateway/public/**',
      '**/out-tsc/**',
      '**/test-output/**',
      '**/node_modules/**',
      '.nx/**',
      '**/coverage/**',
      '**/.stryker-tmp/**',
    ],
  },
  // Projects of others, so to say: they are copied out of the workspace, and compiled and run there.
  { ignores: ['apps/packages-e2e/consumers/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: true, allow: [], depConstraints },
      ],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportAllDeclaration',
          message: 'List the exports by name: the public face shows in a diff.',
        },
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Only apps/gateway/src/config reads the environment.',
        },
      ],
      // Plain objects answer for the documented DTO classes; nobody asks for instances.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.spec.ts', '**/*.e2e-spec.ts', '**/test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Tests may call the sandbox and any package; what is shipped may not.
      '@nx/enforce-module-boundaries': [
        'error',
        { depConstraints: [{ sourceTag: '*', onlyDependOnLibsWithTags: ['*'] }] },
      ],
    },
  },
  {
    // The optional Nest entries: nothing else in a provider may know Nest.
    files: ['libs/provider-*/src/nest.ts'],
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          allow: [],
          depConstraints: depConstraints.map((constraint) =>
            constraint.sourceTag === 'scope:provider'
              ? { ...constraint, bannedExternalImports: ['fastify', 'express'] }
              : constraint,
          ),
        },
      ],
    },
  },
  {
    files: ['apps/gateway/src/config/config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // Whole programs, as readers would write them.
    files: ['apps/gateway/samples/*'],
    rules: { 'no-restricted-syntax': 'off', 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        URL: 'readonly',
      },
    },
  },
);
