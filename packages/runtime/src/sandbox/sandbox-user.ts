/** Who sandboxes run as: an ordinary user of their own where Tidepool runs as root, else Tidepool's own user. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { TidepoolError } from '@tidepool/core';

export const sandboxUserName = 'tidepool-sandbox';

export interface SandboxUser {
  readonly uid: number;
  readonly gid: number;
  /** Whether a process of ours has to become this user first. */
  readonly drop: boolean;
}

/** Makes the user where it is needed and missing. Safe when run twice at once. */
export async function ensureSandboxUser(): Promise<SandboxUser> {
  const found = findSandboxUser();
  if (found !== null) return found;
  const home = ['--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin'];
  const made = promisify(execFile)('useradd', ['--system', '--user-group', ...home, sandboxUserName], {
    timeout: 30_000,
  });
  // Another process may have been first: what counts is that the user is there.
  const failure = await made.then(
    () => null,
    (error: unknown) => error,
  );
  const user = findSandboxUser();
  if (user === null) {
    const detail = `The user ${sandboxUserName} could not be made.`;
    throw new TidepoolError('runtime_unavailable', { detail, cause: failure });
  }
  return user;
}

/** Null where it has not been made yet. */
export function findSandboxUser(): SandboxUser | null {
  const uid = process.getuid?.() ?? 0;
  if (uid !== 0) return { uid, gid: process.getgid?.() ?? uid, drop: false };
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${sandboxUserName}:`));
  const [, , userId, groupId] = line?.split(':') ?? [];
  return userId && groupId ? { uid: Number(userId), gid: Number(groupId), drop: true } : null;
}

/** For `spawn`: becomes the sandbox user, with no other groups (libuv drops them with the uid). */
export function asSandboxUser({ uid, gid, drop }: SandboxUser): { uid?: number; gid?: number } {
  return drop ? { uid, gid } : {};
}
