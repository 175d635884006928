/** What is typed in «Size», checked by core's own schema. */
import { type UpdateWorkspaceBody, updateWorkspaceBody, type Workspace } from '@tidepool/core';
import { memoryMessage, mibOfInput } from '../../workspaces/size.ts';

export interface SizeInput {
  readonly cpus: string;
  /** In GiB; null while it is not touched: what stands in the field is rounded. */
  readonly memory: string | null;
  /** In GiB. */
  readonly disk: string;
}

export interface CheckedSize {
  readonly errors: { cpus?: string; memory?: string; disk?: string };
  /** null where something is wrong or nothing differs. */
  readonly body: UpdateWorkspaceBody | null;
}

export function checkSize(input: SizeInput, now: Pick<Workspace, 'cpus' | 'memoryMiB' | 'diskGiB'>): CheckedSize {
  const cpus = numberOf(input.cpus);
  const diskGiB = numberOf(input.disk);
  const memoryMiB = input.memory === null ? now.memoryMiB : mibOfInput(input.memory);
  const changed = {
    ...(cpus === now.cpus ? {} : { cpus }),
    ...(memoryMiB === now.memoryMiB ? {} : { memoryMiB }),
    ...(diskGiB === now.diskGiB ? {} : { diskGiB }),
  };
  if (Object.keys(changed).length === 0) return { errors: {}, body: null };
  const parsed = updateWorkspaceBody.safeParse(changed);
  const errors: CheckedSize['errors'] = {};
  for (const { path, message } of parsed.error?.issues ?? []) {
    if (path[0] === 'cpus') errors.cpus ??= message;
    if (path[0] === 'diskGiB') errors.disk ??= message;
    if (path[0] === 'memoryMiB') errors.memory ??= memoryMessage(message);
  }
  // What lies on it has nowhere to go.
  if (diskGiB < now.diskGiB) errors.disk ??= `At least ${now.diskGiB}, which it has.`;
  return { errors, body: parsed.success && Object.keys(errors).length === 0 ? parsed.data : null };
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
