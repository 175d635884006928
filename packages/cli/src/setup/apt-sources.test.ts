import { expect, test } from 'vitest';
import { deriveSource, offersSuite, parseAptSources } from './apt-sources.ts';

const derive = (path: string, text: string) =>
  deriveSource(parseAptSources(path, text), 'bookworm', 'bookworm-backports');
const ours = '# Made by `tidepool setup incus`; `tidepool setup incus --undo` removes it.\n';

test('a deb822 source gives its archive, key and options to the derived one', () => {
  const text = `# the mirror of the office
Types: deb deb-src
URIs: http://mirror.example.org/debian http://deb.debian.org/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
Check-Valid-Until: no
`;
  expect(derive('debian.sources', text)).toBe(`${ours}Types: deb
URIs: http://mirror.example.org/debian http://deb.debian.org/debian
Suites: bookworm-backports
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
Check-Valid-Until: no
`);
});

test('a one-line source does too, its options under their long names', () => {
  const text = `deb [arch=amd64,i386 signed-by=/etc/keys/debian.gpg trusted=yes] mirror+file:/etc/apt/list bookworm main # ours
deb-src http://deb.debian.org/debian bookworm main
`;
  expect(derive('/etc/apt/sources.list', text)).toBe(`${ours}Types: deb
URIs: mirror+file:/etc/apt/list
Suites: bookworm-backports
Components: main
Architectures: amd64 i386
Signed-By: /etc/keys/debian.gpg
Trusted: yes
`);
});

test('a key that stands in the source itself is taken over with its lines', () => {
  const text = `Types: deb
URIs: http://deb.debian.org/debian
Suites: bookworm
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBGPL
 -----END PGP PUBLIC KEY BLOCK-----

Types: deb
URIs: http://example.org
Suites: other
Components: main
`;
  expect(derive('x.sources', text)).toContain(
    'Signed-By: -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBGPL\n -----END PGP PUBLIC KEY BLOCK-----\n',
  );
});

test.each([
  ['the security archive', 'deb http://security.debian.org/debian-security bookworm-security main'],
  ['sources only', 'deb-src http://deb.debian.org/debian bookworm main'],
  ['another component', 'deb http://deb.debian.org/debian bookworm contrib'],
  ['another release', 'deb http://deb.debian.org/debian trixie main'],
  ['a comment', '# deb http://deb.debian.org/debian bookworm main'],
  ['half a line', 'deb http://deb.debian.org/debian'],
])('%s is no source to derive from', (_, text) => {
  expect(derive('/etc/apt/sources.list', text)).toBeNull();
});

test('a source that is switched off neither offers its suite nor is derived from', () => {
  const text = (enabled: string) =>
    `Types: deb\nURIs: http://d\nSuites: bookworm bookworm-backports\nComponents: main\nEnabled: ${enabled}\n`;
  const on = parseAptSources('x.sources', text('yes'));
  const off = parseAptSources('x.sources', text('No'));
  expect([offersSuite(on, 'bookworm-backports'), offersSuite(off, 'bookworm-backports')]).toEqual([true, false]);
  expect(deriveSource(off, 'bookworm', 'bookworm-backports')).toBeNull();
});
