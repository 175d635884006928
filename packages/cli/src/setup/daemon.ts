/** A daemon that answers. One that runs already is used as it is, and never started anew. */
import { join } from 'node:path';
import { isOlder } from '@tidepool/core';
import { oldestVersion } from '@tidepool/runtime';
import { identify } from '../process-identity.ts';
import {
  defaultDirectory,
  findIncusd,
  lxcfsRuns,
  runningDaemons,
  startIncusd,
  startLxcfs,
  waitUntilReady,
} from './incusd.ts';
import type { Setup, Step } from './setup.ts';
import { asRoot } from './setup-command.ts';

export const daemon: Step = {
  id: 'incus.daemon',
  title: 'Incus daemon',
  isInside: false,
  look(setup, survey) {
    const { server, trouble } = survey;
    if (server !== null) {
      if (isOlder(server.version, oldestVersion)) {
        const detail = `Incus ${server.version} runs; ${oldestVersion} is the oldest that works.`;
        return { kind: 'blocked', detail, fix: 'Install a newer Incus, then run this again.' };
      }
      const detail = `Incus ${server.version} answers (${server.driver.replace(' | ', ' and ')}).`;
      if (survey.remote || lxcfsRuns(setup.host)) return { kind: 'done', detail };
      return { kind: 'warning', detail: `${detail} lxcfs does not run.`, fix: withoutLxcfs };
    }
    if (trouble !== null && (survey.remote || trouble.code !== 'runtime_missing')) {
      return { kind: 'blocked', detail: trouble.message, fix: trouble.fix };
    }
    const detail = 'It does not run.';
    if (!setup.host.isRoot) return { kind: 'blocked', detail, ...asRoot(setup) };
    const how = usesSystemd(setup) ? 'by systemd (incus.service)' : `in the background, in ${setup.directory}`;
    const lxcfs = usesSystemd(setup) || lxcfsRuns(setup.host) ? [] : ['start lxcfs in the background'];
    return { kind: 'todo', detail, will: [...lxcfs, `start the Incus daemon ${how}`] };
  },
  async apply(setup) {
    if (usesSystemd(setup)) await startService(setup);
    else await startItself(setup);
  },
};

const withoutLxcfs = 'Programs in containers will take the memory and the cores of the host for their own.';

/** Its unit knows one directory only. */
function usesSystemd({ host, directory }: Setup): boolean {
  return directory === defaultDirectory && host.exists('/run/systemd/system');
}

async function startService({ host, record, directory }: Setup): Promise<void> {
  const { code } = await host.run(['systemctl', 'is-enabled', '--quiet', 'incus.socket']);
  record.note({ daemon: { by: 'systemd', wasEnabled: code === 0 } });
  // What is asked for is whether it answers: that says more than what systemctl returns.
  await host.run(['systemctl', 'enable', '--now', 'incus.socket']);
  await host.run(['systemctl', 'start', '--no-block', 'incus.service']);
  await waitUntilReady(host, findIncusd(host) ?? 'incusd', directory ?? defaultDirectory);
}

async function startItself({ host, record, directory, env, say }: Setup): Promise<void> {
  const program = findIncusd(host);
  if (program === null || directory === null) throw new Error('the daemon is started before it is installed');
  const before = record.read()?.daemon;
  const ours = before?.by === 'itself' ? before : { by: 'itself' as const, incusd: null, lxcfs: null };
  record.note({ daemon: ours });
  const log = join(directory, 'lxcfs.log');
  const lxcfs = lxcfsRuns(host) ? ours.lxcfs : await startLxcfs(host, log);
  if (!lxcfsRuns(host)) say(`lxcfs does not start, see ${log}. ${withoutLxcfs}`);
  record.note({ daemon: { ...ours, lxcfs } });
  // After a kill between its start and this note it runs already, and is adopted.
  const running = runningDaemons().find((known) => known.directory === directory);
  const hasGroup = /^incus-admin:/m.test(host.read('/etc/group') ?? '');
  const incusd = running ? identify(running.pid) : startIncusd(program, directory, { hasGroup, env });
  record.note({ daemon: { by: 'itself', incusd, lxcfs } });
  await waitUntilReady(host, program, directory);
}
