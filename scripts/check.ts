/** `npm run check`: types, lint, package boundaries, freshness of what is generated and of the lock file, all in one report. */
import { checkBoundaries } from './check/boundaries.ts';
import { checkGenerated } from './check/generated-files.ts';
import { checkLockFile } from './check/lock-file.ts';
import { checkLint, checkTypes } from './check/tools.ts';
import { root } from './root.ts';

const checks: Readonly<Record<string, (root: string) => Promise<string | undefined>>> = {
  types: checkTypes,
  lint: checkLint,
  'package boundaries': checkBoundaries,
  'generated files': checkGenerated,
  'lock file': checkLockFile,
};

const findings = await Promise.all(
  Object.entries(checks).map(async ([name, check]) => {
    const finding = await check(root);
    console.log(`${finding === undefined ? 'ok    ' : 'failed'} ${name}`);
    return finding === undefined ? [] : [`\n── ${name} ──\n${finding.trimEnd()}`];
  }),
);
for (const finding of findings.flat()) console.log(finding);
process.exitCode = findings.flat().length === 0 ? 0 : 1;
