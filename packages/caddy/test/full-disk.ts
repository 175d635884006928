/** Run in a mount namespace of its own by `file-routes.test.ts`: the file table on a disk with room for one route. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { TidepoolError } from '@tidepool/core';
import { createFileRoutes } from '../src/file-routes.ts';
import type { Route } from '../src/routes.ts';
import { unguarded } from '../src/unguarded.ts';

const [mountPoint = ''] = process.argv.slice(2);
// 9 files and directories: the root, `routes`, `.staging`, the first route's three, and three that are not enough for more.
execFileSync('mount', ['-t', 'tmpfs', '-o', 'nr_inodes=9', 'tmpfs', mountPoint]);
const directory = `${mountPoint}/routes`;
const routes = createFileRoutes({ directory, onStray: () => undefined });
const ide: Route = { port: 'ide', target: { kind: 'tcp', host: '10.4.0.7', port: 8080 }, stripPrefix: true };

await routes.replace('web', [ide], unguarded);
const errors = [await failure('notes'), await failure('web')];
const listed = await routes.list();
process.stdout.write(JSON.stringify({ errors, listed, staging: readdirSync(`${directory}/.staging`) }));

async function failure(workspace: string): Promise<string> {
  const wanted = [ide, ...[3000, 3001, 3002].map((port) => ({ ...ide, port }))];
  try {
    await routes.replace(workspace, wanted, unguarded);
    return 'none';
  } catch (error) {
    return error instanceof TidepoolError ? error.code : String(error);
  }
}
