/** What a failed build means to the person who reads it: one line of what happened, one of what to do. */
import { TidepoolError } from '@tidepool/core';
import { CommandFailed } from './build-command.ts';

interface Cause {
  readonly pattern: RegExp;
  readonly detail: string;
  readonly fix: string;
}

/** Debian's names. */
const nativePackages = 'g++ make python3 libkrb5-dev';

/** The first that matches what the program wrote. */
const causes: readonly Cause[] = [
  {
    pattern: /(failed to execute|spawn|exec) (mmdebstrap|zstd|tar)\b|zstd: Cannot exec/i,
    detail: 'a program that makes it is missing',
    fix: 'Install them: apt-get install -y mmdebstrap zstd tar',
  },
  {
    pattern:
      /Temporary failure resolving|E: Failed to fetch|Could not connect to|Cannot initiate the connection|Unable to connect to/i,
    detail: "the system's packages cannot be downloaded",
    fix: 'See whether `apt-get update` works on this machine: the image is made from its sources.',
  },
  {
    pattern: /E: Unable to locate package|E: Package .* has no installation candidate/i,
    detail: 'a package is not in the sources of this machine',
    fix: 'See which of them lack it: the image needs the main component of the release this machine runs.',
  },
  {
    pattern: /spawn npm ENOENT/,
    detail: 'npm is not on the PATH',
    fix: 'Install npm (it comes with Node), then start again.',
  },
  {
    pattern:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|network request failed/i,
    detail: 'the npm registry cannot be reached',
    fix: 'Check the network, or name a proxy (npm config set proxy …), and start again: what is downloaded is kept.',
  },
  {
    pattern: /\bE40[134]\b|40[134] (Forbidden|Unauthorized|Not Found)/,
    detail: 'the npm registry refused a package',
    fix: 'See which registry `npm config get registry` names, and whether it offers what images/workspace/package.json asks for.',
  },
  {
    pattern:
      /not found: make|make: (command )?not found|g\+\+: (command )?not found|c\+\+: not found|cannot execute .cc1plus|Could not find any Python/i,
    detail: 'no C++ compiler, make or Python is at hand',
    fix: `Install them: apt-get install -y ${nativePackages}`,
  },
  {
    pattern:
      /fatal error: \S+: No such file or directory|cannot find -l\S+|Package \S+ was not found in the pkg-config/i,
    detail: 'a library to compile with is missing',
    fix: `Install the libraries: apt-get install -y ${nativePackages}`,
  },
  {
    pattern: /Killed signal|virtual memory exhausted|out of memory|Cannot allocate memory|heap out of memory/i,
    detail: 'the memory ran out',
    fix: 'Free about 1 GiB of memory and start again.',
  },
];

/** `disk_full` and `image_failed`, each with what to do. Anything else stays as it is. `log`: where the whole output is. */
export function explainFailure(error: unknown, title: string, log: string): unknown {
  const output = error instanceof CommandFailed ? error.output : '';
  if (isDiskFull(error, output)) {
    const detail = `The disk is full: "${title}" could not be finished.`;
    return new TidepoolError('disk_full', { detail, fix: 'Free about 2 GiB and start again.', cause: error });
  }
  if (!(error instanceof CommandFailed)) return error;
  const cause = causes.find(({ pattern }) => pattern.test(output));
  const why = cause?.detail ?? lastWords(output, error);
  return new TidepoolError('image_failed', {
    detail: `The workspace image could not be built: ${why} ("${title}").`,
    fix: cause?.fix ?? `See ${log} for the whole output, then start again.`,
    cause: error,
  });
}

function isDiskFull(error: unknown, output: string): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' || /ENOSPC|No space left on device|Disk quota exceeded/i.test(output);
}

/** The last line that looks like an error; else the last of all. */
function lastWords(output: string, error: Error): string {
  const lines = output.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim());
  const told = lines.filter((line) => line !== '' && !/complete log of this run/.test(line));
  return told.findLast((line) => /error|fail|cannot|not /i.test(line)) ?? told.at(-1) ?? error.message;
}
