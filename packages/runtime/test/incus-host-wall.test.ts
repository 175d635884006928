/** The host's own wall around the bridge: what somebody did to it is found and undone. As root; elsewhere there is none. */
import { execFileSync } from 'node:child_process';
import { afterEach, expect, test } from 'vitest';
import { createHostWall, removeWall, wallTable } from '../src/incus/host-wall.ts';

const signal = AbortSignal.timeout(120_000);
const network = `tpw${process.pid}`;
const table = wallTable(network);
const isRoot = process.getuid?.() === 0;
const nft = (...argv: string[]) => execFileSync('/usr/sbin/nft', argv, { encoding: 'utf8' });
const listed = () => nft('list', 'table', 'inet', table);

afterEach(() => (isRoot ? removeWall(network, signal) : undefined));

test.skipIf(!isRoot)('emptied chains, an added rule and a deleted table are put right (needs root)', async () => {
  const wall = createHostWall(network);
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

test.skipIf(!isRoot)(
  'what another process left open is replaced, and a new gateway is followed (needs root)',
  async () => {
    await createHostWall(network).keep('10.77.0.1', 7, signal);
    nft('flush', 'chain', 'inet', table, 'through');
    const wall = createHostWall(network);
    await wall.keep('10.77.0.1', 7, signal);
    expect(listed()).toMatch(/chain through \{[^}]*reject/);
    expect(await wall.keep('10.88.0.1', 7, signal)).toBe(false);
    expect(listed()).toContain('ip daddr 10.88.0.1');
  },
);

test('a host without nftables is told so', async () => {
  await expect(createHostWall(network, '/nowhere/nft').keep('10.77.0.1', 7, signal)).rejects.toMatchObject({
    code: 'runtime_not_set_up',
    message: expect.stringContaining('nftables'),
  });
});
