/** What Tart's words on stderr mean. It exits with 2 where a machine is not there, not running or running already, else with 1. */
import { type ErrorCode, TidepoolError } from '@tidepool/core';

export interface Meaning {
  readonly words: RegExp;
  readonly code: ErrorCode;
  /** Where the catalogue's is about another runtime, or says too little. */
  readonly fix?: string;
  readonly passing?: boolean;
}

/** The first that fits counts. */
const meanings: readonly Meaning[] = [
  { words: /the specified VM ".*" does not exist/, code: 'instance_not_found' },
  { words: /VM ".*" is not running/, code: 'instance_not_running' },
  { words: /VM ".*" is (already )?running/, code: 'wrong_status' },
  { words: /exceeds the system limit/, code: 'vm_limit' },
  { words: /enough space|out of space|No space left/i, code: 'disk_full' },
  {
    words: /no IP address found/i,
    code: 'instance_no_address',
    fix: 'Let the image identify itself to DHCP by its MAC address, as docs/tart.md says, then retry.',
  },
  {
    words: /softnet/i,
    code: 'instance_failed',
    fix: 'Install Softnet and give it the rights it needs, as docs/tart.md says, then retry.',
  },
  {
    words: /SecKeyCreateRandomKey|generate keypair|Interaction is not allowed/i,
    code: 'instance_failed',
    fix: 'Log in at the screen of this Mac once, so that its login keychain is open, then retry.',
  },
  {
    words: /guest agent/i,
    code: 'runtime_unavailable',
    fix: 'Wait until the machine has booted; if it stays, see in docs/tart.md what an image needs.',
    passing: true,
  },
];

/** `what` is what was done, in a sentence; `said` what Tart wrote about it; `otherwise` what it is if that tells nothing. */
export function tartFailure(
  what: string,
  said: string,
  otherwise: Omit<Meaning, 'words'>,
  cause?: unknown,
): TidepoolError {
  const { code, fix, passing } = meanings.find(({ words }) => words.test(said)) ?? otherwise;
  const detail = [what, lastLines(said)].filter(Boolean).join(' ');
  return new TidepoolError(code, {
    detail,
    cause,
    ...(fix === undefined ? {} : { fix }),
    ...(passing === undefined ? {} : { passing }),
  });
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' ').slice(-600);
}
