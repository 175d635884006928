import { parseConfig } from '@tidepool/core';
import type { ImagePart } from '@tidepool/runtime';
import { expect, test } from 'vitest';
import { fakeHost, type Lack } from './fake-host.ts';
import { lookAtHost } from './look-at-host.ts';

function config(env: Record<string, string> = {}) {
  const around = { cwd: '/', homeDirectory: '/home/ann', isRoot: false, totalMemoryMiB: 16_000 };
  return parseConfig({ TIDEPOOL_HOME: '/srv/tp/home', ...env }, around);
}

/** What is wrong, and nothing else. */
async function wrong(
  lack: Lack,
  { env = {}, toBuild = ['tree'] }: { env?: Record<string, string>; toBuild?: readonly ImagePart[] } = {},
) {
  const findings = await lookAtHost(config(env), { toBuild }, fakeHost(lack));
  return findings.filter(({ status }) => status !== 'ok');
}

test('a machine that has everything has nothing wrong', async () => {
  expect(await wrong({})).toEqual([]);
});

test('a machine that cannot limit sandboxes is told so, and starts all the same', async () => {
  expect(await wrong({ limits: 'Counted only.' })).toMatchObject([
    { id: 'sandbox.limits', status: 'warning', detail: 'Counted only.' },
  ]);
});

test('all missing packages stand in one command', async () => {
  const found = await wrong({ missingPrograms: ['caddy', 'pasta', 'bwrap', 'make'] });
  expect(found.map(({ id }) => id)).toEqual(['caddy', 'program.pasta', 'program.bwrap', 'build.make']);
  for (const { status, commands } of found) {
    expect(status).toBe('failed');
    expect(commands).toEqual([
      'sudo apt-get update',
      'sudo apt-get install -y --no-install-recommends caddy passt bubblewrap make',
    ]);
  }
});

test.each([
  ['ID=fedora', ['sudo dnf install -y caddy iproute']],
  ['ID=rocky\nID_LIKE="rhel centos fedora"', ['sudo dnf install -y caddy iproute']],
  ['ID=arch', ['sudo pacman -S --needed caddy iproute2']],
  ['ID="opensuse-leap"\nID_LIKE="suse opensuse"', ['sudo zypper install -y caddy iproute2']],
  [
    'ID=ubuntu\nID_LIKE=debian',
    ['sudo apt-get update', 'sudo apt-get install -y --no-install-recommends caddy iproute2'],
  ],
])('%s gets the commands of its own package manager', async (release, commands) => {
  const found = await wrong({ files: { '/etc/os-release': release }, missingPrograms: ['caddy', 'ip'] });
  expect(found.find(({ id }) => id === 'caddy')?.commands).toEqual(commands);
});

test('an unknown system is told so, and nothing is guessed for it', async () => {
  const found = await wrong({
    files: { '/etc/os-release': 'ID=plan9\nPRETTY_NAME="Plan 9"' },
    missingPrograms: ['caddy'],
  });
  expect(found).toMatchObject([
    { id: 'system', status: 'warning', detail: expect.stringContaining('Plan 9') },
    { id: 'caddy', status: 'failed', fix: 'Install Caddy.', commands: [] },
  ]);
});

test('as root no command begins with sudo', async () => {
  const [found] = await wrong({ isRoot: true, missingPrograms: ['socat'] });
  expect(found?.commands).toContain('apt-get install -y --no-install-recommends socat');
});

test.each([
  [{ platform: 'darwin' }, 'Sandboxes need Linux'],
  [{ arch: 'riscv64' }, '64-bit Intel or ARM'],
])('a machine of another kind fails: %j', async (lack, detail) => {
  const found = await wrong(lack);
  expect(found[0]).toMatchObject({ id: 'system', status: 'failed', detail: expect.stringContaining(detail) });
});

test.each([
  ['2.6.1', 'too old'],
  ['v2.5.9 h1:abc', 'too old'],
  ['1.0.5', 'too old'],
  ['no version here', 'answered'],
])('a Caddy that says %j fails', async (output, detail) => {
  const found = await wrong({ answers: { 'caddy version': { code: 0, output } } });
  expect(found).toMatchObject([{ id: 'caddy', status: 'failed', detail: expect.stringContaining(detail) }]);
});

test.each(['2.6.2', 'v2.11.7 h1:abc', '3.0.0'])('a Caddy that says %j passes', async (output) => {
  expect(await wrong({ answers: { 'caddy version': { code: 0, output } } })).toEqual([]);
});

test.each(['2.6.2', 'v2.6.9'])('a Caddy that says %j fails where routes stand in its config', async (output) => {
  const lack = { answers: { 'caddy version': { code: 0, output } } };
  const found = await wrong(lack, { env: { TIDEPOOL_ROUTES: 'admin' } });
  const reason = expect.stringMatching(/closes all terminals/);
  expect(found).toMatchObject([
    { id: 'caddy', status: 'failed', detail: reason, fix: expect.stringMatching(/2\.6\.2/) },
  ]);
});

