import { expect, test, vi } from 'vitest';
import { createMemory } from './memory.ts';

const said = () => {
  let times = 0;
  return vi.fn(async () => ++times);
};

test('is asked anew each time while nobody hears of changes', async () => {
  const [memory, ask] = [createMemory(), said()];
  const recall = memory.about<number>();
  expect([await recall('range', ask), await recall('range', ask)]).toEqual([1, 2]);
});

test('is asked once while changes are heard of, until there is one or nobody hears any more', async () => {
  const [memory, ask] = [createMemory(), said()];
  const about = memory.about<number>();
  const recall = () => about('range', ask);
  memory.hears(true);
  expect([await recall(), await recall()]).toEqual([1, 1]);
  memory.forget();
  expect([await recall(), await recall()]).toEqual([2, 2]);
  memory.hears(false);
  expect([await recall(), await recall()]).toEqual([3, 4]);
});

test('each part keeps its own, and all is forgotten at once', async () => {
  const memory = createMemory();
  const [range, image] = [memory.about<string>(), memory.about<number>()];
  memory.hears(true);
  await range('one', async () => 'a range');
  await image('one', async () => 1);
  expect([await range('one', async () => 'another'), await image('one', async () => 2)]).toEqual(['a range', 1]);
  memory.forget();
  expect([await range('one', async () => 'another'), await image('one', async () => 2)]).toEqual(['another', 2]);
});

test('an answer that was on its way when something changed is not kept', async () => {
  const memory = createMemory();
  const recall = memory.about<string>();
  memory.hears(true);
  const { promise, resolve } = Promise.withResolvers<string>();
  const asked = recall('range', () => promise);
  memory.forget();
  resolve('old');
  expect(await asked).toBe('old');
  expect(await recall('range', async () => 'new')).toBe('new');
});

test('a failure is not kept', async () => {
  const memory = createMemory();
  const recall = memory.about<string>();
  memory.hears(true);
  await expect(recall('range', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await recall('range', async () => 'back')).toBe('back');
});
