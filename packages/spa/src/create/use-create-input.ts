/** What stands in the fields: what was typed, and until then what is offered. What is typed survives a reload. */
import type { Host } from '@tidepool/core';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useSearchParams } from 'react-router';
import { useDraft } from '../drafts/use-draft.ts';
import { useKnown } from '../live/hooks.ts';
import { useServices } from '../services/services.ts';
import { memoryInput } from '../workspaces/size.ts';
import { type CreateDraft, createDraft } from './create-draft.ts';
import { type CreateInput, hasCredentials } from './create-form.ts';
import { suggestName } from './suggest-name.ts';

export interface CreateInputState {
  readonly input: CreateInput;
  readonly draft: CreateDraft;
  readonly change: (change: Partial<CreateDraft>) => void;
  readonly suggestAnother: () => void;
  /** It was sent, or is not wanted any more. */
  readonly forget: () => void;
}

export function useCreateInput(host: Host | undefined): CreateInputState {
  const { value: draft, set, forget } = useDraft<CreateDraft>(createDraft, {});
  // An address with a token is shown and refused, but never kept.
  const [secretGit, setSecretGit] = useState<string | null>(null);
  const [seed, setSeed] = useState(Math.random);
  // Who wants another name than the repository's gets two words.
  const [isRolled, setRolled] = useState(false);
  const byId = useKnown(({ workspaces }) => workspaces);
  const git = secretGit ?? draft.git ?? '';
  const isTaken = (name: string) => [...byId.values()].some((each) => each.name === name);

  const change = ({ git: typed, ...others }: Partial<CreateDraft>) => {
    if (typed === undefined) return set({ ...draft, ...others });
    const isSecret = hasCredentials(typed);
    setSecretGit(isSecret ? typed : null);
    set({ ...draft, ...others, git: isSecret ? '' : typed });
  };
  const forgetAll = () => {
    setSecretGit(null);
    forget();
  };
  useAskedName((name) => change({ name }));
  useMadeMeanwhile(draft, forgetAll);
  return {
    input: {
      name: draft.name ?? suggestName({ seed, git: isRolled ? '' : git, isTaken }),
      cpus: draft.cpus ?? (host ? String(host.defaults.cpus) : ''),
      memory: draft.memory ?? (host ? memoryInput(host.defaults.memoryMiB) : ''),
      disk: host?.observed?.runtime.capabilities.diskLimit ? (draft.disk ?? String(host.defaults.diskGiB)) : null,
      image: draft.image ?? null,
      git,
      ref: draft.ref ?? '',
    },
    draft,
    change,
    suggestAnother: () => {
      setSeed(Math.random());
      setRolled(true);
      const { name: _, ...rest } = draft;
      set(rest);
    },
    forget: forgetAll,
  };
}

/** Its offer was closed and went on: what still stands in the form is on its way. */
function useMadeMeanwhile({ name }: CreateDraft, onMade: () => void): void {
  const { following } = useServices();
  const now = useSyncExternalStore(following.subscribe, following.get);
  const isMade = now?.wish.verb === 'create' && now.jobId !== null && now.wish.name === name;
  useEffect(() => {
    if (isMade) onMade();
  });
}

/** Whoever came by a link that names the workspace, such as «New workspace called xyz», means that name and no older one. */
function useAskedName(onAsked: (name: string) => void): void {
  const [query, setQuery] = useSearchParams();
  const asked = query.get('name');
  useEffect(() => {
    if (asked === null) return;
    onAsked(asked);
    // Taken over: after a reload, what was typed since is what counts.
    setQuery({}, { replace: true });
  });
}
