/** What Incus can do for us here, and what is not as it should be. */
import { type Finding, type Storage, TidepoolError } from '@tidepool/core';
import type { RuntimeInfo } from '../runtime.ts';
import { pool, poolSpace } from './client/replies.ts';
import type { IncusHome } from './incus-home.ts';
import { hasMachineImage } from './incus-images.ts';
import { chooseType, readServer } from './instance-type.ts';
import { isAway } from './persist.ts';
import { isHostsRoot, type Surroundings } from './surroundings/keep.ts';

/** @throws `runtime_missing`, `runtime_forbidden`, `runtime_too_old`, `runtime_unavailable` (passing) */
export async function describeIncus(
  home: IncusHome,
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<RuntimeInfo> {
  const { client } = home;
  const { config } = home.options;
  const server = await readServer(client, signal);
  const findings: Finding[] = [];
  const note = async (id: string, title: string, look: () => Promise<void>) => {
    try {
      await look();
    } catch (error) {
      if (!(error instanceof TidepoolError) || isAway(error)) throw error;
      findings.push({ id, title, status: 'failed', detail: error.message, fix: error.fix, commands: [] });
    }
  };
  await note('incus.setup', 'Bridge, project and profile in Incus', () => surroundings.mend(signal));
  const unlimited = surroundings.unlimited();
  if (unlimited !== null) {
    const { message: detail, fix } = unlimited;
    findings.push({ id: 'incus.quotas', title: 'Sizes of disks', status: 'warning', detail, fix, commands: [] });
  }
  let type = 'container';
  await note('incus.type', 'Virtual machines or containers', async () => {
    const machineImage = server.canRunMachines && (await hasMachineImage(client, config.project, signal));
    type = chooseType(config.type, server.canRunMachines, machineImage);
  });
  const storagePool = await client.find(`/1.0/storage-pools/${config.pool}`, pool, signal);
  if (storagePool === null) {
    findings.push({
      id: 'incus.pool',
      title: 'Storage pool in Incus',
      status: 'failed',
      detail: `Incus has no storage pool ${config.pool}.`,
      fix: 'Run `tidepool setup incus` on the host.',
      commands: ['tidepool setup incus'],
    });
  }
  if (home.local && !isHostsRoot(home)) {
    findings.push({
      id: 'incus.wall',
      title: 'Wall between workspaces and users of this host',
      status: 'warning',
      detail: 'Other users of this host can open the editors of workspaces: only root can keep them out.',
      fix: 'Run Tidepool as root, or let nobody else onto this host.',
      commands: [],
    });
  }
  return {
    kind: 'incus',
    version: server.version,
    capabilities: {
      isolation: type === 'container' ? 'system-container' : 'virtual-machine',
      limits: true,
      // A pool of plain directories has no quotas of its own.
      diskLimit: storagePool !== null && storagePool.value.driver !== 'dir',
      pause: true,
      snapshot: true,
      clone: true,
      console: true,
      usage: true,
      rootInside: true,
    },
    storage: storagePool === null ? null : await poolStorage(home, signal),
    findings,
  };
}

/** null for a pool that does not answer: what is wrong with it, a create will say. */
async function poolStorage({ client, options }: IncusHome, signal: AbortSignal): Promise<Storage | null> {
  const { pool: name } = options.config;
  const resources = await client.find(`/1.0/storage-pools/${name}/resources`, poolSpace, signal);
  if (resources === null) return null;
  const { used, total } = resources.value.space;
  const mebibytes = (bytes: number) => Math.max(0, Math.floor(bytes / 2 ** 20));
  return { name, totalMiB: mebibytes(total), freeMiB: mebibytes(total - used) };
}
