// Two projects: `fast` needs nothing but Node; `full` gets a PostgreSQL server from its global set-up.
const shared = {
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          target: 'es2024',
          transform: { react: { runtime: 'automatic', importSource: 'preact' } },
        },
      },
    ],
  },
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['<rootDir>/dist'],
};

/** @type {import('jest').Config} */
export default {
  testTimeout: 120_000,
  projects: [
    {
      ...shared,
      displayName: 'fast',
      testMatch: ['<rootDir>/test/{unit,pages,vectors}/**/*.test.{ts,tsx}', '<rootDir>/test/*.test.ts'],
    },
    {
      ...shared,
      displayName: 'full',
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
      testMatch: ['<rootDir>/test/{service,http,contract,journeys}/**/*.test.{ts,tsx}'],
    },
  ],
};
