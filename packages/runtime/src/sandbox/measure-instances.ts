/** What running sandboxes take: from their groups where they have limits, else from the processes of each. */
import { join } from 'node:path';
import type { InstanceUsage } from '../runtime.ts';
import { groupUsage } from './cgroup.ts';
import { instanceIds } from './instance-files.ts';
import { listeningPorts } from './listening-ports.ts';
import { cpuSecondsOf, ownMemoryMiB, type ProcessTable, readProcessTable, treeOf } from './process-usage.ts';
import type { RunRecord } from './run-record.ts';
import type { SandboxHome } from './sandbox-home.ts';

export function measureInstances(home: SandboxHome): InstanceUsage[] {
  let table: ProcessTable | null = null;
  return instanceIds(home.options.sandboxes).flatMap((id) => {
    const run = home.run(id);
    if (run === null) return [];
    const group = 'base' in home.cgroup ? groupUsage(join(home.cgroup.base, home.cgroup.home, id)) : null;
    table ??= group === null ? readProcessTable() : null;
    const taken = group ?? processUsage(run, table ?? new Map());
    // Nobody counts what a home takes on the disk, and walking through it costs more than the answer is worth.
    return [{ id, ...taken, diskMiB: null, listening: listeningPorts(run.pid) }];
  });
}

function processUsage(run: RunRecord, table: ProcessTable): Pick<InstanceUsage, 'cpuSeconds' | 'memoryMiB'> {
  // pasta too, which carries its traffic, where it is still the parent.
  const root = table.get(run.pid)?.parent === run.pasta ? run.pasta : run.pid;
  const pids = treeOf(root, table);
  return { cpuSeconds: cpuSecondsOf(pids, table), memoryMiB: ownMemoryMiB(pids) };
}
