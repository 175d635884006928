/** All processes of one Tidepool: started in order, kept running, ended in order. */
import { join } from 'node:path';
import type { Config } from '@tidepool/core';
import type { Logger } from 'pino';
import { type Keeper, keep, type ProcessSpec, type StopRequest } from './keeper.ts';
import { clearLeftovers } from './leftovers.ts';
import { openLogFile } from './log-file.ts';
import { openProcessRecord } from './process-record.ts';
import { stopInstances } from './stop-instances.ts';
import { watchEndpoint } from './watch-endpoint.ts';

export interface Supervisor {
  /** A process that cannot stay up, with its last words; null while all is well. */
  failing(): { readonly name: string; readonly lastWords: readonly string[]; readonly log: string } | null;
  /** Ends everything, sandboxes too. */
  stop(say: (line: string) => void): Promise<void>;
  /** Ends the processes at once; sandboxes stay, and are adopted by the next start. */
  kill(): void;
}

/** How each is asked to end, in order, and how long it may take, in milliseconds. */
const endings: readonly { readonly name: string; readonly request: StopRequest; readonly patience: number }[] = [
  { name: 'server', request: { signal: 'SIGTERM' }, patience: 7_000 },
  { name: 'worker', request: { message: { type: 'shutdown', stopWorkspaces: true } }, patience: 90_000 },
  { name: 'queue', request: { signal: 'SIGTERM' }, patience: 3_000 },
  // Caddy would wait for open connections, whose other ends are gone by now.
  { name: 'caddy', request: { signal: 'SIGTERM' }, patience: 2_000 },
];

/** How often a process ends in a row before that is said. */
const tooOften = 4;

export async function supervise(config: Config, specs: readonly ProcessSpec[], log: Logger): Promise<Supervisor> {
  const record = openProcessRecord(config.paths.run, log);
  const caddyMark = specs.find(({ name }) => name === 'caddy')?.mark ?? null;
  const adopted = await clearLeftovers(record, { caddyMark, log });
  const keepers = new Map<string, Keeper>();
  for (const spec of specs) {
    const logFile = openLogFile(join(config.paths.logs, '_tidepool', `${spec.name}.jsonl`), spec.name);
    const adopt = spec.name === 'caddy' && adopted !== null ? { adopt: adopted } : {};
    keepers.set(spec.name, keep({ spec, logFile, record, log, ...adopt }));
  }
  const ending = new AbortController();
  const caddyGone = () => {
    log.error({ endpoint: config.caddy.admin }, 'Caddy lives and cannot be asked any more, started anew');
    keepers.get('caddy')?.renew();
  };
  void watchEndpoint(config.caddy.admin, caddyGone, ending.signal);
  return {
    failing() {
      const keeper = [...keepers.values()].find((each) => each.failures() >= tooOften);
      return keeper ? { name: keeper.name, lastWords: keeper.log.lastWords(), log: keeper.log.path } : null;
    },
    async stop(say) {
      ending.abort();
      for (const { name, request, patience } of endings) {
        if (name === 'worker') say('Stopping the workspaces…');
        await keepers.get(name)?.stop(request, patience);
        // A worker between two lives, or one that hangs, has stopped nothing.
        if (name === 'worker') await stopInstances(config, log);
      }
    },
    kill() {
      ending.abort();
      for (const keeper of keepers.values()) keeper.kill();
    },
  };
}
