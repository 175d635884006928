import { expect, test } from 'vitest';
import { ApiError, createClient } from './client.ts';
import { TidepoolError } from './errors.ts';
import { toProblem } from './problem.ts';

function answering(status: number, body: string) {
  const seen: { url: string; init: RequestInit | undefined }[] = [];
  const fetch: typeof globalThis.fetch = async (url, init) => {
    seen.push({ url: String(url), init });
    return new Response(body, { status });
  };
  return { client: createClient({ baseUrl: 'http://h', fetch }), seen };
}

test('params are escaped into the path, the query leaves out what is undefined', async () => {
  const { client, seen } = answering(200, '{"items": [], "nextCursor": null}');
  await client('listActivity', { params: { id: 'a/b?c' }, query: { cursor: undefined, limit: '5' } });
  expect(seen[0]?.url).toBe('http://h/api/workspaces/a%2Fb%3Fc/activity?limit=5');
});

test('a body is sent as JSON with its type and key', async () => {
  const { client, seen } = answering(202, '{}');
  await client('createWorkspace', { body: { name: 'web-app' }, idempotencyKey: 'k1' });
  expect(seen[0]?.init).toMatchObject({
    method: 'POST',
    body: '{"name":"web-app"}',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'k1' },
  });
});

test('a problem document arrives whole', async () => {
  const sent = toProblem(new TidepoolError('capacity_exhausted', { extra: { stop: { name: 'notes' } } }), 'r1');
  const { client } = answering(409, JSON.stringify(sent));
  const error = await client('getHost', {}).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    status: 409,
    problem: { code: 'capacity_exhausted', requestId: 'r1', stop: { name: 'notes' } },
  });
});

test.each([
  [502, '<html>bad gateway</html>', 'unexpected_answer'],
  [401, '', 'unauthenticated'],
  [403, '<html>not here</html>', 'intercepted'],
  [511, '<html>sign in first</html>', 'intercepted'],
])("a %i that is a proxy's own page becomes the problem %s", async (status, body, code) => {
  const { client } = answering(status, body);
  await expect(client('getHost', {})).rejects.toMatchObject({ problem: { status, code } });
});

test('an answer of 200 that is no JSON is said to be of something else, with its type', async () => {
  const fetch = async () =>
    new Response('<html>Welcome to our network</html>', { headers: { 'content-type': 'text/html; charset=utf-8' } });
  const error = await createClient({ baseUrl: '', fetch })('getHost', {}).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    status: 200,
    problem: {
      code: 'intercepted',
      detail: expect.stringContaining('200, text/html.'),
      fix: expect.stringContaining('sign in'),
    },
  });
});

test('no answer at all is a problem that says so, with its cause', async () => {
  const cause = new TypeError('fetch failed');
  const client = createClient({ baseUrl: '', fetch: () => Promise.reject(cause) });
  await expect(client('getHost', {})).rejects.toMatchObject({ status: 0, problem: { code: 'unreachable' }, cause });
});

test('an answer that is cut in its middle is no answer', async () => {
  const cause = new TypeError('terminated');
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"items":')),
    pull: (controller) => controller.error(cause),
  });
  const client = createClient({ baseUrl: '', fetch: async () => new Response(body) });
  await expect(client('getHost', {})).rejects.toMatchObject({ problem: { code: 'unreachable' }, cause });
});

test('an aborted request stays an abort', async () => {
  const client = createClient({ baseUrl: '', fetch: () => Promise.reject(new DOMException('', 'AbortError')) });
  await expect(client('getHost', {})).rejects.toMatchObject({ name: 'AbortError' });
});
