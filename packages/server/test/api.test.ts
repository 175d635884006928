/** The API's good answers: every one fits the contract's schema. */
import {
  accepted,
  contract,
  diskFinding,
  type Endpoint,
  type EndpointName,
  portChanged,
  workspace as workspaceSchema,
} from '@tidepool/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorkspace, failedWorkspace, finishJob, runningWorkspace, stoppedWorkspace } from './drive.ts';
import { brokenInvariants, hostRecord, type Running, startServer } from './harness.ts';

let server: Running;
beforeEach(async () => {
  server = await startServer();
});
afterEach(async () => {
  const serverErrors = server.logged.filter(({ level }) => level >= 50);
  const broken = brokenInvariants(server);
  await server.stop();
  expect(serverErrors).toEqual([]);
  expect(broken).toEqual([]);
});

async function good(name: EndpointName, path: string, body?: object): Promise<unknown> {
  const endpoint: Endpoint = contract[name];
  const answer = await server.ask(path, { method: endpoint.method, ...(body ? { body } : {}) });
  expect(answer.status, answer.text).toBe(endpoint.status);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.headers['cache-control']).toBe('no-store');
  return endpoint.response?.parse(answer.json());
}

test('create is accepted with workspace and job, and the job is sent to the queue', async () => {
  const answer = accepted.parse(await good('createWorkspace', '/api/workspaces', { name: 'web-app' }));
  expect(answer.workspace).toMatchObject({ name: 'web-app', status: 'creating', cpus: 2, memoryMiB: 4096 });
  expect(answer.workspace.image).toBe('workspace@abc123');
  const [message] = await server.queue.receive({ max: 1, signal: AbortSignal.timeout(5000) });
  expect(JSON.parse(message?.body ?? '')).toEqual({ jobId: answer.job.id });
  await expect.poll(() => server.store.outbox(10)).toEqual([]);
});

test('a queue that is down does not keep a change from being accepted', async () => {
  server.queue.setDown(true);
  const answer = accepted.parse(await good('createWorkspace', '/api/workspaces', { name: 'web-app' }));
  await expect.poll(() => server.logged.some(({ msg }) => msg.startsWith('queue does not answer'))).toBe(true);
  expect(server.store.outbox(10)).toEqual([{ id: answer.job.id }]);
});

test('a queue that goes and comes back is said once each, however many changes come meanwhile', async () => {
  const said = () => server.logged.map(({ msg }) => msg).filter((msg) => msg.startsWith('queue '));
  server.queue.setDown(true);
  for (const name of ['one', 'two', 'three']) await good('createWorkspace', '/api/workspaces', { name });
  await expect.poll(() => server.logged.filter(({ msg }) => msg === 'job not sent').length).toBe(2);
  expect(said()).toHaveLength(1);
  server.queue.setDown(false);
  await good('createWorkspace', '/api/workspaces', { name: 'four' });
  await expect.poll(said).toEqual([expect.stringContaining('does not answer'), 'queue answers again']);
});

test('a workspace answers by id and by name', async () => {
  const { id } = createWorkspace(server.store, 'web-app');
  const byId = await good('getWorkspace', `/api/workspaces/${id}`);
  expect(await good('getWorkspace', '/api/workspaces/web-app')).toEqual(byId);
});

