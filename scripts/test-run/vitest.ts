/** Runs vitest once, shows what it says, and counts from its JSON report. */
import { type StdioOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** A line for each failure: the file, the test and the first line of what it said. */
  readonly failures: readonly string[];
  /** Whether vitest itself was content: it fails on errors outside of tests and where no test ran, too. */
  readonly ok: boolean;
}

export interface VitestRun {
  readonly root: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Another one is shown at the same time: nothing of it is drawn over. */
  readonly isBeside?: boolean;
}

export async function runVitest({ root, args, env, isBeside = false }: VitestRun): Promise<Outcome> {
  const directory = await mkdtemp(join(tmpdir(), 'tidepool-report-'));
  const report = join(directory, 'report.json');
  const vitest = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--reporter=default', '--reporter=json'];
  const [program = '', ...argv] = [...tie(), process.execPath, ...vitest, `--outputFile.json=${report}`, ...args];
  try {
    const stdio: StdioOptions = ['inherit', isBeside ? 'pipe' : 'inherit', 'inherit'];
    const child = spawn(program, argv, { cwd: root, stdio, env: { ...process.env, ...env } });
    child.stdout?.pipe(process.stdout, { end: false });
    // Ctrl-C reaches the whole group: what ends first is vitest, and the total is still printed.
    const passOn = () => child.kill('SIGTERM');
    const ignore = () => undefined;
    process.on('SIGTERM', passOn).on('SIGINT', ignore);
    const [code] = await once(child, 'exit');
    process.off('SIGTERM', passOn).off('SIGINT', ignore);
    if (!existsSync(report)) return { passed: 0, failed: 0, skipped: 0, failures: [], ok: false };
    return { ...count(await readFile(report, 'utf8'), root), ok: code === 0 };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * The totals of a report, and what failed. A file that failed without a failed test (it did not even load) counts as one.
 * @param root what the files are named from
 */
export function count(report: string, root: string): Omit<Outcome, 'ok'> {
  const { testResults } = reportSchema.parse(JSON.parse(report));
  const statuses = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [`${file}: ${firstLine(message)}`] : [];
    return failed.map((test) => `${file} > ${test.fullName}: ${firstLine(test.failureMessages?.at(-1))}`);
  });
  const passed = statuses.filter((status) => status === 'passed').length;
  const skipped = statuses.filter((status) => status !== 'passed' && status !== 'failed').length;
  return { passed, failed: failures.length, skipped, failures };
}

function firstLine(message = ''): string {
  return stripVTControlCharacters(message).split('\n', 1)[0] ?? '';
}

/** So that no test goes on when this process was killed. */
function tie(): string[] {
  const able = spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status === 0;
  return able ? ['setpriv', '--pdeathsig', 'TERM'] : [];
}

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});
