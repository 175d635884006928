import type { Workspace } from '@tidepool/core';
import { expect, test } from 'vitest';
import { type Offer, offer } from './entries.ts';
import { textOf } from './entry.ts';
import { pieces } from './match.ts';
import { searchOf } from './use-found.ts';

const nothing = () => {};
const doings = {
  ...{ go: nothing, open: nothing, act: nothing, remove: nothing, copyAddress: nothing, showKeys: nothing },
  blocked: undefined,
  now: Date.now(),
  theme: 'system',
  reconnect: undefined,
} as const;

function aWorkspace(name: string, status: Workspace['status'] = 'stopped'): Workspace {
  const at = '2026-03-11T12:00:00.000Z';
  return {
    ...{ id: name, name, status, image: 'workspace@3f9c2a', cpus: 2, memoryMiB: 4096, diskGiB: 20, version: 1 },
    ...{ inForce: null, source: null, usage: null, address: null, error: null, stopReason: null, jobId: null },
    ...{ path: `/workspace/${name}/`, createdAt: at, updatedAt: at, statusSince: at },
    ...{ startedAt: null, lastAccessedAt: null },
    ports: [
      {
        port: 5173,
        label: 'docs',
        stripPrefix: true,
        listening: null,
        path: `/workspace/${name}/port/5173/`,
        createdAt: at,
      },
    ],
  };
}

const workspaces = [aWorkspace('notes', 'running'), aWorkspace('ml-notebook')];

/** Each group with what it offers, in words; what cannot be done in brackets. */
function offered(query: string, change: Partial<Offer> = {}): Record<string, string[]> {
  const groups = offer({ query, workspaces, here: undefined, recent: [], doings, ...change });
  return Object.fromEntries(
    groups.map(({ label, items }) => [
      label,
      items.map((entry) => (entry.why === undefined ? textOf(entry.label) : `(${textOf(entry.label)})`)),
    ]),
  );
}

const first = (query: string, change?: Partial<Offer>) => Object.values(offered(query, change))[0]?.[0];

test.each([
  ['no', 'notes'],
  ['notes', 'notes'],
  ['note', 'notes'],
  ['ml', 'ml-notebook'],
  ['stop note', 'Stop notes'],
  ['start', 'Start ml-notebook'],
  ['5173 notes', 'Open 5173 docs of notes'],
  ['logs ml', 'Logs of ml-notebook'],
  ['host', 'Host'],
  ['dark', 'Theme: dark'],
  ['new', 'New workspace'],
  ['kelp', 'New workspace called kelp'],
])('«%s» and Enter is «%s»', (query, expected) => {
  expect(first(query)).toBe(expected);
});

test('what cannot be done now stands last, with its reason', () => {
  expect(offered('stop').Do).toEqual(['Stop notes', '(Stop ml-notebook)']);
  const blocked = 'Not connected.';
  expect(offered('stop', { doings: { ...doings, blocked } }).Do).toEqual(['(Stop notes)', '(Stop ml-notebook)']);
});

test('a name that is taken or two words make no new workspace, and one too short says so', () => {
  expect(offered('notes').New).toBeUndefined();
  expect(offered('two words').New).toBeUndefined();
  expect(offered('no').New).toEqual(['(New workspace called no)']);
});

test('with nothing typed: here first, then again, then used last, each once', () => {
  const [notes] = workspaces;
  const groups = offered('', { here: notes, recent: ['go ml-notebook', 'host', 'start gone'] });
  expect(Object.keys(groups)).toEqual(['Do', 'Recent', 'Go to']);
  expect(groups.Do?.[0]).toBe('Open notes in the editor');
  expect(groups.Recent).toEqual(['ml-notebook', 'Host']);
  const elsewhere = offered('');
  expect(Object.keys(elsewhere)).toEqual(['Workspaces', 'Go to', 'Do']);
});

test('the letters that were typed are marked', () => {
  expect(pieces('ml-notebook', 'NO')).toEqual([
    { text: 'ml-', isHit: false },
    { text: 'no', isHit: true },
    { text: 'tebook', isHit: false },
  ]);
  expect(pieces('a+b', '+')).toEqual([
    { text: 'a', isHit: false },
    { text: '+', isHit: true },
    { text: 'b', isHit: false },
  ]);
});

test('the server is asked for what is no verb', () => {
  expect(searchOf('stop notes')).toBe('notes');
  expect(searchOf('  Logs of ML ')).toBe('ml');
  expect(searchOf('start')).toBe('start');
  expect(searchOf('no')).toBe('no');
});
