/** Starting a daemon behind one that was killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { identify, isAlive } from '../src/process-identity.ts';
import { startIncusd } from '../src/setup/incusd.ts';

test('a start ends the dnsmasq that the daemon before it has left, and no other', async () => {
  const directory = mkdtempSync('/tmp/tp-');
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const others = dnsmasqOf(`${directory}-other`);
  const left = dnsmasqOf(directory);
  await Promise.all([left, others].map((each) => once(each, 'spawn')));
  const other = identify(others.pid ?? 0);
  const ended = once(left, 'exit');
  startIncusd('/bin/true', directory, { hasGroup: false, env: {} });
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(other !== null && isAlive(other)).toBe(true);
});

/** As /proc shows it. */
function dnsmasqOf(directory: string) {
  const file = `--dhcp-leasefile=${directory}/networks/one/dnsmasq.leases`;
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', '--', file], { argv0: 'dnsmasq' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
