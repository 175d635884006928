/** What Tart can do on this Mac, and what of it is missing. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, TidepoolError } from '@tidepool/core';
import type { RuntimeInfo } from '../runtime.ts';
import { toolPath } from './tart-command.ts';
import type { TartHome } from './tart-home.ts';

const setUserId = 0o4000;

export async function describeTart(home: TartHome, signal: AbortSignal): Promise<RuntimeInfo> {
  const version = await tartVersion(home, signal);
  return {
    kind: 'tart',
    version: version ?? 'not installed',
    capabilities: {
      isolation: 'virtual-machine',
      limits: true,
      diskLimit: true,
      pause: false,
      snapshot: false,
      clone: true,
      console: false,
      usage: false,
      rootInside: true,
    },
    storage: null,
    findings: [...(version === null ? [missingTart] : []), ...softnetFindings(), openAddresses],
  };
}

async function tartVersion({ tart }: TartHome, signal: AbortSignal): Promise<string | null> {
  try {
    return (await tart.run(['--version'], signal)).trim();
  } catch (error) {
    if (error instanceof TidepoolError && error.code === 'runtime_missing') return null;
    throw error;
  }
}

function softnetFindings(): Finding[] {
  const paths = toolPath.split(':').map((directory) => join(directory, 'softnet'));
  const found = paths.flatMap((path) => {
    const file = statSync(path, { throwIfNoEntry: false });
    return file === undefined ? [] : [{ path, ready: file.uid === 0 && (file.mode & setUserId) !== 0 }];
  })[0];
  if (found?.ready) return [];
  const common = { id: 'tart.softnet', title: 'Softnet' };
  if (found === undefined) {
    const detail =
      'The program "softnet" is missing; without it no machine starts, because it would reach your network.';
    const commands = ['brew install cirruslabs/cli/softnet'];
    return [{ ...common, status: 'failed', detail, fix: 'Install it, then give it the rights it needs.', commands }];
  }
  const detail = `${found.path} is not owned by root with its set-user-id bit; unless sudo asks no password for it, no machine starts.`;
  const real = `"$(realpath ${found.path})"`;
  const commands = [`sudo chown root ${real}`, `sudo chmod u+s ${real}`];
  return [{ ...common, status: 'warning', detail, fix: 'Give it the rights it needs.', commands }];
}

const missingTart: Finding = {
  id: 'tart.program',
  title: 'Tart',
  status: 'failed',
  detail: 'The program "tart" cannot be run.',
  fix: 'Install it, or name it in TIDEPOOL_TART.',
  commands: ['brew install cirruslabs/cli/tart'],
};

/** Softnet lets everything in, and the editor asks no password: behind Caddy it needs none. */
const openAddresses: Finding = {
  id: 'tart.addresses',
  title: 'Addresses of workspaces',
  status: 'warning',
  detail: 'Whoever has an account on this Mac can open the editors of its workspaces, past the sign-in of Tidepool.',
  fix: 'Give no account on this Mac to people who may not do that; docs/tart.md says more.',
  commands: [],
};
