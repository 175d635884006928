/** A daemon that answers. One that runs already is used as it is, and never started anew. */
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
import { asRoot } from './packages.ts';
import type { Setup, Step } from './setup.ts';
import { isOlderThan } from './survey.ts';

export const daemon: Step = {
  id: 'incus.daemon',
  title: 'Incus daemon',
  look(setup, survey) {
    const { server, trouble } = survey;
    if (server !== null) {
      if (isOlderThan(server.version, oldestVersion)) {
        const detail = `Incus ${server.version} runs; ${oldestVersion} is the oldest that works.`;
        return { kind: 'blocked', detail, fix: 'Install a newer Incus, then run this again.' };
      }
      return { kind: 'done', detail: `Incus ${server.version} answers (${server.driver.replace(' | ', ' and ')}).` };
    }
    if (trouble !== null && (survey.remote || trouble.code !== 'runtime_missing')) {
      return { kind: 'blocked', detail: trouble.message, fix: trouble.fix };
    }
    const detail = 'It does not run.';
    if (!setup.host.isRoot) return { kind: 'blocked', detail, ...asRoot };
    const how = usesSystemd(setup) ? 'by systemd (incus.service)' : `in the background, in ${setup.directory}`;
    const lxcfs = usesSystemd(setup) || lxcfsRuns(setup.host) ? [] : ['start lxcfs in the background'];
    return { kind: 'todo', detail, will: [...lxcfs, `start the Incus daemon ${how}`] };
  },
  async apply(setup) {
    if (usesSystemd(setup)) await startService(setup);
    else await startItself(setup);
  },
};

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

async function startItself({ host, record, directory }: Setup): Promise<void> {
  const program = findIncusd(host);
  if (program === null || directory === null) throw new Error('the daemon is started before it is installed');
  noteDirectory(record, directory);
  const before = record.read()?.daemon;
  const ours = before?.by === 'itself' ? before : { by: 'itself' as const, incusd: null, lxcfs: null };
  record.note({ daemon: ours });
  const lxcfs = lxcfsRuns(host) ? ours.lxcfs : await startLxcfs(host, join(directory, 'lxcfs.log'));
  record.note({ daemon: { ...ours, lxcfs } });
  // After a kill between its start and this note it runs already, and is adopted.
  const running = runningDaemons().find((known) => known.directory === directory);
  const hasGroup = /^incus-admin:/m.test(host.read('/etc/group') ?? '');
  const incusd = running ? identify(running.pid) : startIncusd(program, directory, hasGroup);
  record.note({ daemon: { by: 'itself', incusd, lxcfs } });
  await waitUntilReady(host, program, directory);
}

/** Before anything is put there. */
export function noteDirectory(record: Setup['record'], directory: string): void {
  if (record.read() !== null) return;
  const before = contentOf(directory);
  mkdirSync(dirname(directory), { recursive: true });
  record.note({ directory: before === null ? 'absent' : before.length === 0 ? 'empty' : 'used' });
}

function contentOf(directory: string): readonly string[] | null {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
