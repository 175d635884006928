/**
 * `npm test`: makes the machine ready, checks, builds what the tests run on, and runs them. `npm test -- ARGUMENT…` is one
 * run of vitest with these arguments and what it needs: `npm test -- --project unit packages/db`.
 * The last line of stdout is the total; the exit code is not 0 where anything failed or no test ran.
 */
import { run } from './test-run/run.ts';

process.exitCode = await run(process.argv.slice(2));
