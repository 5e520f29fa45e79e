import { defineConfig } from 'vitest/config';

// 'import' is implied; named here it would reach Node and hold for `require` as well, which breaks CommonJS packages.
const conditions = ['@sluice/source', 'module', 'node'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/**/src/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts', 'bench/src/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    reporters: ['default', './tools/tally-reporter.mjs'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
