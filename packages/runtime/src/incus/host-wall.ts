/**
 * A table of our own in the firewall of the host, beside Incus's. Guests reach of the host its resolver on the bridge and
 * nothing else, whatever address it has; and of the host's users only root and the one who runs Caddy reach guests, because
 * an editor has no password. Only on the machine of the daemon, as root.
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { TidepoolError } from '@tidepool/core';

/** Named by the bridge, so that several daemons on one machine keep theirs apart. */
export function wallTable(network: string): string {
  return `tidepool_${network.replaceAll('-', '_')}`;
}

/** Replaces what is there in one transaction. @throws `runtime_unavailable` where nft fails */
export async function raiseWall(
  network: string,
  gateway: string,
  caddyUid: number,
  signal: AbortSignal,
): Promise<void> {
  await nft(['-f', '-'], hostWallRules(network, gateway, caddyUid), signal);
}

/** Whether the table is there with all its chains: an owner's `flush ruleset` takes it away. */
export async function isWallUp(network: string, signal: AbortSignal): Promise<boolean> {
  const { code, out } = await run(['list', 'table', 'inet', wallTable(network)], '', signal);
  return (
    code === 0 &&
    ['from_guest', 'to_guest', 'through'].every((chain) => out.includes(`chain ${chain} {`)) &&
    out.includes('skuid')
  );
}

export async function removeWall(network: string, signal: AbortSignal): Promise<void> {
  const table = `inet ${wallTable(network)}`;
  // Deleting what is not there fails: it is made first.
  await nft(['-f', '-'], `table ${table}\ndelete table ${table}\n`, signal);
}

export function hostWallRules(network: string, gateway: string, caddyUid: number): string {
  const table = `inet ${wallTable(network)}`;
  const users = [...new Set([0, caddyUid])].join(', ');
  return `table ${table}
delete table ${table}
table ${table} {
  chain from_guest {
    type filter hook input priority filter - 10; policy accept;
    iifname != "${network}" accept
    ct state established,related accept
    ip daddr ${gateway} meta l4proto { tcp, udp } th dport 53 accept
    udp dport 67 accept
    reject
  }
  chain to_guest {
    type filter hook output priority filter - 10; policy accept;
    oifname != "${network}" accept
    ct state established,related accept
    meta l4proto != { tcp, udp } accept
    udp sport 67 accept
    meta skuid != { ${users} } reject
  }
  chain through {
    type filter hook forward priority filter - 10; policy accept;
    oifname != "${network}" accept
    ct state established,related accept
    reject
  }
}
`;
}

async function nft(argv: readonly string[], input: string, signal: AbortSignal): Promise<void> {
  const { code, errors } = await run(argv, input, signal).catch((error: Error) => ({
    code: null,
    errors: error.message,
  }));
  if (code === 0) return;
  signal.throwIfAborted();
  const detail = `The wall between workspaces and this host cannot be raised: nft says ${errors.trim()}.`;
  throw new TidepoolError('runtime_unavailable', { detail });
}

async function run(argv: readonly string[], input: string, signal: AbortSignal) {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
  const child = spawn('/usr/sbin/nft', argv, { cwd: '/', env: {}, signal: limit });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const exit = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [out, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { code, out, errors };
}
