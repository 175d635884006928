/** Values that a schema or the state of things refuses: each names its field, or what is in the way. */
import { problem } from '@tidepool/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Question } from './ask.ts';
import { brokenInvariants, type Running } from './harness.ts';
import { type Expected, refused as expectRefused, startPopulated } from './refused.ts';

let server: Running;
beforeAll(async () => {
  server = await startPopulated();
});
afterAll(async () => {
  const broken = brokenInvariants(server);
  const mistakes = server.logged.filter(({ level }) => level >= 40);
  await server.stop();
  expect(broken).toEqual([]);
  expect(mistakes).toEqual([]);
});

async function refused(path: string, question: Question, expected: Expected): Promise<void> {
  await expectRefused(server, path, question, expected);
}

test.each([
  ['name', {}],
  ['name', { name: 7 }],
  ['name', { name: null }],
  ['name', { name: ['a', 'b', 'c'] }],
  ['name', { name: 'ab' }],
  ['name', { name: 'a'.repeat(41) }],
  ['name', { name: 'Web' }],
  ['name', { name: '-web' }],
  ['name', { name: 'web-' }],
  ['name', { name: 'we--b' }],
  ['name', { name: '../../etc' }],
  ['name', { name: 'web\u0000app' }],
  ['name', { name: '--privileged' }],
  ['name', { name: 'api' }],
  ['cpus', { name: 'another', cpus: '2' }],
  ['cpus', { name: 'another', cpus: 0 }],
  ['cpus', { name: 'another', cpus: 1.5 }],
  ['cpus', { name: 'another', cpus: 65 }],
  ['memoryMiB', { name: 'another', memoryMiB: -1 }],
  ['memoryMiB', { name: 'another', memoryMiB: 511 }],
  ['memoryMiB', { name: 'another', memoryMiB: 1e300 }],
])('create refuses %s in %j', (field, body) =>
  refused(
    '/api/workspaces',
    { method: 'POST', body },
    { status: 400, code: 'invalid_request', field: `body.${field}` },
  ),
);

test('an image without a name is refused in words of ours', async () => {
  const body = { name: 'another', image: '' };
  const expected = { status: 400, code: 'invalid_request' } as const;
  const { json } = await expectRefused(server, '/api/workspaces', { method: 'POST', body }, expected);
  expect(problem.parse(json()).fields).toEqual([
    { field: 'body.image', message: 'Name an image, or leave it out for the usual one.' },
  ]);
});

test.each([
  [{ port: 80 }, 'port'],
  [{ port: 65536 }, 'port'],
  [{ port: 8080 }, 'port'],
  [{ port: '3000' }, 'port'],
  [{ port: 3000.5 }, 'port'],
  [{ port: 4000, label: '' }, 'label'],
  [{ port: 4000, label: '  ' }, 'label'],
  [{ port: 4000, label: 'x'.repeat(41) }, 'label'],
  [{ port: 4000, label: 'two\nlines' }, 'label'],
  [{ port: 4000, label: '\u001b[2J' }, 'label'],
  [{ port: 4000, label: '\u202elive\u202c' }, 'label'],
  [{ port: 4000, stripPrefix: 'yes' }, 'stripPrefix'],
])('a port is refused: %j', (body, field) =>
  refused(
    '/api/workspaces/still/ports',
    { method: 'POST', body },
    {
      status: 400,
      code: 'invalid_request',
      field: `body.${field}`,
    },
  ),
);

test('all that is wrong is named at once', async () => {
  const { json } = await expectRefused(
    server,
    `/api/workspaces/${'a'.repeat(65)}?bogus=1`,
    { method: 'PATCH', body: { cpus: 0, bogus: 1 } },
    { status: 400, code: 'invalid_request' },
  );
  expect(problem.parse(json()).fields.map(({ field }) => field)).toEqual([
    'params.id',
    'query.bogus',
    'body.cpus',
    'body.bogus',
  ]);
});

test.each([
  ['a name in use', 'POST', '/api/workspaces', { name: 'still' }, 409, 'name_taken'],
  ['a start of what runs', 'POST', '/api/workspaces/alive/start', undefined, 409, 'wrong_status'],
  ['a stop of what is stopped', 'POST', '/api/workspaces/still/stop', undefined, 409, 'wrong_status'],
  ['a retry where nothing failed', 'POST', '/api/workspaces/still/retry', undefined, 409, 'wrong_status'],
  ['more memory than the host has', 'PATCH', '/api/workspaces/still', { memoryMiB: 20_000 }, 422, 'exceeds_capacity'],
  ['a port registered twice', 'POST', '/api/workspaces/still/ports', { port: 3000 }, 409, 'port_taken'],
  ['a port that is not registered', 'DELETE', '/api/workspaces/still/ports/4000', undefined, 404, 'port_not_found'],
  [
    'a workspace larger than the host',
    'POST',
    '/api/workspaces',
    { name: 'big', memoryMiB: 20_000 },
    422,
    'exceeds_capacity',
  ],
])('%s is refused', (_what, method, path, body, status, code) =>
  refused(path, { method, ...(body ? { body } : {}) }, { status, code }),
);

test('a start that does not fit names whom to stop', async () => {
  const answer = await expectRefused(
    server,
    '/api/workspaces',
    { method: 'POST', body: { name: 'large', memoryMiB: 16_000 } },
    {
      status: 409,
      code: 'capacity_exhausted',
    },
  );
  expect(answer.text).toContain('alive');
});

test('the sixth port is refused', async () => {
  for (const port of [3001, 3002, 3003, 3004]) {
    server.store.addPort('still', { port, label: null, stripPrefix: true }, { actor: 'user' });
  }
  await refused(
    '/api/workspaces/still/ports',
    { method: 'POST', body: { port: 3005 } },
    {
      status: 409,
      code: 'too_many_ports',
    },
  );
});

test.each(['/api', '/api/', '/api/nothing', '/api/workspaces/', '/api/workspaces/still/nothing', '/api//workspaces'])(
  '%s is unknown',
  async (path) => {
    const answer = await expectRefused(
      server,
      `${path}?a=b`,
      {},
      { status: 404, code: 'unknown_route', field: 'path' },
    );
    expect(answer.json()).toMatchObject({ detail: `There is no ${path}.` });
  },
);

test('several wrong fields are said in one sentence, in plain words', async () => {
  const question = { method: 'POST', body: { cpus: 0, extra: true } };
  const answer = await expectRefused(server, '/api/workspaces', question, { status: 400, code: 'invalid_request' });
  expect(answer.json()).toMatchObject({
    detail:
      'body.name: Required. Send a string; body.cpus: At least 1; body.extra: This field is unknown. Leave it out.',
  });
});
