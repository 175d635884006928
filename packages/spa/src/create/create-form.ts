/** What is typed in «New workspace», checked by core's own schema while it is typed. */
import { type CreateWorkspaceBody, createWorkspaceBody, type Host, type Problem } from '@tidepool/core';
import { fieldProblem } from '../api/problem-of.ts';
import { memoryMessage, mibOfInput } from '../workspaces/size.ts';

export interface CreateInput {
  readonly name: string;
  readonly cpus: string;
  /** In GiB. */
  readonly memory: string;
  /** In GiB; null: the runtime holds nobody to it, and it is not asked for. */
  readonly disk: string | null;
  /** By name; null: the usual one. */
  readonly image: string | null;
  /** The address of a repository; empty: an empty project folder. */
  readonly git: string;
  readonly ref: string;
}

export type CreateErrors = Partial<Record<keyof CreateInput, string>>;

export interface CheckedCreate {
  readonly errors: CreateErrors;
  /** null where something is wrong. */
  readonly body: CreateWorkspaceBody | null;
}

/** Where each part of the body is typed. */
const inputOf: Readonly<Record<string, keyof CreateInput>> = {
  name: 'name',
  cpus: 'cpus',
  memoryMiB: 'memory',
  diskGiB: 'disk',
  image: 'image',
  'source.git': 'git',
  'source.ref': 'ref',
};

export function checkCreate(input: CreateInput, host: Host | undefined): CheckedCreate {
  const { memory } = input;
  const parsed = createWorkspaceBody.safeParse(bodyOf(input));
  const errors: CreateErrors = {};
  for (const { path, message } of parsed.error?.issues ?? []) {
    const field = inputOf[path.join('.')];
    if (field !== undefined) errors[field] ??= field === 'memory' ? memoryMessage(message) : message;
  }
  const budget = host?.capacity.budgetMiB;
  if (budget !== undefined && mibOfInput(memory) > budget) {
    errors.memory ??= `This host gives its workspaces ${Math.floor((budget / 1024) * 100) / 100} GiB together. Ask for less.`;
  }
  if (input.git.trim() === '' && input.ref.trim() !== '')
    errors.git ??= 'Name the repository that this is a branch of.';
  return { errors, body: parsed.success && Object.keys(errors).length === 0 ? parsed.data : null };
}

/** What the server refused, at the fields that it is about. */
export function refusedFields(problem: Problem | null): CreateErrors {
  const errors: CreateErrors = {};
  for (const [name, field] of Object.entries(inputOf)) {
    const message = fieldProblem(problem, name);
    if (message !== undefined) errors[field] = message;
  }
  if (problem?.code === 'image_not_found') errors.image ??= problem.detail;
  return errors;
}

/** Whether an address holds what must not be kept, not even in this browser. */
export function hasCredentials(git: string): boolean {
  return /^[a-z+]+:\/\/[^/]*@/i.test(git.trim());
}

function bodyOf({ name, cpus, memory, disk, image, git, ref }: CreateInput) {
  return {
    name,
    ...(cpus.trim() === '' ? {} : { cpus: Number(cpus) }),
    ...(memory.trim() === '' ? {} : { memoryMiB: mibOfInput(memory) }),
    ...(disk === null || disk.trim() === '' ? {} : { diskGiB: Number(disk) }),
    ...(image === null ? {} : { image }),
    ...(git.trim() === '' ? {} : { source: { git, ...(ref.trim() === '' ? {} : { ref }) } }),
  };
}
