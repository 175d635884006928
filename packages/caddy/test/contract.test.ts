/** The contract of `Routes` against both adapters, each promise asked for through a real Caddy. */
import { routeTarget } from '@tidepool/core';
import { afterAll, beforeAll, describe } from 'vitest';
import { suspendedBefore, testRoutes } from '../src/contract.ts';
import { unguarded } from '../src/unguarded.ts';
import { ask } from './ask.ts';
import { setups } from './caddy-versions.ts';
import { suspendedAtAdmin } from './suspended-at-admin.ts';
import { startTestbed, type Testbed } from './testbed.ts';
import { echo, type Upstream } from './upstreams.ts';

describe.each(setups)('behind Caddy $version, routes: $routes', (caddy) => {
  let bed: Testbed;
  let upstreams: readonly [Upstream, Upstream, Upstream];
  beforeAll(async () => {
    bed = await startTestbed(caddy);
    upstreams = [await bed.upstream(), await bed.upstream('first'), await bed.upstream('second')];
  });
  afterAll(() => bed?.end());

  testRoutes(`${caddy.routes}, Caddy ${caddy.version}`, async () => {
    const [a, b, c] = upstreams;
    for (const { workspace } of await bed.routes.list()) await bed.routes.replace(workspace, [], unguarded);
    return {
      routes: bed.routes,
      targets: [a.target, b.target, c.target],
      suspended: () =>
        caddy.routes === 'admin' ? suspendedAtAdmin(bed) : Promise.resolve(suspendedBefore(bed.routes)),
      async ask(workspace, port, page) {
        const prefix = port === 'ide' ? `/workspace/${workspace}` : `/workspace/${workspace}/port/${port}`;
        const { status, body } = await ask({
          port: bed.input.ports.workspace,
          path: `${prefix}/${page}`,
          headers: { Cookie: bed.cookie },
        });
        if (status === 404) return null;
        const { from, url } = echo.parse(JSON.parse(body));
        return { target: routeTarget.parse(JSON.parse(from)), path: url };
      },
    };
  });
});