test('the list pages through everything once, by name', async () => {
  for (const name of ['eel', 'ant', 'bee', 'dog', 'cat']) createWorkspace(server.store, name);
  const names: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const path: string = `/api/workspaces?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const page = contract.listWorkspaces.response.parse(await good('listWorkspaces', path));
    names.push(...page.items.map(({ name }) => name));
    cursor = page.nextCursor;
  }
  expect(names).toEqual(['ant', 'bee', 'cat', 'dog', 'eel']);
});

test('start, stop, restart, retry and delete are accepted where the table says so', async () => {
  stoppedWorkspace(server.store, 'still');
  runningWorkspace(server.store, 'alive');
  runningWorkspace(server.store, 'other');
  failedWorkspace(server.store, 'broken');
  const statusOf = async (name: EndpointName, path: string) => accepted.parse(await good(name, path)).workspace.status;
  expect(await statusOf('startWorkspace', '/api/workspaces/still/start')).toBe('starting');
  expect(await statusOf('stopWorkspace', '/api/workspaces/alive/stop')).toBe('stopping');
  expect(await statusOf('restartWorkspace', '/api/workspaces/other/restart')).toBe('starting');
  expect(await statusOf('retryWorkspace', '/api/workspaces/broken/retry')).toBe('creating');
  expect(await statusOf('deleteWorkspace', '/api/workspaces/alive')).toBe('deleting');
});

test('its size is changed', async () => {
  createWorkspace(server.store, 'web-app');
  const changed = await good('updateWorkspace', '/api/workspaces/web-app', { memoryMiB: 1024 });
  expect(workspaceSchema.parse(changed).memoryMiB).toBe(1024);
});

test('a port is added, listed and removed', async () => {
  runningWorkspace(server.store, 'web-app');
  const added = portChanged.parse(
    await good('addPort', '/api/workspaces/web-app/ports', { port: 3000, label: ' web ' }),
  );
  expect(added.job?.kind).toBe('routes');
  expect(added.workspace.ports).toMatchObject([{ port: 3000, label: 'web', stripPrefix: true }]);
  finishJob(server.store, 'web-app');
  expect(await good('listPorts', '/api/workspaces/web-app/ports')).toMatchObject({ items: [{ port: 3000 }] });
  const removed = portChanged.parse(await good('removePort', '/api/workspaces/web-app/ports/3000'));
  expect(removed.workspace.ports).toEqual([]);
});

test('a deleted workspace still answers for its job and, by id, for its activity', async () => {
  const { id } = stoppedWorkspace(server.store, 'web-app');
  const { job } = accepted.parse(await good('deleteWorkspace', '/api/workspaces/web-app'));
  finishJob(server.store, 'web-app');
  expect(await good('getJob', `/api/jobs/${job.id}`)).toMatchObject({ status: 'succeeded', workspaceId: id });
  const activity = contract.listActivity.response.parse(await good('listActivity', `/api/workspaces/${id}/activity`));
  expect(activity.items[0]?.type).toBe('workspace.gone');
  expect((await server.ask('/api/workspaces/web-app/activity')).status).toBe(404);
});

test('activity pages newest first', async () => {
  stoppedWorkspace(server.store, 'web-app');
  const first = contract.listActivity.response.parse(
    await good('listActivity', '/api/workspaces/web-app/activity?limit=2'),
  );
  const second = contract.listActivity.response.parse(
    await good('listActivity', `/api/workspaces/web-app/activity?limit=2&cursor=${first.nextCursor}`),
  );
  const ids = [...first.items, ...second.items].map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted((a, b) => b - a));
  expect(new Set(ids).size).toBe(4);
});

test('the host is shown with capacity, worker, queue and defaults', async () => {
  const host = contract.getHost.response.parse(await good('getHost', '/api/host'));
  expect(host).toMatchObject({
    observed: { ...hostRecord, disk: { totalMiB: 100_000, freeMiB: expect.any(Number) } },
    worker: { alive: true },
    queue: { kind: 'embedded', endpoint: 'http://127.0.0.1:9324', healthy: true },
    defaults: { cpus: 2, memoryMiB: 4096, diskGiB: 20, image: 'workspace@abc123' },
    origins: { app: null, workspace: null, workspacePort: 8081 },
  });
});

test('how much disk is free is as it is now, whatever the worker saw', async () => {
  const findings = [diskFinding('disk', '/', 1)];
  server.store.writeHost({ ...hostRecord, disk: { totalMiB: 100_000, freeMiB: 1 }, findings });
  const { observed } = contract.getHost.response.parse(await good('getHost', '/api/host'));
  expect(observed?.disk.freeMiB).toBeGreaterThan(1);
  expect(observed?.findings).toMatchObject([{ id: 'disk', detail: expect.not.stringMatching(/^1 MiB/) }]);
  expect((await server.ask('/api/workspaces', { method: 'POST', body: { name: 'fits' } })).status).toBe(202);
});

test('health and description answer', async () => {
  expect(await good('getHealth', '/api/health')).toEqual({ status: 'ok' });
  expect(await good('getOpenApi', '/api/openapi.json')).toMatchObject({ openapi: '3.1.0' });
});

test('the same Idempotency-Key gives the same job, with another body 422', async () => {
  const create = (body: object) =>
    server.ask('/api/workspaces', { method: 'POST', headers: { 'Idempotency-Key': 'k1' }, body });
  const first = accepted.parse((await create({ name: 'web-app', cpus: 1 })).json());
  const again = accepted.parse((await create({ cpus: 1, name: 'web-app' })).json());
  expect(again.job.id).toBe(first.job.id);
  const other = await create({ name: 'other' });
  expect(other.status).toBe(422);
  expect(other.json()).toMatchObject({ code: 'idempotency_key_reused' });
  expect(server.store.counts().total).toBe(1);
});

test('a stop, or a delete, that is sent again with its key is answered with the first one, also after its end', async () => {
  runningWorkspace(server.store, 'web');
  const ask = (method: string, path: string, key: string) =>
    server.ask(`/api/workspaces/web${path}`, { method, headers: { 'Idempotency-Key': key } });
  for (const [method, path] of [
    ['POST', '/stop'],
    ['DELETE', ''],
  ] as const) {
    const first = accepted.parse((await ask(method, path, `${method}-1`)).json());
    expect(accepted.parse((await ask(method, path, `${method}-1`)).json()).job.id).toBe(first.job.id);
    expect((await ask(method, path, `${method}-2`)).json()).toMatchObject({
      code: 'job_in_the_way',
      job: { id: first.job.id },
    });
    finishJob(server.store, 'web');
    const late = await ask(method, path, `${method}-1`);
    expect(late.status).toBe(202);
    expect(accepted.parse(late.json()).job).toMatchObject({ id: first.job.id, status: 'succeeded' });
  }
});

test('HEAD answers as GET does, without a body, and OPTIONS says what there is', async () => {
  for (const path of ['/api/workspaces', '/api/events', '/api/health']) {
    const answer = await server.ask(path, { method: 'HEAD' });
    expect([answer.status, answer.text]).toEqual([200, '']);
  }
  const options = await server.ask('/api/workspaces', { method: 'OPTIONS' });
  expect([options.status, options.headers.allow]).toEqual([204, 'GET, POST, HEAD, OPTIONS']);
  expect(options.headers['access-control-allow-origin']).toBeUndefined();
});

test('until a worker has looked, nothing can be made of nothing: 503, then it can', async () => {
  await server.stop();
  server = await startServer({ host: null });
  const create = () => server.ask('/api/workspaces', { method: 'POST', body: { name: 'web-app' } });
  const early = await create();
  expect([early.status, early.headers['retry-after']]).toEqual([503, '1']);
  expect(early.json()).toMatchObject({ code: 'not_ready' });
  expect(contract.getHost.response.parse(await good('getHost', '/api/host'))).toMatchObject({
    observed: null,
    worker: { alive: false },
  });
  server.store.writeHost({ ...hostRecord, images: [] });
  expect((await create()).json()).toMatchObject({ code: 'image_missing' });
  server.store.writeHost(hostRecord);
  expect((await create()).status).toBe(202);
});

test('a disk larger than the whole storage is refused, and any where nothing is left of it', async () => {
  const place = (freeMiB: number) => ({ name: 'pool', totalMiB: 10_240, freeMiB });
  const runtime = { ...hostRecord.runtime, capabilities: { ...hostRecord.runtime.capabilities, diskLimit: true } };
  const ask = (name: string, diskGiB?: number) =>
    server.ask('/api/workspaces', { method: 'POST', body: { name, ...(diskGiB ? { diskGiB } : {}) } });
  server.store.writeHost({ ...hostRecord, runtime, storage: place(2048) });
  const tooLarge = await ask('large', 11);
  expect([tooLarge.status, tooLarge.json()]).toMatchObject([
    422,
    { code: 'exceeds_capacity', fields: [{ field: 'body.diskGiB' }] },
  ]);
  const made = accepted.parse((await ask('usual')).json());
  expect(made.workspace.diskGiB, 'no more than there is').toBe(10);
  const grown = await server.ask('/api/workspaces/usual', { method: 'PATCH', body: { diskGiB: 11 } });
  expect([grown.status, grown.json()]).toMatchObject([422, { code: 'exceeds_capacity' }]);
  server.store.writeHost({ ...hostRecord, runtime, storage: place(1023) });
  const full = await ask('another', 5);
  expect([full.status, full.json()]).toMatchObject([507, { code: 'pool_full' }]);
  server.store.writeHost({ ...hostRecord, storage: place(2048) });
  expect((await ask('counted', 11)).status, 'sizes are not enforced').toBe(202);
});

test('what an earlier server accepted and could not send is sent at the next start', async () => {
  server.queue.setDown(true);
  const { job } = accepted.parse(await good('createWorkspace', '/api/workspaces', { name: 'web-app' }));
  await expect.poll(() => server.logged.some(({ msg }) => msg.startsWith('queue does not answer'))).toBe(true);
  const again = await startServer({ home: server.home });
  const [message] = await again.queue.receive({ max: 1, signal: AbortSignal.timeout(5000) });
  expect(JSON.parse(message?.body ?? '')).toEqual({ jobId: job.id });
  await again.stop();
});
