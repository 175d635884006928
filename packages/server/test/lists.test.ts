/** Lists over HTTP: what they may be asked, what they refuse, and that their words are taken literally. */
import { contract, problem } from '@tidepool/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runningWorkspace } from './drive.ts';
import { brokenInvariants, type Running } from './harness.ts';
import { refused, startPopulated } from './refused.ts';

let server: Running;
beforeAll(async () => {
  server = await startPopulated();
  runningWorkspace(server.store, 'labelled');
  server.store.addPort('labelled', { port: 5173, label: 'Übung 100%', stripPrefix: true }, { actor: 'user' });
});
afterAll(async () => {
  const broken = brokenInvariants(server);
  const mistakes = server.logged.filter(({ level }) => level >= 40);
  await server.stop();
  expect(broken).toEqual([]);
  expect(mistakes).toEqual([]);
});

async function workspaces(query: string) {
  const answer = await server.ask(`/api/workspaces?${query}`);
  expect(answer.status, answer.text).toBe(200);
  return contract.listWorkspaces.response.parse(answer.json());
}
async function jobs(query: string) {
  const answer = await server.ask(`/api/jobs?${query}`);
  expect(answer.status, answer.text).toBe(200);
  return contract.listJobs.response.parse(answer.json());
}
const names = async (query: string) => (await workspaces(query)).items.map(({ name }) => name);
const all = ['alive', 'broken', 'labelled', 'still'];

test.each([
  ['status', 'status='],
  ['status', 'status=asleep'],
  ['status', 'status=running,'],
  ['status', 'status=running,%20stopped'],
  ['status', 'status=RUNNING'],
  ['status', 'status=__proto__'],
  ['status', `status=${'running,'.repeat(30)}running`],
  ['stopReason', 'stopReason=bored'],
  ['sort', 'sort='],
  ['sort', 'sort=-name'],
  ['sort', 'sort=status;drop'],
  ['search', `search=${'a'.repeat(41)}`],
  ['limit', 'limit=0'],
  ['limit', 'limit=101'],
  ['limit', 'limit=-1'],
  ['limit', 'limit=1e1'],
  ['limit', 'limit='],
  ['cursor', `cursor=${'a'.repeat(201)}`],
  ['bogus', 'bogus=1'],
])('workspaces refuse %s in "%s"', async (field, query) => {
  const expected = { status: 400, code: 'invalid_request', field: `query.${field}` };
  await refused(server, `/api/workspaces?${query}`, {}, expected);
});

test.each([
  ['status', 'status='],
  ['status', 'status=running,asleep'],
  ['status', 'status=error'],
  ['sort', 'sort=name'],
  ['search', 'search=web'],
  ['limit', 'limit=0'],
  ['limit', 'limit=101'],
])('jobs refuse %s in "%s"', async (field, query) => {
  const expected = { status: 400, code: 'invalid_request', field: `query.${field}` };
  await refused(server, `/api/jobs?${query}`, {}, expected);
});

test.each(['status=running&status=stopped', 'search=a&search=b', 'sort=name&sort=name'])(
  'a field given twice is refused: %s',
  async (query) => {
    await refused(server, `/api/workspaces?${query}`, {}, { status: 400, code: 'invalid_request' });
  },
);

test('a status that is none is answered with those there are, at the field that was given', async () => {
  const expected = { status: 400, code: 'invalid_request' };
  const { json } = await refused(server, '/api/workspaces?status=running,asleep', {}, expected);
  expect(problem.parse(json()).fields).toEqual([
    { field: 'query.status', message: expect.stringContaining('creating, starting, running') },
  ]);
});

test('a cursor of another list, of another order, or of nobody is refused', async () => {
  const cursorOf = async (path: string) => {
    const { nextCursor } = (await server.ask(path)).json() as { nextCursor: string };
    expect(nextCursor).toEqual(expect.any(String));
    return nextCursor;
  };
  const [byName, byUse, ofJobs] = await Promise.all([
    cursorOf('/api/workspaces?limit=1'),
    cursorOf('/api/workspaces?limit=1&sort=lastUsed'),
    cursorOf('/api/jobs?limit=1'),
  ]);
  const expected = { status: 400, code: 'invalid_cursor', field: 'query.cursor' };
  for (const path of [
    `/api/workspaces?cursor=${ofJobs}`,
    `/api/workspaces?cursor=${byUse}`,
    `/api/workspaces?sort=lastUsed&cursor=${byName}`,
    `/api/workspaces?sort=-lastUsed&cursor=${byUse}`,
    `/api/jobs?cursor=${byName}`,
    `/api/workspaces?cursor=${byName}x`,
    '/api/workspaces?cursor=',
    `/api/jobs?cursor=${Buffer.from('jobs:-1').toString('base64url')}`,
    `/api/workspaces?cursor=${Buffer.from("workspaces:lastUsed|'|x").toString('base64url')}`,
  ]) {
    await refused(server, path, {}, expected);
  }
});

test('a status named twice counts once', async () => {
  const once = await workspaces('status=running');
  expect(await workspaces('status=running,running')).toEqual(once);
  expect(once.total).toBe(once.items.length);
});

test('search is trimmed, is of any case, also beyond ASCII, and its signs mean themselves', async () => {
  expect(await names('search=')).toEqual(all);
  expect(await names('search=%20%20')).toEqual(all);
  for (const found of ['LABEL', '5173', '%C3%BCbung', '%C3%9CBUNG', 'U%CC%88bung', '100%25']) {
    expect([found, await names(`search=${found}`)]).toEqual([found, ['labelled']]);
  }
  for (const none of ['%25', '_', '%27', '%22', '*', '%5C', '%F0%9F%8C%8A', '517', '5173.0e0', "x'%20OR%201=1--"]) {
    expect([none, await names(`search=${none}`)]).toEqual([none, none === '%25' ? ['labelled'] : []]);
  }
  expect(await names(`search=${'a'.repeat(40)}`)).toEqual([]);
});

test('counts are of the search, the total of all that was asked for', async () => {
  const { counts, total, items } = await workspaces('status=stopped,error&limit=1');
  expect(items).toHaveLength(1);
  expect(total).toBe(2);
  expect(counts).toMatchObject({ running: 2, stopped: 1, error: 1, creating: 0 });
});

test('jobs come newest first, of one workspace after the other, and by status', async () => {
  const { items } = await jobs('limit=100');
  const ids = items.map(({ id }) => id);
  const paged: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await jobs(cursor === '' ? 'limit=2' : `limit=2&cursor=${cursor}`);
    paged.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(paged).toEqual(ids);
  const failed = await jobs('status=failed');
  expect(failed.items.map(({ workspaceName, status }) => [workspaceName, status])).toEqual([['broken', 'failed']]);
  expect((await jobs('status=failed,failed')).items).toEqual(failed.items);
  expect((await jobs('status=waiting')).items).toEqual([]);
});
