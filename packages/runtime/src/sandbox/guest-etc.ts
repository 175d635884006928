/** The guest's `/etc`: some files of its own, and from the host only what programs need and what tells nothing about it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dnsAddress } from './wall.ts';

/** Where the image's tree stands inside. */
export const guestTree = '/opt/tidepool';

/** The user inside; outside it is the sandbox user. */
export const guestUser = {
  name: 'dev',
  uid: 1000,
  gid: 1000,
  home: '/home/dev',
  project: '/home/dev/project',
} as const;

/** Bound from the host where it has them: certificates, fonts, locales, the dynamic linker's cache, defaults of programs. */
export const hostEtc = [
  'alternatives',
  'bash.bashrc',
  'bash_completion.d',
  'ca-certificates',
  'ca-certificates.conf',
  'debian_version',
  'fonts',
  'host.conf',
  'inputrc',
  'java-17-openjdk',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'magic',
  'mime.types',
  'os-release',
  'pki',
  'profile',
  'profile.d',
  'protocols',
  'services',
  'shells',
  'skel',
  'ssl',
  'terminfo',
  'vim',
] as const;

/** Writes the files of its own into `directory`; gives their names. */
export function writeGuestEtc(directory: string, { id, name }: { id: string; name: string }): string[] {
  const { name: user, uid, gid, home } = guestUser;
  const files: Record<string, string> = {
    // localhost is IPv4 alone, so that what listens on "localhost" is reached at 127.0.0.1.
    hosts: `127.0.0.1 localhost ${name}\n::1 ip6-localhost\n`,
    hostname: `${name}\n`,
    'resolv.conf': `nameserver ${dnsAddress}\n`,
    passwd: `root:x:0:0:root:/root:/usr/sbin/nologin\n${user}:x:${uid}:${gid}::${home}:/bin/bash\nnobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n`,
    group: `root:x:0:\n${user}:x:${gid}:\nnogroup:x:65534:\n`,
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n',
    'machine-id': `${id
      .replaceAll(/[^0-9a-f]/g, '')
      .padEnd(32, '0')
      .slice(0, 32)}\n`,
  };
  mkdirSync(directory, { recursive: true });
  for (const [file, content] of Object.entries(files)) writeFileSync(join(directory, file), content, { mode: 0o644 });
  return Object.keys(files);
}
