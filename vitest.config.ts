import { defineConfig } from 'vitest/config';

// These reach Node, for `require` as well. 'import' would break CommonJS packages there, and 'module', which is for
// bundlers, those whose modules only a bundler can read.
const conditions = ['@sluice/source', 'node'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/**/src/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts', 'bench/src/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    reporters: ['default', './tools/tally-reporter.mjs'],
    // Most of them wait more than they work.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
