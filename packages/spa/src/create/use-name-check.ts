/** Whether a name is free, asked of the server while it is typed. Typing never waits for it, and an answer is only ever used for the name that it is about. */
import { useQuery } from '@tanstack/react-query';
import { type Workspace, workspaceName } from '@tidepool/core';
import { useRested } from '../components/use-rested.ts';
import { useKnown } from '../live/hooks.ts';
import { nameQuery } from '../live/list-queries.ts';
import { useServices } from '../services/services.ts';

export type NameCheck =
  /** `none`: no name that could be given. `unknown`: the server could not say. */
  | { readonly state: 'none' | 'checking' | 'free' | 'unknown' }
  | { readonly state: 'taken'; readonly workspace: Workspace };

const restMs = 250;

export function useNameCheck(name: string): NameCheck {
  const services = useServices();
  const rested = useRested(name, restMs);
  const isName = workspaceName.safeParse(rested).success;
  const { isFetching, isSuccess } = useQuery({ ...nameQuery(services, rested), enabled: isName });
  // Events keep it: a name is taken as soon as somebody takes it, and free as soon as its workspace is gone.
  const workspace = useKnown(({ workspaces }) => [...workspaces.values()].find((each) => each.name === name));
  if (workspace) return { state: 'taken', workspace };
  if (!workspaceName.safeParse(name).success) return { state: 'none' };
  if (rested !== name || isFetching) return { state: 'checking' };
  return { state: isSuccess ? 'free' : 'unknown' };
}
