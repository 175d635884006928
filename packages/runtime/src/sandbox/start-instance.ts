/** Starting an instance: its files for this run, its wall, its limits, then the launch. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { TidepoolError } from '@tidepool/core';
import { asDiskFull } from '../file-errors.ts';
import { replaceFile } from '../replace-file.ts';
import type { ForStart, InstanceSpec } from '../runtime.ts';
import { bwrapCommand, guestScripts } from './bwrap-command.ts';
import { setLimits } from './cgroup.ts';
import { editorCommand } from './editor-command.ts';
import { writeGuestEtc } from './guest-etc.ts';
import type { HostNetworks } from './host-networks.ts';
import { freeMiB } from './instance-files.ts';
import { launch } from './launcher.ts';
import { networkCommand } from './network-command.ts';
import { makeRelayDirectory } from './relays.ts';
import { isUp, type RunRecord } from './run-record.ts';
import { requireInstance, type SandboxHome } from './sandbox-home.ts';
import type { SandboxUser } from './sandbox-user.ts';
import { closedTun, isTunOpen } from './tools.ts';
import { wallRules } from './wall.ts';

export async function startInstance(
  home: SandboxHome,
  spec: InstanceSpec,
  { fence, jobId, signal }: ForStart,
  networks: HostNetworks,
): Promise<RunRecord> {
  const { id } = spec;
  const { state } = home.paths(id);
  home.fences.raise(id, fence);
  requireInstance(home, id);
  const running = home.run(id);
  if (running !== null && isUp(state, running)) return running;
  if (!isTunOpen()) throw new TidepoolError('instance_failed', { detail: closedTun.detail });
  try {
    const command = prepare(home, spec, { fence, jobId }, networks);
    const logFile = join(spec.logDirectory, 'instance.log');
    return await launch({ ...command, state, logFile, signal });
  } catch (error) {
    if (error instanceof TidepoolError && error.code === 'instance_failed' && freeMiB(home.options.sandboxes) < 1) {
      throw new TidepoolError('disk_full', { cause: error });
    }
    throw asDiskFull(error);
  }
}

/** Writes what this run needs; gives the command, and who is to run it. */
function prepare(
  home: SandboxHome,
  spec: InstanceSpec,
  { fence, jobId }: { fence: number; jobId: string },
  networks: HostNetworks,
): { command: string[]; user: SandboxUser } {
  const { id, name, memoryMiB } = spec;
  const paths = home.paths(id);
  const user = home.user();
  const scripts = home.scripts();
  const runId = crypto.randomUUID();
  mkdirSync(spec.logDirectory, { recursive: true });
  makeRelayDirectory(home.relays(requireInstance(home, id)), user);
  replaceFile(paths.rules, wallRules(networks));
  const etc = { directory: paths.etc, files: writeGuestEtc(paths.etc, spec) };
  const image = home.imageTree(spec.image);
  const guest = { name, memoryMiB, image, home: paths.home, etc, scripts, runId };
  const inside = [
    'sh',
    join(scripts, 'namespace.sh'),
    paths.state,
    home.fences.directory(id),
    String(fence),
    jobId,
    runId,
    paths.rules,
  ];
  const network = { guestPort: home.options.guestPort, online: networks.online };
  const command = networkCommand(network, [
    ...inside,
    ...bwrapCommand(guest, editorCommand(name, guestScripts.editor)),
  ]);
  if ('reason' in home.cgroup) return { command, user };
  const group = setLimits(home.cgroup.base, home.cgroup.home, id, spec);
  return { command: [...joinGroup(group, user), ...command], user: { ...user, drop: false } };
}

/** Enters the group before anything else runs, then becomes the sandbox user, who may not enter groups. */
function joinGroup(group: string, { uid, gid, drop }: SandboxUser): string[] {
  const enter = ['/bin/sh', '-c', 'echo $$ >"$0" && exec "$@"', group];
  const become = ['setpriv', '--reuid', String(uid), '--regid', String(gid), '--clear-groups', '--'];
  return drop ? [...enter, ...become] : enter;
}
