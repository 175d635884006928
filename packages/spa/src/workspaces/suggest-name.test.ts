import { workspaceName } from '@tidepool/core';
import { expect, test } from 'vitest';
import { suggestName } from './suggest-name.ts';

test('a suggested name is one that core takes, and nobody has', () => {
  const taken = new Set<string>();
  for (let count = 0; count < 250; count += 1) {
    const name = suggestName(taken, () => (count % 97) / 97);
    expect(workspaceName.safeParse(name).success, name).toBe(true);
    expect(taken.has(name)).toBe(false);
    taken.add(name);
  }
});
