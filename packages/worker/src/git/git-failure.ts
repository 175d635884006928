/**
 * What went wrong with a clone, from what Git said. Git has no codes for it, so its words are read, in English (LC_ALL=C):
 * those of its own (builtin/clone.c, remote-curl.c, http.c), of libcurl's error buffer, and of the system.
 */
import { catalogue, type ErrorCode, TidepoolError } from '@tidepool/core';

/** The first that fits, from the most certain to the least. */
const signs: readonly (readonly [ErrorCode, RegExp])[] = [
  ['source_disk_full', /No space left on device|Disk quota exceeded/i],
  ['source_ref_not_found', /Remote branch .* not found|did not match any file\(s\) known to git|invalid reference/i],
  ['source_host_not_found', /Could not resolve host/i],
  ['source_certificate', /SSL certificate|certificate verification|certificate subject|certificate problem/i],
  [
    'source_not_found',
    /could not read (?:Username|Password)|Authentication failed|repository '.*' not found|returned error: (?:401|403|404|410)/i,
  ],
  ['source_timeout', /Operation too slow/i],
  [
    'source_unreachable',
    /Failed to connect|Couldn't connect|Could not connect|Connection (?:refused|timed out|reset)|No route to host|Network is unreachable|timed out|Empty reply|Could not resolve proxy/i,
  ],
];

/** Of Git's own words, in a message. */
const shownCharacters = 300;

/** @param said what Git wrote to stderr */
export function gitFailure(code: number, said: string): TidepoolError {
  if (code === 127) return new TidepoolError('source_git_missing');
  const errors = errorLines(said);
  const words = errors.join('\n');
  const [sign = 'source_failed'] = signs.find(([, pattern]) => pattern.test(words)) ?? [];
  const told = errors.at(-1) === undefined ? `It ended with ${code}.` : `Git says: ${errors.at(-1)}`;
  return new TidepoolError(sign, { detail: `${catalogue[sign].title}. ${told}` });
}

/** `fatal: …` and `error: …`: Git's own. What the other side wants to be shown begins with `remote:`, and is not. */
function errorLines(said: string): string[] {
  return said
    .split(/[\r\n]+/)
    .filter((line) => /^(?:fatal|error): /.test(line))
    .map((line) => plain(line).slice(0, shownCharacters));
}

/** Without control characters: parts of what Git says are the other side's. */
export function plain(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').trim();
}
