import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { createListServer } from '../../test/list-client.ts';
import { aWorkspace } from '../../test/samples.ts';
import { createKnown } from './known.ts';
import { nameQuery } from './list-queries.ts';

const there = ['a-web', 'web', 'web-2', 'web-3'].map((name, index) =>
  aWorkspace({ id: `01900000-0000-7000-8000-00000000000${index}`, name }),
);

test.each([
  ['web', true, 2],
  ['web-1', false, 3],
  ['zebra', false, 4],
])('whether one is called %s is read from the list as far as its name would stand', async (name, isThere, pages) => {
  const { client, asked } = createListServer(there, { perPage: 1 });
  const known = createKnown();
  expect(await new QueryClient().fetchQuery(nameQuery({ client, known }, name))).toBe(isThere);
  expect(asked).toHaveLength(pages);
  expect(known.getState().workspaces.size).toBe(pages);
});
