/** Whether a sandbox can be made here: tried, as the user that sandboxes run as. */
import type { Host } from './host.ts';
import { type Check, type Look, ok, usesSandbox } from './look.ts';

const tunDevice = '/dev/net/tun';

export const checkTun: Check = async ({ host, config }) => {
  if (!usesSandbox(config)) return [];
  const common = { id: 'sandbox.tun', title: tunDevice };
  const device = host.stat(tunDevice);
  const sudo = host.isRoot ? '' : 'sudo ';
  const commands = [`${sudo}modprobe tun`, `${sudo}chmod 0666 ${tunDevice}`];
  const fix = 'Open it to ordinary users, as most distributions do.';
  if (device === null)
    return [{ ...common, status: 'failed', detail: 'It is missing; sandboxes get no network.', fix, commands }];
  if ((device.mode & 0o006) === 0o006) return [ok(common.id, common.title, 'It is open to the sandbox user.')];
  const detail = 'It is closed to ordinary users; sandboxes get no network.';
  return [{ ...common, status: 'failed', detail, fix, commands: commands.slice(1) }];
};

/** What is missing is no reason not to start, but to be known. */
export const checkLimits: Check = async ({ config, host }) => (usesSandbox(config) ? [host.limits()] : []);

/** A sandbox of nothing but pasta and bubblewrap. It says nothing where a program is missing: that is said already. */
export const checkSandbox: Check = async ({ host, config }) => {
  if (!usesSandbox(config)) return [];
  const common = { id: 'sandbox.try', title: 'A sandbox, tried' };
  const namespace = await host.run(['unshare', '--user', '--map-root-user', 'true'], { asSandbox: true });
  if (namespace.code === null) return [];
  if (namespace.code !== 0) return [{ ...common, status: 'failed', ...whyNoNamespaces(host, namespace.output) }];
  const bwrap = await host.run(bubblewrap, { asSandbox: true });
  if (bwrap.code === null) return [];
  if (bwrap.code !== 0) return [{ ...common, status: 'failed', ...whyNoNamespaces(host, bwrap.output) }];
  if (((host.stat(tunDevice)?.mode ?? 0) & 0o006) !== 0o006) return [];
  const pasta = await host.run([...pastaFlags, '--', ...bubblewrap], { asSandbox: true });
  if (pasta.code === null && !host.exists('/usr/bin/pasta')) return [];
  if (pasta.code === 0) return [ok(common.id, common.title, 'Namespaces, network and file system work.')];
  const detail = `It gets no network: ${lastLine(pasta.output)}`;
  const fix = 'See what forbids pasta to make one: a container, AppArmor or SELinux.';
  return [{ ...common, status: 'failed', detail, fix }];
};

const bubblewrap = [
  ...(['bwrap', '--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-uts', '--die-with-parent'] as const),
  ...(['--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', '--', 'true'] as const),
] as const;
const pastaFlags = [
  ...(['pasta', '--quiet', '--foreground', '--config-net', '--no-map-gw'] as const),
  ...(['--tcp-ports', 'none', '--udp-ports', 'none', '--tcp-ns', 'none', '--udp-ns', 'none'] as const),
] as const;

/** The switches by which systems forbid user namespaces, each with the setting that allows them. */
const switches = [
  {
    path: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    forbids: '1',
    setting: 'kernel.apparmor_restrict_unprivileged_userns=0',
    who: 'AppArmor forbids them to ordinary users, as on Ubuntu 23.10 and newer',
  },
  {
    path: '/proc/sys/kernel/unprivileged_userns_clone',
    forbids: '0',
    setting: 'kernel.unprivileged_userns_clone=1',
    who: 'the kernel forbids them to ordinary users',
  },
  {
    path: '/proc/sys/user/max_user_namespaces',
    forbids: '0',
    setting: 'user.max_user_namespaces=10000',
    who: 'the kernel allows none',
  },
] as const;

function whyNoNamespaces(host: Host, output: string): Pick<Look, 'detail' | 'fix' | 'commands'> {
  const closed = switches.find(({ path, forbids }) => host.read(path)?.trim() === forbids);
  if (closed === undefined) {
    const detail = `User namespaces cannot be made: ${lastLine(output)}`;
    return {
      detail,
      fix: 'Where this is a container, let it make user namespaces, or run Tidepool on the host itself.',
    };
  }
  const file = '/etc/sysctl.d/60-tidepool.conf';
  const write = `echo ${closed.setting} | ${host.isRoot ? '' : 'sudo '}tee ${file}`;
  return {
    detail: `User namespaces cannot be made: ${closed.who}.`,
    fix: 'Allow them.',
    commands: [write, `${host.isRoot ? '' : 'sudo '}sysctl -p ${file}`],
  };
}

function lastLine(output: string): string {
  return (
    output
      .split('\n')
      .findLast((line) => line.trim() !== '')
      ?.trim() ?? 'no reason was given'
  );
}
