import { expect, test, vi } from 'vitest';
import { createMemory } from './memory.ts';

const said = () => {
  let times = 0;
  return vi.fn(async () => ++times);
};

test('is asked anew each time while nobody hears of changes', async () => {
  const [memory, ask] = [createMemory(), said()];
  expect([await memory.recall('range', ask), await memory.recall('range', ask)]).toEqual([1, 2]);
  expect(memory.forget()).toBe(false);
});

test('is asked once while changes are heard of, until there is one or nobody hears any more', async () => {
  const [memory, ask] = [createMemory(), said()];
  const recall = () => memory.recall('range', ask);
  memory.hears(true);
  expect([await recall(), await recall()]).toEqual([1, 1]);
  expect(memory.forget()).toBe(true);
  expect([await recall(), await recall()]).toEqual([2, 2]);
  memory.hears(false);
  expect([await recall(), await recall()]).toEqual([3, 4]);
});

test('an answer that was on its way when something changed is not kept', async () => {
  const memory = createMemory();
  memory.hears(true);
  const { promise, resolve } = Promise.withResolvers<string>();
  const asked = memory.recall('range', () => promise);
  memory.forget();
  resolve('old');
  expect(await asked).toBe('old');
  expect(await memory.recall('range', async () => 'new')).toBe('new');
});

test('a failure is not kept', async () => {
  const memory = createMemory();
  memory.hears(true);
  await expect(memory.recall('range', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await memory.recall('range', async () => 'back')).toBe('back');
});
