/**
 * A table of our own in the firewall of the host, beside Incus's. Guests reach of the host its resolver on the bridge and
 * nothing else, whatever address it has; and of the host's users only root and the one who runs Caddy reach guests, because
 * an editor has no password. Only on the machine of the daemon, as root.
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { TidepoolError } from '@tidepool/core';

const nftProgram = '/usr/sbin/nft';

/** Named by the bridge, so that several daemons on one machine keep theirs apart. */
export function wallTable(network: string): string {
  return `tidepool_${network.replaceAll('-', '_')}`;
}

export interface HostWall {
  /**
   * Makes it what it should be, in one transaction where it is not. Resolves with whether somebody else had changed it since
   * this process last put it up. @throws `runtime_not_set_up` without nftables, `runtime_unavailable` where nft fails
   */
  keep(gateway: string, caddyUid: number, signal: AbortSignal): Promise<boolean>;
}

export function createHostWall(network: string, program = nftProgram): HostWall {
  // What was asked of nft, and how it lists that itself: an emptied chain or another rule shows there.
  let up: { readonly rules: string; readonly listed: string } | null = null;
  // One after another: what one lists must be what it put up itself.
  let last: Promise<unknown> = Promise.resolve();
  const list = async (signal: AbortSignal) => {
    const { code, out } = await run(program, ['list', 'table', 'inet', wallTable(network)], '', signal);
    return code === 0 ? out : '';
  };
  const keep = async (rules: string, signal: AbortSignal) => {
    const known = up;
    const isIntact = known !== null && (await list(signal)) === known.listed;
    if (isIntact && known.rules === rules) return false;
    up = null;
    await apply(program, rules, signal);
    const listed = await list(signal);
    if (listed === '') throw unraised('nft does not list what it was given');
    up = { rules, listed };
    return known !== null && !isIntact;
  };
  return {
    keep(gateway, caddyUid, signal) {
      const rules = hostWallRules(network, gateway, caddyUid);
      const kept = last.catch(() => undefined).then(() => keep(rules, signal));
      last = kept;
      return kept;
    },
  };
}

export async function removeWall(network: string, signal: AbortSignal, program = nftProgram): Promise<void> {
  const table = `inet ${wallTable(network)}`;
  // Deleting what is not there fails: it is made first.
  await apply(program, `table ${table}\ndelete table ${table}\n`, signal);
}

function hostWallRules(network: string, gateway: string, caddyUid: number): string {
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

async function apply(program: string, input: string, signal: AbortSignal): Promise<void> {
  const { code, errors } = await run(program, ['-f', '-'], input, signal);
  if (code === 0) return;
  signal.throwIfAborted();
  throw unraised(`nft says ${errors.trim()}`);
}

/** Killed where it takes too long; it then has no code. */
async function run(program: string, argv: readonly string[], input: string, signal: AbortSignal) {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
  const child = spawn(program, argv, { cwd: '/', env: {}, signal: limit });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const exit = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  try {
    const [out, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
    return { code, out, errors };
  } catch (cause) {
    signal.throwIfAborted();
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw unraised(String(cause), cause);
    throw new TidepoolError('runtime_not_set_up', {
      detail: `The wall between workspaces and this host needs nftables, and there is no ${program}.`,
      fix: 'Install the package nftables, then retry.',
      cause,
    });
  }
}

function unraised(why: string, cause?: unknown): TidepoolError {
  const detail = `The wall between workspaces and this host cannot be raised: ${why}.`;
  return new TidepoolError('runtime_unavailable', { detail, cause });
}
