/** Requests per second of one URL, by wrk where it is installed and autocannon where not. Each in a process of its own. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);
const connections = 16;

export interface LoadGenerator {
  readonly name: string;
  /** @returns requests per second; rejects where anything but 2xx came back */
  measure(url: string, headers: Readonly<Record<string, string>>, seconds: number): Promise<number>;
}

/** autocannon is a Node process that competes with what it measures for the cores; wrk hardly does. */
export async function findLoadGenerator(): Promise<LoadGenerator> {
  try {
    await run('wrk', ['--version']);
  } catch (error) {
    // wrk ends with 1 after printing its version; only its absence is of interest.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return autocannon;
  }
  return wrk;
}

const wrk: LoadGenerator = {
  name: `wrk, 1 thread, ${connections} connections`,
  async measure(url, headers, seconds) {
    const lines = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
    const { stdout } = await run('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, ...lines, url]);
    const [, rate] = /Requests\/sec:\s+([\d.]+)/.exec(stdout) ?? [];
    if (rate === undefined || /Non-2xx|Socket errors/.test(stdout)) throw new Error(`wrk ${url}: ${stdout}`);
    return Number(rate);
  },
};

const report = z.object({ requests: z.object({ average: z.number() }), non2xx: z.number(), errors: z.number() });

const autocannon: LoadGenerator = {
  name: `autocannon, ${connections} connections`,
  async measure(url, headers, seconds) {
    const program = new URL('../node_modules/autocannon/autocannon.js', import.meta.url).pathname;
    const lines = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}=${value}`]);
    const options = ['--json', '--no-progress', '-c', String(connections), '-d', String(seconds), ...lines, url];
    const { stdout } = await run(process.execPath, [program, ...options], { maxBuffer: 16 * 1024 * 1024 });
    const { requests, non2xx, errors } = report.parse(JSON.parse(stdout));
    if (non2xx > 0 || errors > 0)
      throw new Error(`autocannon ${url}: ${non2xx} answers were not 2xx, ${errors} failed`);
    return requests.average;
  },
};
