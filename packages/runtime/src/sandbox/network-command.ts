/** The command line that makes a sandbox's network namespace, and runs a command as process 1 and root of it. */
import { dnsAddress } from './wall.ts';

export interface NetworkOptions {
  /** The host's loopback port that the guest reaches at its own 127.0.0.1. */
  readonly guestPort: number;
  /** Whether the host has a way out. */
  readonly online: boolean;
}

export function networkCommand({ guestPort, online }: NetworkOptions, command: readonly string[]): string[] {
  // If whoever made the namespace goes, so does its first process, and with it everything.
  const first = ['setpriv', '--pdeathsig', 'KILL', '--', ...command];
  return online ? withPasta(guestPort, first) : alone(first);
}

/** NAT to the internet by pasta, and of the host only the guest API's port. */
function withPasta(guestPort: number, command: readonly string[]): string[] {
  return [
    'pasta',
    '--quiet',
    '--foreground',
    '--config-net',
    // The gateway's address would lead to the host itself.
    '--no-map-gw',
    ...['--tcp-ports', 'none', '--udp-ports', 'none', '--udp-ns', 'none', '--tcp-ns', String(guestPort)],
    ...['--dns-forward', dnsAddress],
    '--',
    ...command,
  ];
}

/** On a host without a network pasta refuses to start. The editor works without one: on a train, too. */
function alone(command: readonly string[]): string[] {
  const namespaces = ['--user', '--map-root-user', '--net', '--pid', '--fork', '--kill-child', '--ipc', '--uts'];
  return ['unshare', ...namespaces, '--', ...command];
}
