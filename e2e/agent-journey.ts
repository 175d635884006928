/** The whole journey by REST, `curl`-like requests and `tidepool exec` alone, whatever Tidepool is made of. */
import { access } from 'node:fs/promises';
import { type ActivityEvent, activityEvent, planOf } from '@tidepool/core';
import { createParser } from 'eventsource-parser';
import { expect } from 'vitest';
import { exec, publish, serveProject } from './inside.ts';
import { finished, type Tidepool, until } from './tidepool.ts';

/** Create, work, publish, stop, start, delete: what an agent does. @returns the id of the deleted workspace */
export async function agentJourney(tidepool: Tidepool): Promise<string> {
  const page = (path: string) =>
    fetch(`${tidepool.workspaceOrigin}${path}`, {
      headers: { authorization: tidepool.authorization, accept: 'text/html' },
    });
  const events = await follow(tidepool);

  const accepted = await tidepool.api('createWorkspace', { body: { name: 'web-app' }, idempotencyKey: 'one' });
  expect(accepted.workspace).toMatchObject({ name: 'web-app', status: 'creating', jobId: accepted.job.id });
  const again = await tidepool.api('createWorkspace', { body: { name: 'web-app' }, idempotencyKey: 'one' });
  expect(again.job.id).toBe(accepted.job.id);

  const created = await finished(tidepool, accepted);
  expect(created.status).toBe('succeeded');
  expect(created.steps.map(({ name }) => name)).toEqual(planOf('create', null));
  await until('the steps as events', () => planOf('create', null).every((step) => finishedStep(events, step)));

  const editor = await page('/workspace/web-app/');
  expect(editor.status).toBe(200);
  expect(await editor.text()).toContain('vscode');

  const wrote = await exec(tidepool, 'web-app', ['bash', '-c', 'cat > notes.txt; pwd'], 'tide at six\n');
  expect(wrote).toMatchObject({ code: 0, stdout: expect.stringContaining('/home/dev/project') });
  expect((await exec(tidepool, 'web-app', ['sh', '-c', 'exit 7'])).code).toBe(7);

  await serveProject(tidepool, 'web-app', 3000);
  const url = await publish(tidepool, 'web-app', 3000, 'notes.txt');
  expect(await (await fetch(url, { headers: { authorization: tidepool.authorization } })).text()).toBe('tide at six\n');

  await finished(tidepool, await tidepool.api('stopWorkspace', { params: { id: 'web-app' } }));
  const stopped = await page('/workspace/web-app/');
  expect(stopped.status).toBe(503);
  expect(await stopped.text()).toMatch(/stopped/i);

  await finished(tidepool, await tidepool.api('startWorkspace', { params: { id: 'web-app' } }));
  expect((await exec(tidepool, 'web-app', ['cat', 'notes.txt'])).stdout).toBe('tide at six\n');
  const gone = await page('/workspace/web-app/port/3000/');
  expect(gone.status, 'the port is still registered, nothing listens after the restart').toBe(502);

  const deletion = await tidepool.api('deleteWorkspace', { params: { id: 'web-app' } });
  expect((await finished(tidepool, deletion)).status).toBe('succeeded');
  await expect(tidepool.api('getWorkspace', { params: { id: 'web-app' } })).rejects.toMatchObject({ status: 404 });
  expect((await page('/workspace/web-app/')).status).toBe(404);
  await expect(access(`${tidepool.home}/.logs/web-app`)).rejects.toThrow('ENOENT');
  return deletion.workspace.id;
}

function finishedStep(events: readonly ActivityEvent[], step: string): boolean {
  return events.some(({ activity }) => activity.type === 'step.finished' && activity.detail.step?.name === step);
}

/** All events from now on, each parsed by its schema. */
export async function follow(tidepool: Tidepool): Promise<ActivityEvent[]> {
  const response = await fetch(`${tidepool.appOrigin}/api/events`, {
    headers: { authorization: tidepool.authorization },
  });
  const events: ActivityEvent[] = [];
  const parser = createParser({
    onEvent({ event, data }) {
      if (event === 'activity') events.push(activityEvent.parse(JSON.parse(data)));
    },
  });
  const read = async (body: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const chunk of body) parser.feed(decoder.decode(chunk, { stream: true }));
  };
  if (response.body === null) throw new Error('no event stream');
  // Ends with the server; what it missed then is what the test looks for.
  read(response.body).catch(() => {});
  return events;
}
