import { expect, test } from 'vitest';
import { refusal } from './refusal.ts';

test.each([
  ['Debian', 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n'],
  ['Ubuntu', 'ID=ubuntu\nID_LIKE=debian\n'],
  ['what is made from them', 'ID=linuxmint\nID_LIKE="ubuntu debian"\n'],
])('root on %s may', (_, release) => {
  expect(refusal(true, release)).toBeNull();
});

test('another user is told how', () => {
  expect(refusal(false, 'ID=debian\n')).toContain('sudo npm run test:incus');
});

test.each([['ID=fedora\n'], ['']])('another system is told so: %j', (release) => {
  expect(refusal(true, release)).toContain('Debian and Ubuntu only');
});
