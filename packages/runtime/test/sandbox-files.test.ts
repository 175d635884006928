/** What a guest sees as its machine, and what of the host it does not. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InstanceSpec } from '../src/runtime.ts';
import { at, job, openSandboxHarness, readLog, type SandboxHarness, waitFor } from './sandbox-harness.ts';

describe("a sandbox's file system", () => {
  let harness: SandboxHarness;
  let spec: InstanceSpec;

  beforeAll(async () => {
    harness = await openSandboxHarness();
    process.env.TIDEPOOL_TEST_SECRET = 'of the host';
    spec = await harness.started({ name: 'web-app' });
  });
  afterAll(async () => {
    delete process.env.TIDEPOOL_TEST_SECRET;
    await harness?.close();
  });

  const inside = (...command: string[]) => harness.run(spec.id, command);
  const shell = (script: string) => inside('bash', '-c', script);

  test('the user is dev, at home in /home/dev, in the project folder, on a machine named as the workspace', async () => {
    expect((await shell('whoami; id -u; echo ~; pwd; hostname; uname -n')).out).toBe(
      'dev\n1000\n/home/dev\n/home/dev/project\nweb-app\nweb-app\n',
    );
  });

  test('text is UTF-8, and the shell is bash', async () => {
    expect((await shell('locale charmap; echo $SHELL; printf ü | wc -m')).out).toBe('UTF-8\n/bin/bash\n1\n');
  });

  test("nothing of the host's environment is inside, in exec or in the editor", async () => {
    const { out } = await shell("cat /proc/*/environ | tr '\\0' '\\n' | sort -u");
    expect(out).toContain('TIDEPOOL_WORKSPACE=web-app');
    expect(out).not.toContain('of the host');
    expect(out).not.toContain(harness.directory);
  });

  test('exec has the environment that the editor has', async () => {
    const pick = 'env -u OLDPWD -u PWD -u SHLVL -u _ | sort';
    const editor = "tr '\\0' '\\n' </proc/$(pgrep -o socat)/environ | grep -v -E '^(OLDPWD|PWD|SHLVL|_)=' | sort";
    expect((await shell(editor)).out).toBe((await shell(pick)).out);
  });

  test('no process of the host is seen', async () => {
    const { out } = await shell('cat /proc/[0-9]*/cmdline | tr "\\0" " "');
    expect(out).not.toContain('vitest');
    expect(out).not.toContain('pasta');
    expect((await shell(`kill -0 ${process.pid}`)).code).not.toBe(0);
  });

  test.each([
    ['/root'],
    ['/var/lib'],
    ['/etc/shadow'],
    ['/etc/ssh'],
    ['/sys'],
    ['/mnt'],
    ['/boot'],
    ['/dev/net/tun'],
    ['/dev/kmsg'],
    ['/run/netns'],
  ])('%s of the host is not there', async (path) => {
    expect((await inside('test', '-e', path)).code).toBe(1);
  });

  test("neither this home of Tidepool nor the host's temporary files are there", async () => {
    expect((await inside('ls', '-A', '/tmp')).out).toBe('');
    expect((await inside('test', '-e', harness.directory)).code).toBe(1);
  });

  test.each([
    ['/', 'touch /file'],
    ['/usr', 'touch /usr/file'],
    ['/etc', 'touch /etc/file'],
    ['a file of /etc', 'echo x >> /etc/passwd'],
    ['the image', 'touch /opt/tidepool/file'],
    ['/run', 'touch /run/file'],
    ['/usr mounted anew', 'unshare -Urm sh -c "mount -o remount,rw,bind /usr && touch /usr/file"'],
    ['the image mounted anew', 'unshare -Urm sh -c "umount /opt/tidepool || mount -o remount,rw,bind /opt/tidepool"'],
    ['kernel settings', 'echo 1 > /proc/sys/kernel/core_pattern'],
  ])('%s cannot be written', async (_, script) => {
    expect((await shell(script)).code).not.toBe(0);
  });

  test('nobody becomes root inside: set-user-id programs do nothing, and no privileges can be gained', async () => {
    expect((await shell('grep NoNewPrivs /proc/self/status; grep CapEff /proc/self/status')).out).toMatch(
      /NoNewPrivs:\t1\nCapEff:\t0+\n/,
    );
    expect((await shell('grep NoNewPrivs /proc/$(pgrep -o socat)/status')).out).toMatch(/1\n$/);
    expect((await shell('su -c id root </dev/null')).code).not.toBe(0);
  });

  test('new files are readable by others, as a person expects', async () => {
    expect((await shell('touch new; stat -c %a new')).out).toBe('644\n');
  });

  test("the editor's output goes to the workspace's log", async () => {
    await waitFor(() => readLog(spec).includes('editor: '), 'the editor wrote');
    expect(readLog(spec)).toContain('--abs-proxy-base-path /workspace/web-app');
  });

  test('a first start brings what the image has for a new home, a later one changes nothing of it', async () => {
    const share = join(harness.directory, 'images/workspace-stand1in/share');
    mkdirSync(join(share, 'skel'), { recursive: true });
    writeFileSync(join(share, 'machine-settings.json'), '{"a": 1}');
    writeFileSync(join(share, 'skel/.bashrc'), 'echo of the image\n');
    writeFileSync(join(share, 'profile'), 'export OF_PROFILE=set\n');
    const other = await harness.started();
    const settings = '.local/share/code-server/Machine/settings.json';
    expect((await harness.run(other.id, ['sh', '-c', `cd; cat ${settings} .bashrc; echo $OF_PROFILE`])).out).toBe(
      '{"a": 1}echo of the image\nset\n',
    );
    await harness.run(other.id, ['sh', '-c', `cd; rm .bashrc; echo mine > ${settings}`]);
    const runtime = harness.open();
    await runtime.stop(other.id, at(1));
    await runtime.start(other, job(1));
    expect(await harness.run(other.id, ['sh', '-c', `cd; cat ${settings}; ls .bashrc`])).toMatchObject({
      out: 'mine\n',
      code: 2,
    });
  });

  test('what a first start could not give a new home whole, the next one gives', async () => {
    const share = join(harness.directory, 'images/workspace-stand1in/share');
    mkdirSync(join(share, 'skel'), { recursive: true });
    writeFileSync(join(share, 'machine-settings.json'), '{"a": 1}');
    writeFileSync(join(share, 'skel/.bashrc'), 'echo of the image\n');
    // Stands for a disk that is full: this file cannot be copied.
    writeFileSync(join(share, 'skel/.profile'), 'also\n', { mode: 0o000 });
    const other = await harness.started();
    const shown = ['sh', '-c', 'cd; cat .bashrc .profile; ls -A .local/share/code-server'];
    expect((await harness.run(other.id, shown)).out).toBe('Machine\n');
    // What somebody wrote meanwhile stays.
    await harness.run(other.id, ['sh', '-c', 'echo mine > ~/.bashrc']);
    chmodSync(join(share, 'skel/.profile'), 0o644);
    const runtime = harness.open();
    await runtime.stop(other.id, at(1));
    await runtime.start(other, job(1));
    expect((await harness.run(other.id, shown)).out).toBe('mine\nalso\nMachine\nhome-given\n');
    rmSync(share, { recursive: true });
  });

  test("a guest's symlinks lead no write of the host astray", async () => {
    const victim = join(harness.directory, 'victim');
    writeFileSync(victim, 'untouched');
    const other = await harness.started();
    await harness.run(other.id, [
      'sh',
      '-c',
      `cd; rm -rf project .local; ln -s ${victim} project; ln -s ${victim} .local; ln -s ${harness.directory} link`,
    ]);
    const runtime = harness.open();
    await runtime.stop(other.id, at(1));
    symlinkSync(victim, join(harness.sandboxes, other.id, 'home/.late'));
    await runtime.create(other, at(1));
    await runtime.start(other, job(1));
    await runtime.stop(other.id, at(1));
    await runtime.remove(other.id, at(1));
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect(statSync(victim)).toMatchObject({ uid: process.getuid?.(), mode: 0o100644 });
    expect(existsSync(harness.directory)).toBe(true);
  });

  test('a project folder that its owner has removed is made again', async () => {
    const other = await harness.started();
    await harness.run(other.id, ['sh', '-c', 'cd; rmdir project']);
    expect((await harness.run(other.id, ['pwd'])).out).toBe('/home/dev\n');
    const runtime = harness.open();
    await runtime.stop(other.id, at(1));
    await runtime.start(other, job(1));
    await waitFor(async () => (await harness.run(other.id, ['pwd'])).out === '/home/dev/project\n', 'it is there');
  });

  test('a home that its owner has closed to everyone is opened again at the next start', async () => {
    const other = await harness.started();
    const { code, err } = await harness.run(other.id, ['sh', '-c', 'echo kept > file && chmod 000 . ~']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const runtime = harness.open();
    await runtime.stop(other.id, at(1));
    await runtime.start(other, job(1));
    expect((await harness.run(other.id, ['sh', '-c', 'pwd; stat -c %a ~'])).out).toBe('/home/dev\n700\n');
    expect((await harness.run(other.id, ['sh', '-c', 'chmod u+rwx project; cat project/file'])).out).toBe('kept\n');
  });

  test('whatever a guest leaves behind is removed', async () => {
    const other = await harness.started();
    const script =
      'mkdir -p a/b/c d && touch a/b/c/file && ln -s / d/root && mkfifo d/pipe && chmod 000 a/b/c a/b a && chmod 555 d && touch -- -rf';
    expect((await harness.run(other.id, ['sh', '-c', script])).code).toBe(0);
    const runtime = harness.open();
    await runtime.stop(other.id, at(1));
    await runtime.remove(other.id, at(1));
    expect(existsSync(join(harness.sandboxes, other.id))).toBe(false);
    expect(readdirSync(join(harness.sandboxes, '.trash'))).toEqual([]);
  });
});
