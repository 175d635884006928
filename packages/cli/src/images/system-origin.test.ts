import { expect, test } from 'vitest';
import { fakeHost } from '../preflight/fake-host.ts';
import { parseAptSources } from '../setup/apt-sources.ts';
import { ofRelease, systemOrigin } from './system-origin.ts';

const deb822 = `Types: deb
URIs: http://mirror.lan/debian
Suites: bookworm bookworm-updates bookworm-backports
Components: main contrib
Signed-By: /etc/apt/keyrings/mirror.gpg

Types: deb
URIs: https://packages.example.org/tool
Suites: bookworm
Components: stable

Types: deb
Enabled: no
URIs: http://off.example.org/debian
Suites: bookworm-security
Components: main
`;

test('of all sources the release, its updates and its security fixes are taken, and nobody else', () => {
  const sources = ofRelease(parseAptSources('/etc/apt/sources.list.d/debian.sources', deb822), 'bookworm');
  expect(sources.map(({ uris, suites }) => [...uris, ...suites])).toEqual([
    ['http://mirror.lan/debian', 'bookworm', 'bookworm-updates'],
  ]);
});

const release = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n';

test('mirror, key and proxy of this machine are those of the build', async () => {
  const host = fakeHost({
    files: {
      '/etc/os-release': release,
      '/etc/apt/sources.list':
        'deb [signed-by=/etc/apt/keyrings/m.gpg] http://mirror.lan/debian bookworm main contrib\n',
    },
    answers: {
      'apt-config dump': {
        code: 0,
        output:
          'Acquire::http::Proxy "http://proxy.lan:3142";\nAcquire::Languages "none";\nAcquire::https::Verify-Peer "true";',
      },
    },
    missingPrograms: ['sources.list.d'],
  });
  expect(await systemOrigin(host)).toEqual({
    distribution: 'debian',
    release: 'bookworm',
    sources:
      'Types: deb\nURIs: http://mirror.lan/debian\nSuites: bookworm\nComponents: main\nSigned-By: /etc/apt/keyrings/m.gpg\n',
    aptOptions: ['Acquire::http::Proxy "http://proxy.lan:3142";', 'Acquire::https::Verify-Peer "true";'],
  });
});

test.each([
  ['ID=fedora\nPRETTY_NAME="Fedora 44"\n', 'this is Fedora 44'],
  ['ID=debian\nPRETTY_NAME="Debian"\n', 'this is Debian'],
  [release, 'No apt source of bookworm'],
])('without a release to build from it says so: %j', async (text, words) => {
  const host = fakeHost({ files: { '/etc/os-release': text }, missingPrograms: ['sources.list.d'] });
  await expect(systemOrigin(host)).rejects.toMatchObject({
    code: 'image_failed',
    message: expect.stringContaining(words),
  });
});
