/**
 * A repository in the project folder: all of it or nothing. It is cloned beside the folder, as a draft; what is whole is
 * renamed, and then moved in entry by entry, over nothing that is there. So a folder in use stays the same folder, its
 * owner's files stay theirs, and an attempt that was killed at any moment is continued or leaves nothing.
 *
 * All of it runs inside the instance, as its user, with the project folder as working directory. Attempts are told apart
 * by their fences: one that was overtaken finds its draft gone.
 */
import { catalogue, TidepoolError, type WorkspaceSource } from '@tidepool/core';
import type { Inside } from '../run-inside.ts';
import { gitFailure, plain } from './git-failure.ts';

/** Runs a command inside; `said` is called with what it writes to stderr, as it comes. */
export type RunInside = (command: readonly string[], said?: (text: string) => void) => Promise<Inside>;

/** Beside the folder, on the same disk. */
const drafts = '../.tidepool-source';

/**
 * Git without questions, in English, over HTTPS alone (redirects and whatever the user's own config rewrites included),
 * and not for ever without a byte (https://git-scm.com/docs/git#_environment_variables, git-config on `http.*`).
 */
const git = [
  ...['env', 'LC_ALL=C', 'GIT_TERMINAL_PROMPT=0', 'GIT_ALLOW_PROTOCOL=https'],
  ...['git', '-c', 'http.lowSpeedLimit=1', '-c', 'http.lowSpeedTime=60', '-c', 'advice.detachedHead=false'],
];

/** @throws TidepoolError `source_…` */
export async function cloneRepository(
  inside: RunInside,
  source: Pick<WorkspaceSource, 'git' | 'ref'>,
  attempt: number,
  progress: (text: string) => void,
): Promise<void> {
  const draft = `${drafts}/${attempt}.draft`;
  const whole = `${drafts}/${attempt}.whole`;
  const left = await wholeLeft(inside);
  if (left === null) {
    await removeDrafts(inside);
    if (await holds(inside, source.git)) return;
    await refuseUnlessEmpty(inside);
    await clone(inside, source, draft, progress);
    await refuseUnlessEmpty(inside);
    await rename(inside, draft, whole);
  } else if (left !== whole) {
    await rename(inside, left, whole);
  }
  await inside(['find', whole, '-mindepth', '1', '-maxdepth', '1', '-exec', 'mv', '-n', '--', '{}', '.', ';']);
  await removeDrafts(inside);
  if (!(await holds(inside, source.git))) throw new TidepoolError('source_folder_not_empty');
}

async function removeDrafts(inside: RunInside): Promise<void> {
  await inside(['rm', '-rf', '--', drafts]);
}

/** What attempts left that is not whole. What is whole, and perhaps moved in by half, is for the next one to move in. */
export async function removeHalves(inside: RunInside): Promise<void> {
  await inside([
    'find',
    drafts,
    '-mindepth',
    '1',
    '-maxdepth',
    '1',
    '-name',
    '*.draft',
    '-exec',
    'rm',
    '-rf',
    '{}',
    '+',
  ]);
  await inside(['rmdir', drafts]);
}

/** Of an attempt that ended while it moved it in. */
async function wholeLeft(inside: RunInside): Promise<string | null> {
  const { out } = await inside(['ls', '-A', drafts]);
  const name = out.split('\n').find((line) => /^\d+\.whole$/.test(line));
  return name === undefined ? null : `${drafts}/${name}`;
}

/** By an attempt that ended before it said so, or by its user's own hand. */
async function holds(inside: RunInside, url: string): Promise<boolean> {
  const { out } = await inside(['git', 'config', '--file', '.git/config', '--get', 'remote.origin.url']);
  return out.trim() === url;
}

async function refuseUnlessEmpty(inside: RunInside): Promise<void> {
  const { code, out } = await inside(['ls', '-A']);
  if (code !== 0 || out !== '') throw new TidepoolError('source_folder_not_empty');
}

/**
 * With all history and every branch: what was cloned is to be worked with, also without a connection. No submodules: they
 * name further hosts, and their owner fetches them with one command.
 */
async function clone(
  inside: RunInside,
  { git: url, ref }: Pick<WorkspaceSource, 'git' | 'ref'>,
  draft: string,
  progress: (text: string) => void,
): Promise<void> {
  // `--branch` takes branches and tags, and says before the download where there is none of that name; a commit is only
  // found in what came. The dashes behind it: never a path of that name.
  const isCommit = ref !== null && /^[0-9a-f]{7,64}$/i.test(ref);
  const which = ref === null ? [] : isCommit ? ['--no-checkout'] : [`--branch=${ref}`];
  await run(inside, [...git, 'clone', '--progress', '--origin=origin', ...which, '--', url, draft], progress);
  if (isCommit) await run(inside, [...git, '-C', draft, 'checkout', ref, '--'], progress);
}

async function run(inside: RunInside, command: readonly string[], progress: (text: string) => void): Promise<void> {
  const { code, errors } = await inside(command, progress);
  if (code !== 0) throw gitFailure(code, errors);
}

async function rename(inside: RunInside, from: string, to: string): Promise<void> {
  const { code, errors } = await inside(['mv', '--', from, to]);
  if (code === 0) return;
  throw new TidepoolError('source_failed', { detail: `${catalogue.source_failed.title}. ${plain(errors)}` });
}
