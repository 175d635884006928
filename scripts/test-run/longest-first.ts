/** In which order files of tests begin: what takes long first, so that in the end nothing is left to wait for alone. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The longest first; half a minute or more. On a fresh clone vitest goes by the sizes of files, which say little. */
const long = [
  'e2e/page/accidents.test.ts',
  'e2e/elasticmq.test.ts',
  'e2e/page/flows.test.ts',
  'e2e/admin-routes.test.ts',
  'e2e/start.test.ts',
  'e2e/journey.test.ts',
  'packages/worker/test/killed-worker.test.ts',
  'packages/worker/test/two-workers.test.ts',
  'packages/runtime/test/tart-contract.test.ts',
  'packages/cli/test/up-sandbox.test.ts',
  'packages/spa/test/axe.test.ts',
  'packages/queue/test/faulty.test.ts',
  'packages/runtime/test/tart-faults.test.ts',
  'packages/worker/test/killed-worker-sandbox.test.ts',
  'scripts/test/run.test.ts',
  'packages/db/test/kill-anyone.test.ts',
  'packages/spa/test/home.test.ts',
  'packages/queue/test/embedded.test.ts',
  'packages/worker/test/every-step.test.ts',
  'packages/caddy/test/streams.test.ts',
  'packages/worker/test/accidents.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = long.findIndex((path) => moduleId.endsWith(`/${path}`));
      return place === -1 ? long.length : place;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}
