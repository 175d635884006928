/** Runs vitest once, shows what it says, and counts from its JSON report. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Whether vitest itself was content: it fails on errors outside of tests and where no test ran, too. */
  readonly ok: boolean;
}

export interface VitestRun {
  readonly root: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export async function runVitest({ root, args, env }: VitestRun): Promise<Outcome> {
  const directory = await mkdtemp(join(tmpdir(), 'tidepool-report-'));
  const report = join(directory, 'report.json');
  const vitest = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--reporter=default', '--reporter=json'];
  const [program = '', ...argv] = [...tie(), process.execPath, ...vitest, `--outputFile.json=${report}`, ...args];
  try {
    const child = spawn(program, argv, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
    // Ctrl-C reaches the whole group: what ends first is vitest, and the total is still printed.
    const passOn = () => child.kill('SIGTERM');
    const ignore = () => undefined;
    process.on('SIGTERM', passOn).on('SIGINT', ignore);
    const [code] = await once(child, 'exit');
    process.off('SIGTERM', passOn).off('SIGINT', ignore);
    if (!existsSync(report)) return { passed: 0, failed: 0, skipped: 0, ok: false };
    return { ...count(await readFile(report, 'utf8')), ok: code === 0 };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The totals of a report. A file that failed without a failed test (it did not even load) counts as one. */
export function count(report: string): Pick<Outcome, 'passed' | 'failed' | 'skipped'> {
  const { testResults } = reportSchema.parse(JSON.parse(report));
  const statuses = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const passed = statuses.filter((status) => status === 'passed').length;
  const failed = statuses.filter((status) => status === 'failed').length;
  return { passed, failed: failed + brokenFiles.length, skipped: statuses.length - passed - failed };
}

/** So that no test goes on when this process was killed. */
function tie(): string[] {
  const able = spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status === 0;
  return able ? ['setpriv', '--pdeathsig', 'TERM'] : [];
}

const reportSchema = z.object({
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
});
