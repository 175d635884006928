/** What a client sends. Forms check by the same schemas while they are typed. */
import { z } from 'zod';
import { gitSource } from './git-source.ts';
import { cpus, diskGiB, memoryMiB, portNumber, workspaceName } from './workspace.ts';

export const createWorkspaceBody = z.strictObject({
  name: workspaceName,
  cpus: cpus.optional(),
  memoryMiB: memoryMiB.optional(),
  diskGiB: diskGiB.optional(),
  /** The name of an image (its current version is taken). */
  image: z
    .string()
    .min(1, 'Name an image, or leave it out for the usual one.')
    .max(80, 'At most 80 characters.')
    .optional(),
  /** Cloned once into the empty project folder, inside the workspace. */
  source: gitSource.optional(),
});
export type CreateWorkspaceBody = z.infer<typeof createWorkspaceBody>;

export const updateWorkspaceBody = z
  .strictObject({ cpus: cpus.optional(), memoryMiB: memoryMiB.optional(), diskGiB: diskGiB.optional() })
  .refine(
    (body) => Object.keys(body).length > 0,
    'Name at least one field to change: "cpus", "memoryMiB" or "diskGiB".',
  );
export type UpdateWorkspaceBody = z.infer<typeof updateWorkspaceBody>;

/** One line, also in a terminal, where an escape sequence would be obeyed and a mark could show another word than is kept. */
const plainText = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u;

export const addPortBody = z.strictObject({
  port: portNumber,
  label: z
    .string()
    .trim()
    .min(1, 'A label is not empty. Leave it out instead.')
    .max(40, 'At most 40 characters.')
    .regex(plainText, 'One line of plain text, without control characters and marks that turn its direction.')
    .optional(),
  stripPrefix: z.boolean().default(true),
});
export type AddPortBody = z.input<typeof addPortBody>;
