/** One jest configuration for every project: TypeScript through swc, native ES modules, workspace libraries from source. */
export const preset = (displayName) => ({
  displayName,
  testEnvironment: 'node',
  // A test that starts servers takes long on a busy machine; what must be quick says so itself.
  testTimeout: 20_000,
  testEnvironmentOptions: {
    customExportConditions: ['@password-gateway/source', 'node', 'node-addons'],
  },
  testMatch: ['**/*.spec.ts', '**/*.e2e-spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/artefact'],
});
