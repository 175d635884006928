/** Which workspaces are made of which image: what the running Tidepool says. */
import { ApiError, type Config } from '@tidepool/core';
import { localApi } from '../commands/local-api.ts';
import { readCredentials } from '../home/secrets.ts';

/** Names by `workspace@<version>`; null where Tidepool does not run, but was started before and may have workspaces. */
export async function workspacesByImage(
  config: Config,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]> | null> {
  const credentials = readCredentials(config);
  if (credentials === null) return new Map();
  const api = localApi(config, credentials);
  const found = new Map<string, string[]>();
  try {
    for (let cursor: string | undefined; ; ) {
      const limits = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
      const query = { limit: '100', ...(cursor === undefined ? {} : { cursor }) };
      const page = await api('listWorkspaces', { query, signal: limits });
      for (const { image, name } of page.items) found.set(image, [...(found.get(image) ?? []), name]);
      if (page.nextCursor === null) return found;
      cursor = page.nextCursor;
    }
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}
