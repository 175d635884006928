import { expect, test } from 'vitest';
import { gitFailure } from './git-failure.ts';

const unable = "fatal: unable to access 'https://example.org/a.git/': ";

// As Git 2.39 and 2.47 with libcurl's GnuTLS and OpenSSL say it.
test.each([
  [`${unable}Could not resolve host: example.org`, 'source_host_not_found'],
  [`${unable}Failed to connect to example.org port 443 after 3 ms: Couldn't connect to server`, 'source_unreachable'],
  [`${unable}Failed to connect to example.org port 443: Connection refused`, 'source_unreachable'],
  [`${unable}Connection timed out after 300000 milliseconds`, 'source_unreachable'],
  [`${unable}GnuTLS recv error (-54): Error in the pull function. Connection reset by peer`, 'source_unreachable'],
  [`${unable}server certificate verification failed. CAfile: none CRLfile: none`, 'source_certificate'],
  [`${unable}SSL certificate problem: self-signed certificate`, 'source_certificate'],
  [
    `${unable}SSL: no alternative certificate subject name matches target host name 'example.org'`,
    'source_certificate',
  ],
  [`${unable}The requested URL returned error: 403`, 'source_not_found'],
  [`${unable}The requested URL returned error: 500`, 'source_failed'],
  ["fatal: could not read Username for 'https://example.org': terminal prompts disabled", 'source_not_found'],
  ["fatal: Authentication failed for 'https://example.org/a.git/'", 'source_not_found'],
  ["remote: Not Found\nfatal: repository 'https://example.org/a.git/' not found", 'source_not_found'],
  [
    'warning: Could not find remote branch x to clone.\nfatal: Remote branch x not found in upstream origin',
    'source_ref_not_found',
  ],
  ["error: pathspec 'abc1234' did not match any file(s) known to git", 'source_ref_not_found'],
  ['fatal: write error: No space left on device\nfatal: index-pack failed', 'source_disk_full'],
  [`${unable}Operation too slow. Less than 1 bytes/sec transferred the last 60 seconds`, 'source_timeout'],
  ['fatal: index-pack died of signal 9', 'source_failed'],
])('%s is %s', (said, code) => {
  expect(gitFailure(128, said).code).toBe(code);
});

test('the last of what Git says itself is told; what the other side wants to be shown is not', () => {
  const said =
    'Cloning…\rremote: fatal: call 555-1234 for No space left on device\nfatal: first\nfatal: the\u001b[31m end\n';
  expect(gitFailure(128, said)).toMatchObject({
    code: 'source_failed',
    message: 'Git could not clone the repository. Git says: fatal: the [31m end',
  });
});

test('there may be no Git, or nothing said', () => {
  expect(gitFailure(127, 'env: git: No such file or directory').code).toBe('source_git_missing');
  expect(gitFailure(137, '').message).toBe('Git could not clone the repository. It ended with 137.');
});
