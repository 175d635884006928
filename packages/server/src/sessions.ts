/**
 * Sessions: an empty file each, named by its token, which Caddy looks up by itself. Made for a page load that Caddy let in
 * by basic auth, touched daily, removed after 30 days without use or by signing out.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { sessionToken, TidepoolError } from '@tidepool/core';

export interface Sessions {
  /** @returns the new session's token. @throws TidepoolError `disk_full` */
  create(): Promise<string>;
  /** Whether the token's session lives; notes its use, at most once a day. */
  use(token: string): Promise<boolean>;
  /** Removing one that is not there is no error. */
  remove(token: string): Promise<void>;
  /** Removes those not used for 30 days. @returns how many */
  sweep(): Promise<number>;
}

const dayMs = 24 * 60 * 60 * 1000;
const keepMs = 30 * dayMs;

export function createSessions(parts: { readonly directory: string; readonly now?: () => number }): Sessions {
  const { directory, now = Date.now } = parts;
  const fileOf = (token: string) => join(directory, token);

  return {
    create: async () => {
      const token = randomBytes(32).toString('base64url');
      try {
        await mkdir(directory, { recursive: true, mode: 0o700 });
        await (await open(fileOf(token), 'wx', 0o600)).close();
      } catch (cause) {
        throw hasCode(cause, 'ENOSPC', 'EDQUOT') ? new TidepoolError('disk_full', { cause }) : cause;
      }
      return token;
    },
    use: async (token) => {
      const usedAt = await lastUse(token, fileOf);
      if (usedAt === undefined || now() - usedAt > keepMs) return false;
      if (now() - usedAt > dayMs) await utimes(fileOf(token), new Date(now()), new Date(now()));
      return true;
    },
    remove: async (token) => {
      if (sessionToken.test(token)) await rm(fileOf(token), { force: true });
    },
    sweep: async () => {
      const tokens = (await listed(directory)).filter((name) => sessionToken.test(name));
      let removed = 0;
      for (const token of tokens) {
        const usedAt = await lastUse(token, fileOf);
        if (usedAt === undefined || now() - usedAt <= keepMs) continue;
        await rm(fileOf(token), { force: true });
        removed += 1;
      }
      return removed;
    },
  };
}

async function lastUse(token: string, fileOf: (token: string) => string): Promise<number | undefined> {
  if (!sessionToken.test(token)) return undefined;
  try {
    return (await stat(fileOf(token))).mtimeMs;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}

async function listed(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
