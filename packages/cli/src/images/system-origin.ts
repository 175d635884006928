/** The system that a workspace's machine is made of, and where its packages come from: both are this machine's own. */
import { TidepoolError } from '@tidepool/core';
import type { SystemOrigin } from '@tidepool/runtime';
import type { Host } from '../preflight/host.ts';
import type { AptSource } from '../setup/apt-sources.ts';
import { machineSources } from '../setup/packages.ts';
import { readRelease } from '../setup/release.ts';

/** @throws TidepoolError `image_failed` on a system of which no workspace is made */
export async function systemOrigin(host: Host): Promise<SystemOrigin> {
  const { id, codename, name } = readRelease(host);
  if ((id !== 'debian' && id !== 'ubuntu') || codename === '') {
    throw new TidepoolError('image_failed', {
      detail: `Workspaces on Incus are made of the release that builds them, Debian or Ubuntu; this is ${name}.`,
      fix: 'Run Tidepool on Debian or Ubuntu, or use sandboxes: TIDEPOOL_RUNTIME=sandbox',
    });
  }
  const sources = ofRelease(machineSources(host), codename);
  if (sources.length === 0) {
    throw new TidepoolError('image_failed', {
      detail: `No apt source of ${codename} was found on this machine.`,
      fix: 'Add one in /etc/apt/sources.list.d, then run this again.',
    });
  }
  return { distribution: id, release: codename, sources: format(sources), aptOptions: await aptOptions(host) };
}

/** The release, its updates and its security fixes, of all enabled sources; nobody else's packages. */
export function ofRelease(sources: readonly AptSource[], release: string): AptSource[] {
  const wanted = [release, `${release}-updates`, `${release}-security`];
  return sources
    .filter(({ enabled, types, components }) => enabled && types.includes('deb') && components.includes('main'))
    .map((source) => ({ ...source, suites: source.suites.filter((suite) => wanted.includes(suite)) }))
    .filter(({ suites }) => suites.length > 0);
}

/** sources.list(5), deb822. */
function format(sources: readonly AptSource[]): string {
  const stanzas = sources.map(({ uris, suites, components, options }) => {
    const open = components.filter((component) => component === 'main' || component === 'universe');
    const fields = { Types: 'deb', URIs: uris.join(' '), Suites: suites.join(' '), Components: open.join(' ') };
    return Object.entries({ ...fields, ...options }).map(([key, value]) => `${key}: ${value}`);
  });
  return `${stanzas.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** How this machine's apt reaches its mirrors: proxies, certificates. */
async function aptOptions(host: Host): Promise<string[]> {
  const { code, output } = await host.run(['apt-config', 'dump', '--no-empty', '--format', '%f "%v";%n', 'Acquire']);
  if (code !== 0) return [];
  return output.split('\n').filter((line) => /^Acquire::(http|https)::/.test(line));
}
