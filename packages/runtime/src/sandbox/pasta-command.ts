/** pasta's command line: a network namespace with a way out and, of the host, only the guest API's port. */
import { dnsAddress } from './wall.ts';

export interface PastaOptions {
  /** The host's loopback port that the guest reaches at its own 127.0.0.1. */
  readonly guestPort: number;
  /** Where DNS questions go; absent: to the host's resolver. */
  readonly resolver?: string;
}

export function pastaCommand({ guestPort, resolver }: PastaOptions, command: readonly string[]): string[] {
  return [
    'pasta',
    '--quiet',
    '--foreground',
    '--config-net',
    // The gateway's address would lead to the host itself.
    '--no-map-gw',
    ...['--tcp-ports', 'none', '--udp-ports', 'none', '--udp-ns', 'none', '--tcp-ns', String(guestPort)],
    ...['--dns-forward', dnsAddress],
    ...(resolver === undefined ? [] : ['--dns', resolver]),
    '--',
    // If pasta goes, so does the namespace's first process, and with it everything.
    ...['setpriv', '--pdeathsig', 'KILL', '--'],
    ...command,
  ];
}
