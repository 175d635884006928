/** What Caddy makes of a file among the routes that is none. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from './ask.ts';
import { caddyVersions } from './caddy-versions.ts';
import { startTestbed, type Testbed } from './testbed.ts';

describe.each(caddyVersions)('stray files, Caddy $version', (caddy) => {
  let bed: Testbed;
  beforeAll(async () => {
    bed = await startTestbed({ ...caddy, routes: 'file' });
  });
  afterAll(() => bed?.end());

  const get = (path: string) => ask({ port: bed.input.ports.workspace, path, headers: { Cookie: bed.cookie } });

  test('a stray file is no route, and one that looks like an address is one where nobody listens', async () => {
    const directory = `${bed.input.directories.routes}/stray/ide`;
    mkdirSync(directory, { recursive: true });
    writeFileSync(`${directory}/.DS_Store`, '');
    writeFileSync(`${directory}/readme.txt`, '');
    expect((await get('/workspace/stray/')).status).toBe(404);
    writeFileSync(`${directory}/x:y`, '');
    expect((await get('/workspace/stray/')).status).toBe(502);
  });
});
