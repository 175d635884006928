import { expect, test } from 'vitest';
import type { Json } from './caddy-json.ts';
import type { Route } from './routes.ts';
import { entryOf, readEntry } from './table-entry.ts';

const target = { kind: 'tcp', host: '10.4.0.7', port: 8080 } as const;
const route: Route = { port: 3000, target, stripPrefix: true };

test.each<Route>([
  { port: 'ide', target, stripPrefix: true },
  route,
  { ...route, stripPrefix: false },
  { ...route, target: { kind: 'tcp', host: 'fd00::7', port: 3000 } },
  { ...route, target: { kind: 'unix', instance: 'k3f9a2', port: 8080 } },
])('%j is read as it was written', (written) => {
  expect(readEntry(entryOf('web-app', written))).toEqual({ workspace: 'web-app', route: written });
});

test.each([
  [null],
  ['text'],
  [{}],
  [{ '@id': 'mine' }],
  [{ '@id': 7 }],
  [{ '@id': 'tidepool:routes' }],
  [{ '@id': 'tidepool:Not A Name:ide' }],
  [{ '@id': 'tidepool:web:0' }],
  [{ '@id': 'tidepool:web:ide:x' }],
])('%j is nobody’s', (entry) => {
  expect(readEntry(entry)).toBeNull();
});

const changes: [string, { readonly [key: string]: Json }][] = [
  ['no address', { outputs: ['cut'] }],
  ['another manner', { outputs: ['ide', '10.4.0.7:8080'] }],
  ['another path', { input: 'web/3001' }],
  ['a pattern', { input_regexp: '.*' }],
  ['another place', { '@id': 'tidepool:web:ide' }],
];

test.each(changes)('%s makes it a stray of its workspace', (_, change) => {
  expect(readEntry({ ...entryOf('web', route), ...change })).toEqual({ workspace: 'web', route: null });
});
