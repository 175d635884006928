import { expect, test } from 'vitest';
import { aWorkspace } from '../../test/samples.ts';
import { candidatesFor, isInUse, propose, verdict, whatRuns } from './candidates.ts';

const running = (...sizes: number[]) =>
  sizes.map((memoryMiB, index) => aWorkspace({ id: String(index), status: 'running', memoryMiB }));
const wish = { verb: 'start', name: 'thesis', id: 'thesis', memoryMiB: 4096 } as const;
const proposed = (missing: number, ...sizes: number[]) => propose(candidatesFor(wish, running(...sizes)), missing);

test('the least recently used is proposed where it gives enough', () => {
  expect(proposed(2048, 4096, 2048)).toEqual(['0']);
});

test('else the first that gives enough alone', () => {
  expect(proposed(3000, 1024, 4096, 8192)).toEqual(['1']);
});

test('else several, and none of them for nothing', () => {
  expect(proposed(6000, 1024, 4096, 4096)).toEqual(['1', '2']);
  expect(proposed(5000, 1024, 4096)).toEqual(['0', '1']);
});

test('where all are not enough, all are', () => {
  expect(proposed(9000, 1024, 4096)).toEqual(['0', '1']);
});

test('what it wants is not stopped for itself, and gives what its run was given', () => {
  const [one, other] = running(1024, 2048);
  if (!one || !other) throw new Error('there are two');
  const given = { ...other, inForce: { cpus: 1, memoryMiB: 512, diskGiB: 20 } };
  expect(candidatesFor({ ...wish, id: one.id }, [one, given])).toEqual([{ workspace: given, givesMiB: 512 }]);
});

test('what it gives is said against what is missing', () => {
  expect(verdict(4096, 4096)).toBe('just enough');
  expect(verdict(6144, 4096)).toBe('leaves 2 GiB free');
  expect(verdict(1024, 4096)).toBe('3 GiB too little');
});

test('who is there now, and what would end', () => {
  const now = Date.parse('2026-03-01T12:00:00.000Z');
  const at = '2026-03-01T11:59:00.000Z';
  expect(isInUse(aWorkspace({ lastAccessedAt: at }), now)).toBe(true);
  expect(isInUse(aWorkspace({ lastAccessedAt: '2026-03-01T11:50:00.000Z' }), now)).toBe(false);
  expect(isInUse(aWorkspace(), now)).toBe(false);
  const port = { port: 3000, label: null, listening: true, stripPrefix: true, path: '/', createdAt: at };
  const busy = aWorkspace({
    ports: [port],
    usage: { cpus: 1.25, memoryMiB: 1, diskMiB: null, at: '2026-03-01T11:59:50.000Z' },
  });
  expect(whatRuns(busy, now)).toBe('port 3000 answers, 1.3 CPU at work');
  expect(whatRuns(aWorkspace({ ports: [{ ...port, listening: false }] }), now)).toBe('');
});
