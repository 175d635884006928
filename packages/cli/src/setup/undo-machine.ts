/** Taking back what the set-up did to the machine itself, by its record, and only where nobody else has come to use it. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TidepoolError } from '@tidepool/core';
import { z } from 'zod';
import { apt } from '../preflight/apt.ts';
import { isAlive } from '../process-identity.ts';
import { endProcess, mountsIn, runningDaemons } from './incusd.ts';
import { listObjects } from './list-objects.ts';
import { packageStates } from './package-states.ts';
import type { Setup } from './setup.ts';
import type { Deeds } from './setup-record.ts';
import type { Survey } from './survey.ts';
import type { Removal } from './undo-objects.ts';

/** After what is ours in Incus has gone. Empty where nothing was done, or where somebody uses it: then it is said who. */
export async function machineRemovals(setup: Setup, survey: Survey): Promise<Removal[]> {
  const { record, directory, say } = setup;
  const deeds = record.read();
  if (deeds === null || directory === null) return [];
  const others = survey.server === null ? [] : await whatElseIsThere(setup);
  if (others.length > 0) {
    say(`Incus itself stays as it is, for it is used: ${others.join(', ')}.`);
    return [];
  }
  const neighbours = runningDaemons().flatMap((daemon) => (daemon.directory === directory ? [] : [daemon.directory]));
  const isAlone = neighbours.length === 0;
  if (!isAlone && deeds.packages.length + deeds.ids.length > 0) {
    say(`What was installed stays: another Incus daemon uses it, in ${neighbours.join(', ')}.`);
  }
  return [
    ...daemonRemovals(setup, deeds, isAlone),
    ...directoryRemovals(setup, directory, deeds),
    ...(isAlone ? [...(await packageRemovals(setup, deeds)), ...idRemovals(deeds)] : []),
  ];
}

const kinds = [
  'instances',
  'images',
  'profiles',
  'storage-pools',
  'networks',
  'network-acls',
  'projects',
  'certificates',
];
const named = z.object({ name: z.string().optional(), managed: z.boolean().optional() });

/** Everything but the default project and its profile, which every Incus has; what is in another project shows as that. */
async function whatElseIsThere({ incus, signal }: Setup): Promise<string[]> {
  const counts = await Promise.all(
    kinds.map(async (kind) => {
      const found = await listObjects(incus, `/1.0/${kind}`, named, signal);
      const isCommon = (name?: string) => (kind === 'projects' || kind === 'profiles') && name === 'default';
      const count = found.filter(({ name, managed }) => managed !== false && !isCommon(name)).length;
      return count === 0 ? [] : [`${count} ${kind}`];
    }),
  );
  const server = await incus.read('/1.0', z.object({ config: z.record(z.string(), z.unknown()) }), signal);
  const keys = Object.keys(server.value.config);
  return [...counts.flat(), ...(keys.length === 0 ? [] : [`the settings ${keys.join(' and ')}`])];
}

/** Only the very process that we started; lxcfs serves every container of the host, so it needs that there are no others. */
function daemonRemovals({ host }: Setup, { daemon, packages }: Deeds, isAlone: boolean): Removal[] {
  if (daemon?.by === 'systemd') {
    // Its package takes the service with it.
    if (packages.length > 0) return [];
    const carryOut = async () => {
      await host.run(['systemctl', 'stop', 'incus.service', 'incus.socket']);
      if (!daemon.wasEnabled) await host.run(['systemctl', 'disable', 'incus.socket', 'incus.service']);
    };
    return [{ will: 'stop the Incus daemon', carryOut }];
  }
  const incusd = daemon?.incusd ?? null;
  const lxcfs = daemon?.lxcfs ?? null;
  const ends = [
    ...(incusd !== null && isAlive(incusd) ? [{ name: 'the Incus daemon', identity: incusd }] : []),
    ...(lxcfs !== null && isAlone && isAlive(lxcfs) ? [{ name: 'lxcfs', identity: lxcfs }] : []),
  ];
  return ends.map(({ name, identity }) => ({
    will: `stop ${name}, which the set-up started`,
    async carryOut() {
      if (await endProcess(identity)) return;
      const fix = `See what keeps process ${identity.pid}, then run this again.`;
      throw new TidepoolError('runtime_unavailable', { detail: `${name} does not end.`, fix });
    },
  }));
}

function directoryRemovals({ host, say }: Setup, directory: string, { directory: before }: Deeds): Removal[] {
  if (before === 'used') return [];
  return [
    {
      will: before === 'absent' ? `remove ${directory}` : `empty ${directory}`,
      async carryOut() {
        for (const point of mountsIn(directory)) await host.run(['umount', point]);
        const left = mountsIn(directory);
        if (left.length > 0) say(`${directory} stays: ${left.join(', ')} is mounted.`);
        else if (before === 'absent') rmSync(directory, { recursive: true, force: true });
        else for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true, force: true });
      },
    },
  ];
}

async function packageRemovals({ host, say, signal }: Setup, { packages, source }: Deeds): Promise<Removal[]> {
  const states = await packageStates(host, packages);
  const installed = packages.filter((name) => (states.get(name) ?? 'not-installed') !== 'not-installed');
  const dependents = installed.length === 0 ? [] : await alsoRemoved(installed, signal);
  if (dependents.length > 0) say(`Packages stay: ${dependents.join(', ')} came later and needs them.`);
  const purge: Removal = {
    will: `remove the packages ${installed.join(', ')}`,
    async carryOut() {
      const { code, words } = await apt(['purge', '-y', ...installed], signal);
      if (code === 0) return;
      const fix = 'Mend that, then run this again.';
      throw new TidepoolError('runtime_unavailable', { detail: `apt-get could not remove packages: ${words}`, fix });
    },
  };
  const forget = (path: string): Removal => ({
    will: `remove the apt source ${path}`,
    async carryOut() {
      rmSync(path, { force: true });
      // Lists that nobody asks for any more do no harm, so it need not succeed.
      await apt(['update'], signal);
    },
  });
  return [
    ...(installed.length > 0 && dependents.length === 0 ? [purge] : []),
    ...(source !== null && dependents.length === 0 ? [forget(source)] : []),
  ];
}

/** What apt would take away beyond what was named: somebody's own packages that need ours. */
async function alsoRemoved(packages: readonly string[], signal: AbortSignal): Promise<string[]> {
  const { lines } = await apt(['-s', 'purge', ...packages], signal);
  const removed = lines.flatMap((line) => /^(?:Purg|Remv) (\S+)/.exec(line)?.[1] ?? []);
  return [...new Set(removed)].filter((name) => !packages.includes(name));
}

function idRemovals({ ids }: Deeds): Removal[] {
  return ids.map(({ file, line }) => ({
    will: `remove "${line}" from ${file}`,
    async carryOut() {
      const lines = readFileSync(file, 'utf8').split('\n');
      writeFileSync(file, lines.filter((known) => known !== line).join('\n'));
    },
  }));
}
