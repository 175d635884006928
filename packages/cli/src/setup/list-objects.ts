/** Everything of one kind in Incus. */
import type { IncusClient } from '@tidepool/runtime';
import { z } from 'zod';

/** @param path such as `/1.0/networks`, a project as its query. Where there is nothing, some kinds answer null. */
export async function listObjects<Schema extends z.ZodType>(
  incus: IncusClient,
  path: string,
  schema: Schema,
  signal: AbortSignal,
): Promise<z.infer<Schema>[]> {
  const address = `${path}${path.includes('?') ? '&' : '?'}recursion=1`;
  return (await incus.read(address, z.array(schema).nullable(), signal)).value ?? [];
}
