/** What a worker keeps an eye on while it lives: instances that end by themselves, and what stands around them. */
import { followEvents, type IncusEvent } from './incus-events.ts';
import { type IncusHome, workspaceOf } from './incus-home.ts';
import type { Surroundings } from './surroundings/keep.ts';

export interface IncusWatch {
  begin(changed: (id: string) => void, signal: AbortSignal): void;
  /** Looks at what stands around instances and changes unheard. Does nothing before `begin`. */
  check(): void;
  /** While it runs, the end of this instance is no news: we are ending it ourselves. */
  expecting<T>(id: string, end: () => Promise<T>): Promise<T>;
}

const endings = new Set(['instance-stopped', 'instance-shutdown', 'instance-deleted', 'instance-paused']);
const changes = /^(network|network-acl|profile|project)-(created|updated|deleted|renamed)$/;
/** Of any project: they are rare. */
const unsettles = /^(network|image|image-alias)-/;

export function createIncusWatch(home: IncusHome, surroundings: Surroundings): IncusWatch {
  const { config, log } = home.options;
  const expected = new Map<string, number>();
  const count = (id: string, by: number) => expected.set(id, (expected.get(id) ?? 0) + by);

  let check = () => {};

  return {
    check: () => check(),
    begin(changed, signal) {
      let mending = Promise.resolve();
      // One of these after another; our own changes come back as news, once, and then find all right.
      const inTurn = (look: (signal: AbortSignal) => Promise<void>) => {
        mending = mending
          .then(() => look(signal))
          .catch((error: unknown) => {
            if (!signal.aborted) log.warn({ err: error }, 'what surrounds instances in Incus is not right');
          });
      };
      const mend = () => inTurn(surroundings.mend);
      const event = ({ project, metadata: { action, source } }: IncusEvent) => {
        const [, kind = '', name = ''] = /^\/1\.0\/([^/?]+)\/([^/?]+)/.exec(source) ?? [];
        if (unsettles.test(action)) home.memory.forget();
        const id = kind === 'instances' && project === config.project ? workspaceOf(name) : null;
        if (id !== null && endings.has(action)) {
          if ((expected.get(id) ?? 0) === 0) changed(id);
        } else if (changes.test(action) && isOurs(kind, name, project)) {
          mend();
        }
      };
      const isOurs = (kind: string, name: string, project: string) => {
        if (kind === 'projects') return name === config.project;
        return kind === 'profiles' ? project === config.project : name === config.network;
      };
      check = () => {
        if (!signal.aborted) inTurn(surroundings.check);
      };
      const connected = () => {
        home.memory.hears(true);
        mend();
      };
      void followEvents(home, { connected, cut: () => home.memory.hears(false), event }, signal);
      void surroundings.follow(signal);
    },
    async expecting(id, end) {
      count(id, 1);
      try {
        return await end();
      } finally {
        count(id, -1);
        if (expected.get(id) === 0) expected.delete(id);
      }
    },
  };
}
