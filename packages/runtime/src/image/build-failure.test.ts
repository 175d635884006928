import { TidepoolError } from '@tidepool/core';
import { expect, test } from 'vitest';
import { CommandFailed } from './build-command.ts';
import { explainFailure } from './build-failure.ts';

function explain(output: string): TidepoolError {
  const error = explainFailure(new CommandFailed(['npm', 'ci'], 'ended with 1', output), 'Compiling', '/x/failed.log');
  if (!(error instanceof TidepoolError)) throw new Error(`no TidepoolError: ${error}`);
  return error;
}

test.each([
  ['npm error request to https://x/y failed, reason: getaddrinfo EAI_AGAIN x', 'cannot be reached', 'proxy'],
  ['npm error code E404\nnpm error 404 Not Found - GET', 'refused a package', 'npm config get registry'],
  ['gyp ERR! stack Error: not found: make', 'no C++ compiler', 'apt-get install -y g++ make'],
  ['/bin/sh: 1: g++: not found', 'no C++ compiler', 'apt-get install -y g++ make'],
  ['gyp ERR! find Python Could not find any Python installation to use', 'no C++ compiler', 'python3'],
  ['../src/kerberos.h:4:10: fatal error: gssapi/gssapi.h: No such file or directory', 'a library', 'libkrb5-dev'],
  ['/usr/bin/ld: cannot find -lkrb5: No such file or directory', 'a library', 'libkrb5-dev'],
  ['unshare: failed to execute mmdebstrap: No such file or directory', 'a program', 'mmdebstrap'],
  ["E: Failed to fetch http://x/y  Temporary failure resolving 'x'", 'cannot be downloaded', 'apt-get update'],
  ['E: Unable to locate package python3-venv', 'a package', 'main component'],
  ['g++: fatal error: Killed signal terminated program cc1plus', 'the memory ran out', 'memory'],
])('«%s» is explained', (output, why, fix) => {
  const error = explain(output);
  expect(error).toMatchObject({ code: 'image_failed', message: expect.stringContaining(why) });
  expect(error.fix).toContain(fix);
});

test.each(['ENOSPC: no space left on device', 'cc1plus: error: No space left on device', 'Disk quota exceeded'])(
  '«%s» is a full disk, whatever else went wrong behind it',
  (words) => {
    expect(explain(`${words}\ngyp ERR! not found: make`).code).toBe('disk_full');
  },
);

test('an unknown failure gives the last words that look like one', () => {
  const error = explain('npm error something odd failed\nnpm error A complete log of this run can be found in: x\n');
  expect(error.message).toBe('The workspace image could not be built: something odd failed ("Compiling").');
  expect(error.fix).toContain('/x/failed.log');
});

test('what is no failed program stays as it is', () => {
  const bug = new TypeError('x is not a function');
  expect(explainFailure(bug, 'Compiling', '/x/failed.log')).toBe(bug);
});
