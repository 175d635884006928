/** What a worker keeps an eye on while it lives: runs that end by themselves, and the host's networks behind the walls. */

import { type AddressMonitor, sameNetworks } from './address-monitor.ts';
import { inNetwork, runTool } from './enter.ts';
import type { HostNetworks } from './host-networks.ts';
import { listInstances } from './instances.ts';
import { sweepTrash } from './remove-tree.ts';
import type { RunRecord } from './run-record.ts';
import { watchRun } from './run-watch.ts';
import type { SandboxHome } from './sandbox-home.ts';
import { hostSets } from './wall.ts';

export interface SandboxWatch {
  begin(changed: (id: string) => void, signal: AbortSignal): void;
  /** From now on the end of this instance's run is reported; does nothing before `begin`. */
  follow(id: string): void;
  /** Its end is no news: we are about to end it ourselves. */
  unfollow(run: RunRecord): void;
  /** Brings the wall of a run up to date that was started with `networks`. */
  catchUp(id: string, networks: HostNetworks): Promise<void>;
}

export function createSandboxWatch(home: SandboxHome, monitor: AddressMonitor): SandboxWatch {
  const { log } = home.options;
  const followed = new Map<string, AbortController>();
  let watching: { changed: (id: string) => void; signal: AbortSignal } | null = null;

  const follow = (id: string) => {
    const run = watching === null ? null : home.run(id);
    if (watching === null || run === null || followed.has(run.runId)) return;
    const { changed, signal } = watching;
    const ours = new AbortController();
    followed.set(run.runId, ours);
    const ended = () => {
      followed.delete(run.runId);
      changed(id);
    };
    watchRun(run, home.user().uid, home.paths(id).state, ended, AbortSignal.any([signal, ours.signal]));
  };

  const rebuild = async (id: string, networks: HostNetworks) => {
    const run = home.run(id);
    if (run === null) return;
    try {
      await runTool(inNetwork(run, ['nft', '-f', '-']), home.user(), hostSets(networks));
    } catch (error) {
      // One that has ended needs no wall; one that runs behind an old one must not stay unnoticed.
      if (home.run(id)?.runId === run.runId) log.error({ err: error, workspaceId: id }, 'wall not updated');
    }
  };

  return {
    begin(changed, signal) {
      watching = { changed, signal };
      const running = () => listInstances(home).filter(({ state }) => state === 'running');
      for (const { id } of running()) follow(id);
      const update = async (networks: HostNetworks) => {
        await Promise.all(running().map(({ id }) => rebuild(id, networks)));
      };
      void monitor.run(update, signal);
      sweepTrash(home.trash, signal).catch((error: unknown) => {
        if (!signal.aborted) log.warn({ err: error }, 'removed instances not swept');
      });
    },
    follow,
    unfollow(run) {
      followed.get(run.runId)?.abort();
      followed.delete(run.runId);
    },
    async catchUp(id, networks) {
      const now = monitor.known();
      if (now !== null && !sameNetworks(networks, now)) await rebuild(id, now);
    },
  };
}
