import { expect, test } from 'vitest';
import { boundaryViolations, mayImport, type Repository } from './package-boundaries.ts';

function repository(path: string, code: string, more: Partial<Repository> = {}): Repository {
  return {
    files: [{ path, code }],
    manifests: [
      { path: 'packages/core/package.json', dependencies: ['zod'] },
      { path: 'packages/db/package.json', dependencies: ['@tidepool/core', 'better-sqlite3'] },
      { path: 'packages/server/package.json', dependencies: ['@tidepool/core', '@tidepool/db', 'express'] },
    ],
    devDependencies: ['vitest'],
    ...more,
  };
}

test.each([
  ['a package of the table', 'packages/server/src/a.ts', "import { x } from '@tidepool/db';"],
  ['a dependency, and a file within it', 'packages/server/src/a.ts', "import e from 'express/lib/application';"],
  ['its own files', 'packages/db/src/jobs/a.ts', "export * from '../index.ts';"],
  ['a builtin', 'packages/db/src/a.ts', "import { join } from 'node:path';"],
  ['its own inside, in a test', 'packages/db/test/a.test.ts', "import { x } from '../src/claim.ts';"],
  ['what the root brings, in a test', 'packages/db/src/a.test.ts', "import { test } from 'vitest';"],
  ['the environment in main.ts', 'packages/db/src/main.ts', 'parse(process.env);'],
  ['the environment in a comment', 'packages/db/src/a.ts', '// process.env is read by main.ts\nexport {};'],
  ['anything that belongs to no package', 'scripts/a.ts', "import '../packages/db/src/claim.ts'; process.env;"],
])('%s is allowed', (_, path, code) => {
  expect(boundaryViolations(repository(path, code))).toEqual([]);
});

test.each([
  ['a package that is not in its row', 'packages/db/src/a.ts', "import '@tidepool/queue';", 'may not import'],
  ['the same as a type', 'packages/db/src/a.ts', "import type { Q } from '@tidepool/queue';", 'may not import'],
  ['the same when it runs', 'packages/db/src/a.ts', "await import('@tidepool/queue');", 'may not import'],
  ['the same exported again', 'packages/db/src/a.ts', "export * from '@tidepool/queue';", 'may not import'],
  ['the same in a test', 'packages/db/test/a.test.ts', "import '@tidepool/queue';", 'may not import'],
  ['the inside of another', 'packages/server/src/a.ts', "import '@tidepool/db/src/claim.ts';", 'only the public index'],
  ['the inside by a path', 'packages/server/test/a.test.ts', "import '../../db/src/claim.ts';", 'lies outside'],
  ['what it does not name', 'packages/db/src/a.ts', "import 'express';", 'package.json does not name'],
  ['a test tool, in no test', 'packages/db/src/a.ts', "import 'vitest';", 'package.json does not name'],
  ['what is loaded in one place', 'packages/db/src/a.ts', "import { eq } from 'drizzle-orm';", 'take it from'],
  ['Node, in core', 'packages/core/src/a.ts', "import 'node:fs';", 'runs in a browser'],
  ['Node by its short name', 'packages/db/src/a.ts', "import 'fs';", 'write node:fs'],
  ['a main.ts', 'packages/db/src/a.ts', "import './main.ts';", 'never imported'],
  ['the environment', 'packages/db/src/a.ts', 'export const x = process.env.HOME;', 'only main.ts'],
])('%s is not', (_, path, code, why) => {
  expect(boundaryViolations(repository(path, code))).toEqual([expect.stringMatching(`^${path}: .*${why}`)]);
});

test.each([
  ['packages/db/package.json', ['@tidepool/server'], 'db may not depend on @tidepool/server'],
  ['packages/core/package.json', ['lodash'], 'core depends on nothing but zod'],
  ['packages/utils/package.json', [], 'not in the table'],
])('a package.json may not go beyond the table either: %s', (path, dependencies, why) => {
  const manifests = [{ path, dependencies }];
  expect(boundaryViolations({ files: [], manifests, devDependencies: [] })).toEqual([expect.stringContaining(why)]);
});

test('the table has no cycle', () => {
  const reaches = (from: string): string[] => (mayImport[from] ?? []).flatMap((to) => [to, ...reaches(to)]);
  for (const name of Object.keys(mayImport)) expect(reaches(name)).not.toContain(name);
});
