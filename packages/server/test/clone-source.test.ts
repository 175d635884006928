/** A workspace that begins with a repository, over HTTP. */
import { accepted } from '@tidepool/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { finishJob, runningWorkspace } from './drive.ts';
import { brokenInvariants, type Running, startServer } from './harness.ts';

let server: Running;
beforeEach(async () => {
  server = await startServer();
});
afterEach(async () => {
  const broken = brokenInvariants(server);
  await server.stop();
  expect(broken).toEqual([]);
});

const create = (source: object) => server.ask('/api/workspaces', { method: 'POST', body: { name: 'web-app', source } });
const clone = (name = 'web-app', headers = {}) =>
  server.ask(`/api/workspaces/${name}/clone-source`, { method: 'POST', headers });

test('a repository is accepted with the create, and waits to be cloned', async () => {
  const { workspace, job } = accepted.parse((await create({ git: 'HTTPS://Example.org/a.git', ref: 'main' })).json());
  expect(workspace.source).toEqual({ git: 'https://example.org/a.git', ref: 'main', status: 'waiting', error: null });
  expect(job.plan).toEqual(expect.arrayContaining(['cloneSource']));
});

test.each([
  ['https://me:s3cret@example.org/a.git', 'No user name, password or token'],
  ['https://s3cret@example.org/a.git', 'No user name, password or token'],
  ['https://example.org/a.git?token=s3cret', 'No "?" or "#"'],
  ['http://example.org/s3cret.git', 'https://'],
  ['ext::sh -c s3cret', 'https://'],
])('%s is refused with the reason, and neither said again nor logged', async (git, reason) => {
  const answer = await create({ git });
  expect(answer.status).toBe(400);
  expect(answer.json()).toMatchObject({
    code: 'invalid_request',
    fields: [{ field: 'body.source.git', message: expect.stringContaining(reason) }],
  });
  expect(answer.text).not.toContain('s3cret');
  expect(JSON.stringify(server.logged)).not.toContain('s3cret');
});

test('it is cloned again where it failed, once for one key; refused otherwise with the reason', async () => {
  await create({ git: 'https://example.org/a.git' });
  expect((await clone()).json()).toMatchObject({ status: 409, code: 'job_in_the_way' });
  finishJob(server.store, 'web-app');
  const first = await clone('web-app', { 'idempotency-key': 'once' });
  expect(first.status).toBe(202);
  const { workspace, job } = accepted.parse(first.json());
  expect(job.kind).toBe('source');
  expect(workspace).toMatchObject({ status: 'running', jobId: job.id, source: { status: 'waiting' } });
  expect(accepted.parse((await clone('web-app', { 'idempotency-key': 'once' })).json()).job.id).toBe(job.id);

  runningWorkspace(server.store, 'plain');
  expect((await clone('plain')).json()).toMatchObject({
    status: 409,
    code: 'wrong_status',
    detail: 'It began without a repository. Clone one in its terminal.',
  });
  expect((await clone('nobody')).status).toBe(404);
});
