/** The Git repository that a workspace may begin with, and what became of it. */
import { z } from 'zod';
import type { Status } from './lifecycle.ts';

/**
 * HTTPS only, and nothing that may hold a secret: the address is kept, shown and logged. In one spelling, so that it can
 * be compared with what Git notes in the clone.
 */
const gitUrl = z
  .string()
  .trim()
  .max(500, 'At most 500 characters.')
  .regex(/^https:\/\//i, 'Give an address that begins with https://, such as "https://example.org/team/project.git".')
  .refine((text) => URL.canParse(text), {
    message: 'This is no address. Give one such as "https://example.org/team/project.git".',
    abort: true,
  })
  .refine(
    (text) => new URL(text).username === '' && new URL(text).password === '',
    'No user name, password or token in the address: it is kept and shown. Sign in to Git inside the workspace instead.',
  )
  .refine(
    (text) => !/[?#]/.test(text),
    'No "?" or "#" in the address: what comes behind them may be a token, and Git needs neither.',
  )
  .overwrite((text) => (URL.canParse(text) ? new URL(text).href : text));

/** What `git check-ref-format` allows in a name, and never an option: https://git-scm.com/docs/git-check-ref-format */
const gitRef = z
  .string()
  .trim()
  .min(1, 'Leave it out for the default branch.')
  .max(200, 'At most 200 characters.')
  .regex(
    /^(?![-/.])(?!.*(?:\.\.|\/\/|@\{|\.lock(?:\/|$)|\/\.))[^\s\p{Cc}~^:?*[\\]+(?<![/.])$/u,
    'This is no name of a branch, a tag or a commit.',
  );

/** A Git repository to begin with. */
export const gitSource = z.strictObject({
  git: gitUrl,
  /** A branch, a tag or a commit; left out: what the repository calls its default. */
  ref: gitRef.optional(),
});

export const sourceStatuses = ['waiting', 'cloned', 'failed'] as const;
export type SourceStatus = (typeof sourceStatuses)[number];

/** What became of it. `waiting`: not tried yet. One that failed may be tried again while the workspace runs. */
export const workspaceSource = z.strictObject({
  git: z.string(),
  ref: z.string().nullable(),
  status: z.enum(sourceStatuses),
  error: z.strictObject({ code: z.string(), message: z.string(), fix: z.string() }).nullable(),
});
export type WorkspaceSource = z.infer<typeof workspaceSource>;

/** Why its repository may not be cloned now, in the reader's words; undefined where it may. */
export function whyNotClone(workspace: {
  readonly status: Status;
  readonly source: Pick<WorkspaceSource, 'status'> | null;
}): string | undefined {
  const { status, source } = workspace;
  if (source === null) return 'It began without a repository. Clone one in its terminal.';
  if (source.status === 'cloned') return 'Its repository is cloned already.';
  if (status !== 'running') return `It is ${status}. Its repository can be cloned while it is running.`;
  return undefined;
}
