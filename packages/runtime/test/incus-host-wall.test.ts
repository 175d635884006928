/**
 * The host's own wall around the bridge: what somebody did to it is found and undone. In a network namespace, of which any
 * user is root: the firewall of this machine is left alone.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHostWall, removeWall, wallTable } from '../src/incus/host-wall.ts';

const signal = AbortSignal.timeout(120_000);
const network = 'tpwall0';
const table = wallTable(network);

let directory: string;
let holder: ChildProcess;
/** nft as it is on the host, in the namespace. */
let program: string;
const nft = (...argv: string[]) => execFileSync(program, argv, { encoding: 'utf8' });
const listed = () => nft('list', 'table', 'inet', table);

beforeEach(async () => {
  directory = mkdtempSync('/tmp/tp-');
  program = `${directory}/nft`;
  const argv = ['--user', '--map-root-user', '--net', 'sh', '-c', 'echo ready; exec sleep infinity'];
  holder = spawn('unshare', argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (holder.stdout !== null) await once(holder.stdout, 'data', { signal });
  const enter = `nsenter --target ${holder.pid} --user --net --preserve-credentials`;
  writeFileSync(program, `#!/bin/sh\nexec ${enter} /usr/sbin/nft "$@"\n`, { mode: 0o755 });
});

afterEach(() => {
  holder.kill('SIGKILL');
  rmSync(directory, { recursive: true });
});

test('emptied chains, an added rule and a deleted table are put right', async () => {
  const wall = createHostWall(network, program);
  expect(await wall.keep('10.77.0.1', 7, signal)).toBe(false);
  const whole = listed();
  expect(whole).toContain('skuid != { 0, 7 }');
  expect(await wall.keep('10.77.0.1', 7, signal)).toBe(false);
  const edits = [
    ['flush', 'chain', 'inet', table, 'from_guest'],
    ['insert', 'rule', 'inet', table, 'to_guest', 'accept'],
    ['delete', 'table', 'inet', table],
  ];
  for (const edit of edits) {
    nft(...edit);
    expect(await wall.keep('10.77.0.1', 7, signal)).toBe(true);
    expect(listed()).toBe(whole);
  }
});

test('what another process left open is replaced, and a new gateway is followed', async () => {
  await createHostWall(network, program).keep('10.77.0.1', 7, signal);
  nft('flush', 'chain', 'inet', table, 'through');
  const wall = createHostWall(network, program);
  await wall.keep('10.77.0.1', 7, signal);
  expect(listed()).toMatch(/chain through \{[^}]*reject/);
  expect(await wall.keep('10.88.0.1', 7, signal)).toBe(false);
  expect(listed()).toContain('ip daddr 10.88.0.1');
});

test('of two that are asked for at once the last stands, and is known', async () => {
  const wall = createHostWall(network, program);
  await Promise.all(['10.77.0.1', '10.88.0.1'].map((gateway) => wall.keep(gateway, 7, signal)));
  const whole = listed();
  expect(whole).toContain('ip daddr 10.88.0.1');
  nft('flush', 'chain', 'inet', table, 'through');
  expect(await wall.keep('10.88.0.1', 7, signal)).toBe(true);
  expect(listed()).toBe(whole);
});

test('a table that is gone before it is listed does not count as up', async () => {
  const wall = createHostWall(network, program);
  const nftAsItIs = readFileSync(program);
  writeFileSync(program, '#!/bin/sh\n[ "$1" != list ] || exit 1\ncat > /dev/null\n');
  await expect(wall.keep('10.77.0.1', 7, signal)).rejects.toMatchObject({ code: 'runtime_unavailable' });
  writeFileSync(program, nftAsItIs);
  await wall.keep('10.77.0.1', 7, signal);
  expect(listed()).toContain('ip daddr 10.77.0.1');
});

test('it is taken away, also where it never was', async () => {
  await createHostWall(network, program).keep('10.77.0.1', 7, signal);
  await removeWall(network, signal, program);
  expect(nft('list', 'tables')).toBe('');
  await removeWall(network, signal, program);
});

test('a host without nftables is told so', async () => {
  await expect(createHostWall(network, '/nowhere/nft').keep('10.77.0.1', 7, signal)).rejects.toMatchObject({
    code: 'runtime_not_set_up',
    message: expect.stringContaining('nftables'),
  });
});
