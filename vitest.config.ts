import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const unit = ['packages/*/src/**/*.test.{ts,tsx}', 'scripts/*.test.ts', 'scripts/!(test)/**/*.test.ts'];
const integration = ['packages/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'];

/** `unit`: beside the code, opens nothing. `integration`: sockets, processes, daemons. `e2e`: the whole, in a browser. */
export default defineConfig({
  test: {
    // Integration tests mostly wait for processes and clocks, so there are more of them at once than cores.
    maxWorkers: Math.max(4, availableParallelism()),
    teardownTimeout: 20_000,
    projects: [
      { test: { name: 'unit', include: unit, testTimeout: 20_000 } },
      { test: { name: 'integration', include: integration, testTimeout: 120_000, hookTimeout: 120_000 } },
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