test.each(['v2.7.0', 'v2.11.7 h1:abc'])('a Caddy that says %j passes with routes in its config', async (output) => {
  const answers = { 'caddy version': { code: 0, output } };
  expect(await wrong({ answers }, { env: { TIDEPOOL_ROUTES: 'admin' } })).toEqual([]);
});

test('a Caddy named by its path is not installed for the reader', async () => {
  const answers = { '/opt/caddy version': { code: null, output: 'ENOENT' } };
  const [found] = await wrong({ answers }, { env: { TIDEPOOL_CADDY: '/opt/caddy' } });
  expect(found).toMatchObject({ id: 'caddy', fix: 'Correct TIDEPOOL_CADDY, or leave it out.', commands: [] });
});

test('what compiles the image is looked for only while there is none', async () => {
  const lack = { missingPrograms: ['c++', 'python3'] };
  const found = await wrong(lack);
  expect(found.map(({ id }) => id)).toEqual(['build.c++', 'build.python3']);
  expect(found[0]?.commands.at(-1)).toContain('g++ libkrb5-dev python3');
  expect(await wrong(lack, { toBuild: [] })).toEqual([]);
});

test('what makes the system of a machine is looked for only while that is to be made', async () => {
  const lack = { missingPrograms: ['mmdebstrap', 'zstd', 'c++'] };
  const found = await wrong(lack, { toBuild: ['machine'] });
  expect(found.map(({ id }) => id)).toEqual(['build.mmdebstrap', 'build.zstd']);
  expect(found[0]?.commands.at(-1)).toContain('mmdebstrap zstd');
  expect(await wrong(lack, { toBuild: [] })).toEqual([]);
});

test('missing headers are found by the compiler itself', async () => {
  const found = await wrong({ answers: { 'c++ -E': { code: 1, output: 'gssapi/gssapi.h: No such file' } } });
  expect(found).toMatchObject([{ id: 'build.kerberos', fix: 'Install the package libkrb5-dev.' }]);
});

test.each([
  ['kernel/apparmor_restrict_unprivileged_userns', '1\n', 'AppArmor', 'kernel.apparmor_restrict_unprivileged_userns=0'],
  ['kernel/unprivileged_userns_clone', '0\n', 'the kernel forbids', 'kernel.unprivileged_userns_clone=1'],
  ['user/max_user_namespaces', '0\n', 'allows none', 'user.max_user_namespaces=10000'],
])('forbidden user namespaces name their switch: %s', async (file, value, who, setting) => {
  const found = await wrong({
    files: { [`/proc/sys/${file}`]: value },
    answers: { bwrap: { code: 1, output: 'bwrap: setting up uid map: Permission denied' } },
  });
  expect(found).toMatchObject([{ id: 'sandbox.try', status: 'failed', detail: expect.stringContaining(who) }]);
  expect(found[0]?.commands).toEqual([
    `echo ${setting} | sudo tee /etc/sysctl.d/60-tidepool.conf`,
    'sudo sysctl -p /etc/sysctl.d/60-tidepool.conf',
  ]);
});

test('user namespaces that fail for no known reason say what the system said', async () => {
  const [found] = await wrong({ answers: { 'unshare --user': { code: 1, output: 'unshare: failed: Odd error' } } });
  expect(found?.detail).toContain('unshare: failed: Odd error');
});

test.each([
  [null, 'missing', ['sudo modprobe tun', 'sudo chmod 0666 /dev/net/tun']],
  [0o20600, 'closed', ['sudo chmod 0666 /dev/net/tun']],
])('a network device with mode %o is %s', async (mode, detail, commands) => {
  const found = await wrong({ modes: { '/dev/net/tun': mode } });
  expect(found).toMatchObject([{ id: 'sandbox.tun', detail: expect.stringContaining(detail), commands }]);
});

test('a network that cannot be made says why', async () => {
  const [found] = await wrong({ answers: { 'pasta --quiet': { code: 1, output: 'Failed to open tun socket' } } });
  expect(found).toMatchObject({ id: 'sandbox.try', detail: 'It gets no network: Failed to open tun socket' });
});

test('a taken port names its holder, and a free one instead', async () => {
  const found = await wrong({
    ports: { 8080: 'EADDRINUSE', 8180: 'EADDRINUSE' },
    answers: { 'ss -Hltnp': { code: 0, output: 'LISTEN 0 4096 *:8080 *:* users:(("nginx",pid=4242,fd=6))' } },
  });
  expect(found).toMatchObject([
    {
      id: 'port.8080',
      detail: 'Port 8080 is taken by nginx (process 4242).',
      fix: 'End that program, or take another port: TIDEPOOL_APP_PORT=8280 npm start',
    },
  ]);
});

