/** The programs of the host that sandboxes are made with, and what is missing of them. */
import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Finding } from '@tidepool/core';
import { toolEnvironment } from './launcher.ts';

/** Program → Debian package. */
export const sandboxTools = {
  pasta: 'passt',
  bwrap: 'bubblewrap',
  nft: 'nftables',
  socat: 'socat',
  ip: 'iproute2',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  flock: 'util-linux',
} as const;

export function toolFindings(): Finding[] {
  const missing = Object.entries(sandboxTools).filter(([tool]) => !isInstalled(tool));
  const findings = missing.map(([tool, packageName]): Finding => {
    const command = `apt-get install -y ${packageName}`;
    const detail = `"${tool}" is not on the PATH; sandboxes need it.`;
    return {
      id: `sandbox.${tool}`,
      title: tool,
      status: 'failed',
      detail,
      fix: `Install ${packageName}.`,
      commands: [command],
    };
  });
  return isTunOpen() ? findings : [...findings, closedTun];
}

/** Whether the sandbox user may open the device that pasta needs; without it pasta hangs instead of failing. */
export function isTunOpen(): boolean {
  const device = statSync('/dev/net/tun', { throwIfNoEntry: false });
  return device !== undefined && (device.mode & 0o006) === 0o006;
}

export const closedTun: Finding = {
  id: 'sandbox.tun',
  title: 'Network device /dev/net/tun',
  status: 'failed',
  detail: '/dev/net/tun is missing or not open to ordinary users, so a sandbox gets no network.',
  fix: 'Open it to ordinary users, as distributions do.',
  commands: ['modprobe tun', 'chmod 0666 /dev/net/tun'],
};

/** Such as `bubblewrap 0.8.0, pasta 2024_08_21`; without a version where a program was built not to know it. */
export async function toolVersions(signal: AbortSignal): Promise<string> {
  const firstLine = async (tool: string) => {
    const { stdout } = await promisify(execFile)(tool, ['--version'], {
      signal,
      timeout: 10_000,
      env: toolEnvironment,
    });
    return (
      stdout
        .split('\n')[0]
        ?.trim()
        .replace(/ unknown version$/, '') ?? ''
    );
  };
  const lines = await Promise.all(['bwrap', 'pasta'].filter(isInstalled).map(firstLine));
  return lines.join(', ') || 'not installed';
}

function isInstalled(tool: string): boolean {
  return toolEnvironment.PATH.split(':').some((directory) => {
    try {
      accessSync(join(directory, tool), constants.X_OK);
      return true;
    } catch {
      // Not in this directory, or not to be run by us: the next one.
      return false;
    }
  });
}
