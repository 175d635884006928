/** Types by TypeScript, format and lint by Biome: what they say, where they are not content. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const deadlineMs = 300_000;

export function checkTypes(root: string): Promise<string | undefined> {
  return complaint(root, 'tsc', ['-p', '.', '--pretty', 'false']);
}

export function checkLint(root: string): Promise<string | undefined> {
  return complaint(root, 'biome', [
    'check',
    '--error-on-warnings',
    '--diagnostic-level=warn',
    '--max-diagnostics=100',
    '.',
  ]);
}

async function complaint(root: string, tool: string, args: readonly string[]): Promise<string | undefined> {
  const program = join(root, 'node_modules', '.bin', tool);
  const options = { cwd: root, timeout: deadlineMs, maxBuffer: 64 * 1024 * 1024 };
  // Both tools are found by their `#!/usr/bin/env node`, which must be the pinned one.
  const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH ?? ''}` };
  try {
    await promisify(execFile)(program, args, { ...options, env });
    return undefined;
  } catch (error) {
    const { stdout, stderr } = said.parse(error);
    return `${stdout}${stderr}`.trim() || String(error);
  }
}

const said = z.object({ stdout: z.string().default(''), stderr: z.string().default('') });