test('a taken port whose holder nobody knows is still named', async () => {
  const [found] = await wrong({ ports: { 9324: 'EADDRINUSE' } });
  expect(found).toMatchObject({ id: 'port.9324', detail: 'Port 9324 is taken by another program.' });
});

test('the queue has no port where it is elsewhere', async () => {
  const env = { TIDEPOOL_QUEUE_URL: 'http://127.0.0.1:9324' };
  expect(await wrong({ ports: { 9324: 'EADDRINUSE' } }, { env })).toEqual([]);
});

test('a port for root only, and a foreign address, each say what to change', async () => {
  const [low] = await wrong({ ports: { 80: 'EACCES' } }, { env: { TIDEPOOL_APP_PORT: '80' } });
  expect(low?.fix).toBe('Take a port from 1024 on: TIDEPOOL_APP_PORT=8180 npm start');
  const [foreign] = await wrong({ ports: { 8080: 'EADDRNOTAVAIL' } }, { env: { TIDEPOOL_BIND: '203.0.113.9' } });
  expect(foreign?.fix).toContain('TIDEPOOL_BIND');
});

test.each([
  [{ unwritable: ['/srv/tp'] }, {}, 'cannot be written: /srv/tp is not yours'],
  [{ disk: { type: 0x6969 } }, {}, 'is on NFS'],
  [{ isRoot: true, modes: { '/srv': 0o40700 } }, {}, 'cannot enter /srv'],
  [{ files: { '/proc/mounts': '/dev/a / ext4 rw 0 0\n/dev/b /srv ext4 rw,noexec 0 0\n' } }, {}, 'mounted "noexec"'],
  [{}, { TIDEPOOL_HOME: `/srv/tp/${'a'.repeat(90)}` }, 'is too long'],
] as const)('a home that will not do says why: %j %j', async (lack, env, detail) => {
  const found = await wrong(lack, { env });
  expect(found).toMatchObject([{ id: 'home', status: 'failed', detail: expect.stringContaining(detail) }]);
  expect(found[0]?.fix).not.toBeNull();
});

test('a path of 107 bytes is the longest that a socket may have', async () => {
  const relay = '/relay/00000000/65535.sock';
  const longest = `/srv/${'a'.repeat(107 - relay.length - 5)}`;
  expect(await wrong({}, { env: { TIDEPOOL_HOME: longest } })).toEqual([]);
  expect(await wrong({}, { env: { TIDEPOOL_HOME: `${longest}a` } })).toMatchObject([{ id: 'home' }]);
});

test('too little disk fails a build and warns afterwards', async () => {
  const lack = { disk: { freeMiB: 900 } };
  expect(await wrong(lack)).toMatchObject([{ id: 'disk', status: 'failed', detail: expect.stringContaining('2048') }]);
  expect(await wrong(lack, { toBuild: [] })).toMatchObject([{ id: 'disk', status: 'warning' }]);
});

test('little memory, and a budget beyond it, are warnings', async () => {
  const files = { '/proc/meminfo': 'MemTotal:        4096000 kB\nMemAvailable:    512000 kB\n' };
  expect(await wrong({ files }, { env: { TIDEPOOL_MEMORY_MIB: '2000' } })).toMatchObject([
    { id: 'memory', status: 'warning', fix: expect.stringContaining('End other programs') },
  ]);
  expect(await wrong({ files }, { env: { TIDEPOOL_MEMORY_MIB: '9000' } })).toMatchObject([
    { id: 'memory', status: 'warning', fix: expect.stringContaining('TIDEPOOL_MEMORY_MIB') },
  ]);
});

test('without sandboxes nothing of them is asked for', async () => {
  const lack = { platform: 'darwin', missingPrograms: ['pasta', 'bwrap', 'c++'], modes: { '/dev/net/tun': null } };
  expect(await wrong(lack, { env: { TIDEPOOL_RUNTIME: 'fake' }, toBuild: [] })).toEqual([]);
});

test('the queue is asked only where one is named, and what it says stops no start', async () => {
  const url = { TIDEPOOL_QUEUE_URL: 'http://127.0.0.1:9400' };
  const said = {
    id: 'queue',
    title: 'Queue',
    status: 'warning',
    detail: 'Nothing listens at http://127.0.0.1:9400.',
    fix: 'Start the queue.',
    commands: ['npm run elasticmq -- --port 9400'],
  };
  const answers = { [process.execPath]: { code: 0, output: JSON.stringify(said) } };
  expect(await wrong({ answers })).toEqual([]);
  expect(await wrong({ answers }, { env: url })).toEqual([said]);
  expect(
    await wrong({ answers: { [process.execPath]: { code: null, output: 'ENOENT' } } }, { env: url }),
  ).toMatchObject([{ id: 'queue', status: 'warning', detail: 'It could not be asked: ENOENT' }]);
});
