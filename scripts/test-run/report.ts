/** A run of the tests, part by part: what each came to and how long it took, and the closing line with the total. */
import { type Outcome, runVitest, type VitestRun } from './vitest.ts';

export interface Report {
  /** Whether anything that is not a test failed so far. */
  ok(): boolean;
  /** Does it and says how long it took; what it throws is shown, and fails the whole. */
  part(title: string, work: () => Promise<void>): Promise<void>;
  tests(title: string, run: VitestRun): Promise<void>;
  /** Prints times, what failed (a log is often kept from its end only) and the total. @returns the exit code */
  close(): number;
}

export function createReport(): Report {
  const times: string[] = [];
  const outcomes: Outcome[] = [];
  let ok = true;

  async function part(title: string, work: () => Promise<void>): Promise<void> {
    console.log(`\n── ${title} ──`);
    const start = performance.now();
    try {
      await work();
    } catch (error) {
      ok = false;
      console.log(error instanceof Error ? error.message : String(error));
    }
    times.push(`${title}: ${Math.round((performance.now() - start) / 1000)} s`);
  }

  return {
    ok: () => ok,
    part,
    tests: (title, run) =>
      part(title, async () => {
        outcomes.push(await runVitest(run));
      }),
    close() {
      const total = (key: 'passed' | 'failed' | 'skipped') => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
      console.log(`\n${times.join('\n')}`);
      for (const failure of outcomes.flatMap(({ failures }) => failures)) console.log(`failed: ${failure}`);
      if (!ok) console.log('A part other than a test failed: see above.');
      console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
      const ran = total('passed') + total('failed') > 0;
      return ok && ran && outcomes.every((outcome) => outcome.ok) ? 0 : 1;
    },
  };
}
