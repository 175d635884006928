import { expect, test } from 'vitest';
import { fakeHost } from '../preflight/fake-host.ts';
import { incusSource, readRelease } from './release.ts';

const source = (text: string, isRoot = true) =>
  incusSource(readRelease(fakeHost({ files: { '/etc/os-release': text } })), isRoot);

test.each([
  ['ID=debian\nVERSION_ID="12"', { kind: 'backports', suite: 'bookworm-backports', base: 'incus-base', full: 'incus' }],
  ['ID=debian\nVERSION_ID="13"', { kind: 'release', base: 'incus-base', full: 'incus' }],
  ['ID=debian\nPRETTY_NAME="Debian GNU/Linux forky/sid"', { kind: 'release', base: 'incus-base', full: 'incus' }],
  ['ID=ubuntu\nVERSION_ID="24.04"\nID_LIKE=debian', { kind: 'release', base: 'incus', full: 'incus' }],
])('%j installs from %j', (text, expected) => {
  expect(source(text)).toEqual(expected);
});

test.each([
  ['ID=debian\nVERSION_ID="11"\nPRETTY_NAME=Old', 'Old has no Incus; Debian 12 and newer have.', 0],
  ['ID=ubuntu\nVERSION_ID="22.04"\nPRETTY_NAME=Jammy', 'Jammy has no Incus; Ubuntu 24.04 and newer have.', 0],
  ['ID=linuxmint\nID_LIKE="ubuntu debian"\nPRETTY_NAME=Mint', 'on Debian and Ubuntu only; this is Mint', 2],
  ['ID=fedora\nPRETTY_NAME=Fedora', 'this is Fedora', 2],
  ['ID=plan9', 'this is plan9', 0],
])('%j is told why not, with commands where they are known', (text, why, commands) => {
  const found = source(text);
  expect(found).toMatchObject({ kind: 'none', why: expect.stringContaining(why) });
  expect(found.kind === 'none' && found.commands.length).toBe(commands);
});

test('an ordinary user gets the commands with sudo', () => {
  expect(source('ID=fedora', false)).toMatchObject({
    commands: [expect.stringMatching(/^sudo dnf install -y incus /), 'sudo systemctl enable --now incus.service'],
  });
});
