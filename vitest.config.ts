import { defineConfig } from 'vitest/config';

const beside = ['packages/*/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'];

/** `unit`: beside the code, opens nothing. `integration`: sockets, processes, daemons. `e2e`: the whole, in a browser. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: beside, testTimeout: 20_000 } },
      {
        test: {
          name: 'integration',
          include: ['packages/*/test/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
