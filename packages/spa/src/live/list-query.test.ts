import { expect, test } from 'vitest';
import { aWorkspace } from '../../test/samples.ts';
import { isListed, type ListQuery, movesRows, type ReadPart } from './list-query.ts';

const port = {
  port: 3000,
  label: 'Web über alles',
  listening: null,
  stripPrefix: true,
  path: '/workspace/notes/port/3000/',
  createdAt: '2026-03-01T12:00:00.000Z',
};
const notes = aWorkspace({ status: 'running', ports: [port] });
const all: ListQuery = { search: '', statuses: null, sort: 'name' };

test.each([
  ['', true],
  ['OTE', true],
  ['3f9c', true],
  ['web', true],
  ['3000', true],
  // A port is found by its whole number, as the server finds it.
  ['300', false],
  ['0xBB8', false],
  // As a keyboard may send it: the letter, then its dots.
  ['WEB U\u0308BER', true],
  ['thesis', false],
])('a search for «%s» finds it: %s', (search, isFound) => {
  expect(isListed(notes, { search, statuses: null })).toBe(isFound);
});

test('a filter by status lists what is in one of them', () => {
  expect(isListed(notes, { search: '', statuses: ['running', 'starting'] })).toBe(true);
  expect(isListed(notes, { search: '', statuses: ['stopped'] })).toBe(false);
});

const other = aWorkspace({ id: '01900000-0000-7000-8000-000000000002', name: 'thesis' });
const read = (part: Partial<ReadPart> = {}): ReadPart => ({
  ids: new Set([notes.id]),
  lastName: notes.name,
  hasMore: false,
  ...part,
});

test.each<[string, boolean, ReturnType<typeof aWorkspace> | null, ListQuery, ReadPart]>([
  ['a new one', true, other, all, read()],
  ['one that came into its status', true, other, { ...all, statuses: ['stopped'] }, read()],
  ['one that lost what was searched for', true, notes, { ...all, search: 'thesis' }, read()],
  ['one that changed and stays', false, notes, all, read()],
  ['one that left its status', false, notes, { ...all, statuses: ['stopped'] }, read()],
  ['one that is gone', false, null, all, read()],
  ['one that it does not ask for', false, other, { ...all, statuses: ['running'] }, read()],
  ['one that comes after all that was read', false, other, all, read({ hasMore: true })],
  ['one that comes between', true, { ...other, name: 'draft' }, all, read({ hasMore: true })],
  ['one used who knows when', true, other, { ...all, sort: '-lastUsed' }, read({ hasMore: true })],
])('%s moves its rows: %s', (_, moves, workspace, query, part) => {
  expect(movesRows(workspace, query, part)).toBe(moves);
});
