/**
 * `npm run test:incus`: brings an Incus of its own with `tidepool setup incus`, builds the image, runs the tests that meet
 * both, and takes all of it down again. `npm run test:incus -- ARGUMENT…` hands the arguments to vitest. An Incus that the
 * machine's owner uses is not touched. Needs root on Debian or Ubuntu; ends as `npm test` does, with the total.
 */
import { runIncusTests } from './test-incus/run.ts';

process.exitCode = await runIncusTests(process.argv.slice(2));
