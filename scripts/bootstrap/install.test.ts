import { expect, test } from 'vitest';
import { explain } from './install.mjs';

test.each([
  ['ENOTFOUND', 'npm error code ENOTFOUND\nnpm error syscall getaddrinfo\nnpm error request failed', 'npm ping'],
  ['ECONNREFUSED', 'npm ERR! code ECONNREFUSED\nnpm ERR! request to a host failed', 'npm ping'],
  ['EUSAGE', 'npm error code EUSAGE\nnpm error\nnpm error `npm ci` can only install with a lock', 'npm install'],
  ['ENOSPC', 'npm error code ENOSPC\nnpm error nospc no space left on device', 'Free some space'],
  ['E404', 'npm error code E404\nnpm error 404 Not Found', 'npm config get registry'],
  ['unknown', 'Segmentation fault', 'npm ci'],
])('%s becomes one line with a fix', (code, stderr, fix) => {
  const line = explain(stderr);
  expect(line).toContain(`(${code}: `);
  expect(line).toContain(fix);
  expect(line).not.toContain('\n');
});
