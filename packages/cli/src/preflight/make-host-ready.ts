/** As root, makes the machine what Tidepool needs, as far as that is nobody's decision but its own. */
import type { Config, Finding } from '@tidepool/core';
import { ensureSandboxUser } from '@tidepool/runtime';
import { apt } from './apt.ts';
import type { Host } from './host.ts';
import { usesSandbox } from './look.ts';
import { type LookOptions, look, toFindings } from './look-at-host.ts';
import { type PackageName, systemOf } from './packages.ts';
import { realHost } from './real-host.ts';

export interface ReadyOptions extends LookOptions {
  /** Tells what is being done. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** @returns what was found afterwards */
export async function makeHostReady(
  config: Config,
  { say, signal, ...options }: ReadyOptions,
  host: Host = realHost,
): Promise<Finding[]> {
  if (!host.isRoot || host.platform !== 'linux') return toFindings(await look(config, options, host), host);
  // The sandbox is tried as this user.
  if (usesSandbox(config)) await ensureSandboxUser();
  const before = await look(config, options, host);
  const missing = [...new Set(before.flatMap(({ packages }) => packages ?? []))];
  const closedTun = before.some(({ id, status }) => id === 'sandbox.tun' && status === 'failed');
  if (missing.length === 0 && !closedTun) return toFindings(before, host);

  const refusal = missing.length > 0 && systemOf(host).manager === 'apt' ? await install(missing, say, signal) : null;
  if (closedTun) await openTun(host);
  signal.throwIfAborted();
  const after = await look(config, options, host);
  return toFindings(after, host).map((finding) => {
    const lacks = after.find(({ id }) => id === finding.id)?.packages !== undefined;
    return lacks && refusal !== null ? { ...finding, detail: `${finding.detail} ${refusal}` } : finding;
  });
}

/** @returns why it failed, in apt's own words; null where it did not */
async function install(
  packages: readonly PackageName[],
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<string | null> {
  say(`Installing ${packages.join(', ')} …`);
  const argv = ['install', '-y', '--no-install-recommends', ...packages];
  // Lists may be missing or old: only then are new ones fetched.
  let done = await apt(argv, signal);
  if (done.code !== 0 && !signal.aborted) {
    await apt(['update'], signal);
    done = await apt(argv, signal);
  }
  if (done.code !== 0) return `apt-get could not install it: ${done.words}`;
  if (packages.includes('caddy')) await quietCaddyService(say);
  return null;
}

/** Debian's package starts a Caddy of its own on port 80. We have brought it, so we switch it off; one that was there stays. */
async function quietCaddyService(say: (line: string) => void): Promise<void> {
  if (!realHost.exists('/run/systemd/system')) return;
  const { code } = await realHost.run(['systemctl', 'disable', '--now', 'caddy.service']);
  if (code === 0) say("The service that Caddy's package started was switched off; Tidepool runs its own.");
}

async function openTun(host: Host): Promise<void> {
  if (!host.exists('/dev/net/tun')) await host.run(['modprobe', 'tun']);
  await host.run(['chmod', '0666', '/dev/net/tun']);
}
