/** Where a running machine is reached. */
import { setTimeout as sleep } from 'node:timers/promises';
import { TidepoolError } from '@tidepool/core';
import { z } from 'zod';
import { runLog } from './run-log.ts';
import { isAlive, newestRun, type RunRecord } from './run-record.ts';
import { tartFailure } from './tart-failure.ts';
import type { TartHome } from './tart-home.ts';

const address = z.string().trim().pipe(z.ipv4());

/** @throws `instance_not_running`, why it ended where it did by itself, `instance_no_address` */
export async function addressOf(home: TartHome, id: string, signal: AbortSignal): Promise<string> {
  const run = newestRun(home.paths(id).runs);
  if (run === null) throw new TidepoolError('instance_not_running');
  for (const begin = performance.now(); ; await sleep(200, undefined, { signal })) {
    if (!(await isAlive(run, signal))) throw endOf(run);
    const waited = performance.now() - begin;
    const found =
      (await resolve(home, id, 'dhcp', signal)) ??
      (waited < home.limits.dhcpAlone ? null : await resolve(home, id, 'agent', signal));
    if (found !== null) return found;
    if (waited > home.limits.address) throw noAddress(waited);
  }
}

/** `dhcp` looks into the Mac's leases, which hold a MAC address only where the guest identifies itself by it; `agent` asks inside. */
async function resolve(
  { tart, vmName }: TartHome,
  id: string,
  resolver: 'dhcp' | 'agent',
  signal: AbortSignal,
): Promise<string | null> {
  try {
    return address.parse(await tart.run(['ip', vmName(id), '--resolver', resolver], signal, 10_000));
  } catch (error) {
    // What an agent says that is not up yet has many forms.
    const passing = ['instance_no_address', 'runtime_unavailable'];
    if (error instanceof TidepoolError && passing.includes(error.code)) return null;
    throw error;
  }
}

/** A limit of the system on virtual machines is met only after Tart has called the machine running. */
function endOf(run: RunRecord): TidepoolError {
  return tartFailure('The machine of the workspace has ended.', runLog(run), { code: 'instance_not_running' });
}

function noAddress(waitedMs: number): TidepoolError {
  const detail = `The machine of the workspace got no address in ${Math.round(waitedMs / 1000)} s.`;
  const fix = 'Let the image identify itself to DHCP by its MAC address, as docs/tart.md says, then retry.';
  return new TidepoolError('instance_no_address', { detail, fix });
}
