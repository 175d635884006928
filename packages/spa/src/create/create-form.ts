/** What is typed in «New workspace», checked by core's own schema while it is typed. */
import { type CreateWorkspaceBody, createWorkspaceBody, type Host } from '@tidepool/core';
import { memoryMessage, mibOfInput } from '../workspaces/size.ts';

export interface CreateInput {
  readonly name: string;
  readonly cpus: string;
  /** In GiB. */
  readonly memory: string;
  /** In GiB. */
  readonly disk: string;
  /** By name; null: the usual one. */
  readonly image: string | null;
}

export type CreateErrors = Partial<Record<Exclude<keyof CreateInput, 'image'>, string>>;

export interface CheckedCreate {
  readonly errors: CreateErrors;
  /** null where something is wrong. */
  readonly body: CreateWorkspaceBody | null;
}

const inputOf = { name: 'name', cpus: 'cpus', memoryMiB: 'memory', diskGiB: 'disk' } as const;

/** @param taken names in use */
export function checkCreate(input: CreateInput, taken: ReadonlySet<string>, host: Host | undefined): CheckedCreate {
  const { name, cpus, memory, disk, image } = input;
  const parsed = createWorkspaceBody.safeParse({
    name,
    ...(cpus.trim() === '' ? {} : { cpus: Number(cpus) }),
    ...(memory.trim() === '' ? {} : { memoryMiB: mibOfInput(memory) }),
    ...(disk.trim() === '' ? {} : { diskGiB: Number(disk) }),
    ...(image === null ? {} : { image }),
  });
  const errors: CreateErrors = {};
  for (const { path, message } of parsed.error?.issues ?? []) {
    const [key] = path;
    if (key === 'name' || key === 'cpus' || key === 'memoryMiB' || key === 'diskGiB') {
      errors[inputOf[key]] ??= key === 'memoryMiB' ? memoryMessage(message) : message;
    }
  }
  if (taken.has(name)) errors.name ??= 'Taken by one of your workspaces.';
  const budget = host?.capacity.budgetMiB;
  if (budget !== undefined && mibOfInput(memory) > budget) {
    errors.memory ??= `This host gives its workspaces ${Math.floor((budget / 1024) * 100) / 100} GiB together. Ask for less.`;
  }
  return { errors, body: parsed.success && Object.keys(errors).length === 0 ? parsed.data : null };
}
