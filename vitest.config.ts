import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/test-run/longest-first.ts';

const unit = ['packages/*/src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'];
/** Meets a real Incus: `npm run test:incus` brings one and runs these, nothing else does. */
const incus = ['packages/*/test/incus/**/*.test.ts', 'e2e/incus/**/*.test.ts'];
/** Of those, what sets one up or builds images: it leaves the daemon that it meets alone, and runs beside the others on a second one. */
const incusMaking = ['packages/cli/test/incus/**/*.test.ts', 'packages/runtime/test/incus/machine-build.test.ts'];
/**
 * Of those, what is felt in the whole host: it is restarted as far as a test can, is put on a public network, which the
 * rules of every Incus on it then name, and a bridge moves away from its range of addresses, which another's set-up would
 * take meanwhile. Nothing else runs beside it.
 */
const incusHost = ['e2e/incus/{day,walls}.test.ts', 'packages/runtime/test/incus/incus-surroundings.test.ts'];
/** Meets a real Tart, on a Mac: `npm run test:tart`. */
const tart = ['packages/*/test/tart/**/*.test.ts'];
/** Look at the built page in a browser, against a stub of the API. */
const page = ['packages/spa/test/**/*.test.ts'];
/** Measures, so nothing else runs beside it. */
const lighthouse = ['e2e/page/lighthouse.test.ts'];
const integrationOfScripts = ['scripts/test/**/*.test.ts'];
const integration = ['packages/*/test/**/*.test.ts', ...integrationOfScripts];

/**
 * In CI, what meets real processes and a browser is tried a second time before it counts as failed: machines are noisy, and
 * a test that is only slow there must not hold up a change. The reporter names what was tried twice.
 */
const retry = process.env.CI ? 1 : 0;

/** One file at a time has the daemon. */
const onIncus = { retry, testTimeout: 300_000, hookTimeout: 600_000, fileParallelism: false };

/** Tests start some hundred processes of ours, and half of such a start is compiling what it imports. */
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/tidepool/compile-cache');

/**
 * `unit`: beside the code, opens nothing. `integration`: sockets, processes, daemons. `page`: the page alone, in a browser.
 * `e2e`: the whole. `lighthouse`: how quick that is.
 */
export default defineConfig({
  test: {
    // Integration tests mostly wait for processes and clocks, so there are more of them at once than cores.
    maxWorkers: Math.max(4, availableParallelism()),
    teardownTimeout: 20_000,
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { name: 'unit', include: unit, exclude: integrationOfScripts, testTimeout: 20_000 } },
      {
        test: {
          name: 'integration',
          include: integration,
          exclude: [...incus, ...tart, ...page],
          retry,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'page',
          include: page,
          globalSetup: 'packages/spa/test/build-page.ts',
          retry,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: [...incus, ...lighthouse],
          retry,
          testTimeout: 300_000,
          hookTimeout: 600_000,
          // What one waits for (a restart, a minute offline) leaves the machine to another.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'lighthouse',
          include: lighthouse,
          retry,
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      { test: { ...onIncus, name: 'incus', include: incus, exclude: [...incusMaking, ...incusHost] } },
      { test: { ...onIncus, name: 'incus-making', include: incusMaking } },
      { test: { ...onIncus, name: 'incus-host', include: incusHost } },
      { test: { name: 'tart', include: tart, testTimeout: 300_000, hookTimeout: 600_000, fileParallelism: false } },
    ],
  },
});
