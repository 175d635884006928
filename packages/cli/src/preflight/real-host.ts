/** The machine that Tidepool stands on. */
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { findSandboxUser, limitsFinding } from '@tidepool/runtime';
import { z } from 'zod';
import { lookAtIncus } from '../setup/check-incus.ts';
import type { CommandResult, Host, PortState } from './host.ts';
import { existingPart } from './paths.ts';

/** Milliseconds that a program may take to answer. */
const deadline = 20_000;

export const realHost: Host = {
  platform: process.platform,
  arch: process.arch,
  isRoot: process.getuid?.() === 0,
  read(path) {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      // Not there, or nothing that this system shows us: both mean that nothing is known.
      return null;
    }
  },
  exists: existsSync,
  stat: (path) => statSync(path, { throwIfNoEntry: false }) ?? null,
  writable(path) {
    try {
      accessSync(path, constants.W_OK | constants.X_OK);
      return true;
    } catch {
      return false;
    }
  },
  async disk(path) {
    const { type, bavail, bsize } = await statfs(existingPart(path, existsSync));
    return { type, freeMiB: Math.floor((bavail * bsize) / 2 ** 20) };
  },
  run: runProgram,
  listen,
  limits: () => limitsFinding(),
  incus: (config) => lookAtIncus(config, realHost),
};

const exitCode = z.object({ code: z.int() });

function runProgram(
  [program, ...args]: readonly [string, ...string[]],
  { asSandbox = false } = {},
): Promise<CommandResult> {
  const user = asSandbox ? findSandboxUser() : null;
  const identity = user?.drop ? { uid: user.uid, gid: user.gid } : {};
  const options = { timeout: deadline, killSignal: 'SIGKILL' as const, cwd: '/', ...identity };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const output = `${stdout}\n${stderr}`.trim();
      // `code` is a number for a program that ended, and a name (ENOENT) for one that could not be run.
      const ended = error === null ? 0 : (exitCode.safeParse(error).data?.code ?? null);
      resolve({ code: ended, output: output === '' && error !== null && ended === null ? error.message : output });
    });
  });
}

const refusals: readonly PortState[] = ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL'];

function listen(host: string, port: number): Promise<PortState> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', (error) => {
      const code = 'code' in error ? error.code : undefined;
      resolve(refusals.find((refusal) => refusal === code) ?? 'other');
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve('free')));
  });
}
