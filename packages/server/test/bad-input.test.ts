/** Invariant 7: bad input gets a problem+json answer that names field and fix, never a 5xx, and nothing is written. */
import { contract, type Endpoint, maxLogLines, urlOf } from '@tidepool/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

const unknownId = '019a0000-0000-7000-8000-000000000000';
const params: Record<string, string | number> = { id: 'still', port: 3000 };
const goodBodies: Record<string, object> = {
  createWorkspace: { name: 'another' },
  updateWorkspace: { cpus: 3 },
  addPort: { port: 4000 },
};
const endpoints = Object.entries<Endpoint>(contract).map(([name, endpoint]) => ({ name, endpoint }));

function pathOf(name: string, endpoint: Endpoint, changed: Record<string, string | number> = {}): string {
  const job = name === 'getJob' ? { id: server.store.activitySince(0, 1)[0]?.detail.job?.id ?? unknownId } : {};
  return urlOf(endpoint, { params: { ...params, ...job, ...changed } });
}
const question = (name: string, endpoint: Endpoint): Question => ({
  method: endpoint.method,
  ...(goodBodies[name] ? { body: goodBodies[name] } : {}),
});

describe.each(endpoints)('$name', ({ name, endpoint }) => {
  const ask = (): Question => question(name, endpoint);

  test('refuses an unknown query field', () =>
    refused(`${pathOf(name, endpoint)}?bogus=1`, ask(), {
      status: 400,
      code: 'invalid_request',
      field: 'query.bogus',
    }));

  test('refuses a query field twice', () =>
    refused(`${pathOf(name, endpoint)}?limit=1&limit=2`, ask(), {
      status: 400,
      code: 'invalid_request',
      field: 'query.limit',
    }));

  test('refuses broken escapes and NUL in the query and in the path', async () => {
    for (const search of ['?a=%', '?a=%zz', '?a=%ff', '?a=%00']) {
      await refused(pathOf(name, endpoint) + search, ask(), { status: 400, code: 'invalid_request', field: 'query' });
    }
    for (const tail of ['%', '%2', '%c3%28', '%00']) {
      await refused(pathOf(name, endpoint) + tail, ask(), { status: 400, code: 'invalid_request', field: 'path' });
    }
  });

  test('refuses an unknown body field', () =>
    refused(
      pathOf(name, endpoint),
      { method: endpoint.method, body: { ...goodBodies[name], bogus: 1 } },
      {
        status: 400,
        code: 'invalid_request',
        field: 'body.bogus',
      },
    ));

  test('refuses prototype keys', async () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      await refused(
        pathOf(name, endpoint),
        { method: endpoint.method, headers: { 'content-type': 'application/json' }, body: `{"${key}": {"cpus": 1}}` },
        { status: 400, code: 'invalid_request', field: `body.${key}` },
      );
      await refused(`${pathOf(name, endpoint)}?${key}=1`, ask(), {
        status: 400,
        code: 'invalid_request',
        field: `query.${key}`,
      });
    }
  });

  test.each([
    ['broken JSON', '{"name": '],
    ['an array', '[]'],
    ['a string', '"web-app"'],
    ['null', 'null'],
    ['a number', '7'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
    ['nesting without end', '['.repeat(200_000)],
  ])('refuses a body that is %s', (_what, body) =>
    refused(
      pathOf(name, endpoint),
      { method: endpoint.method, headers: { 'content-type': 'application/json' }, body },
      { status: 400, code: 'invalid_json', field: 'body' },
    ),
  );

  test.each([
    ['text/plain', 'header.Content-Type'],
    ['application/x-www-form-urlencoded', 'header.Content-Type'],
    ['application/json; charset=latin1', 'header.Content-Type'],
    ['application/jsonx', 'header.Content-Type'],
  ])('refuses the content type %s', (type, field) =>
    refused(
      pathOf(name, endpoint),
      { method: endpoint.method, headers: { 'content-type': type }, body: '{}' },
      {
        status: 415,
        code: 'unsupported_media_type',
        field,
      },
    ),
  );

  test('refuses a compressed body', () =>
    refused(
      pathOf(name, endpoint),
      { method: endpoint.method, headers: { 'content-encoding': 'gzip' }, body: { name: 'x' } },
      { status: 415, code: 'unsupported_media_type', field: 'header.Content-Encoding' },
    ));

  test('refuses more than 1 MiB, announced or chunked', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(1024 * 1024) });
    const headers = { 'content-type': 'application/json' };
    const expected = { status: 413, code: 'body_too_large', field: 'body' };
    await refused(pathOf(name, endpoint), { method: endpoint.method, headers, body }, expected);
    const chunked = { ...headers, 'transfer-encoding': 'chunked' };
    await refused(pathOf(name, endpoint), { method: endpoint.method, headers: chunked, body }, expected);
  });

  test('refuses other methods and says which it takes', async () => {
    const taken = endpoints
      .filter((other) => other.endpoint.path === endpoint.path)
      .map((other) => other.endpoint.method);
    const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'].filter(
      (method) => !taken.some((one) => one === method),
    );
    for (const method of others) {
      const answer = await expectRefused(
        server,
        pathOf(name, endpoint),
        { method },
        { status: 405, code: 'method_not_allowed' },
      );
      expect(answer.headers.allow?.split(', ')).toEqual(expect.arrayContaining(taken));
    }
  });

  test('refuses an address that is too long', () =>
    refused(`${pathOf(name, endpoint)}?search=${'a'.repeat(9000)}`, ask(), {
      status: 414,
      code: 'uri_too_long',
      field: 'path',
    }));
});

const withId = endpoints.filter(({ endpoint }) => endpoint.params);
const lists = endpoints.filter(({ endpoint }) => endpoint.query && 'limit' in endpoint.query.shape);
const pages = endpoints.filter(({ endpoint }) => endpoint.query && 'cursor' in endpoint.query.shape);
const idempotent = endpoints.filter(({ endpoint }) => endpoint.idempotent);

test.each(withId)('$name refuses an unknown id', async ({ name, endpoint }) => {
  const code = name === 'getJob' ? 'job_not_found' : 'workspace_not_found';
  await refused(pathOf(name, endpoint, { id: unknownId }), question(name, endpoint), { status: 404, code });
  if (name === 'getJob') return;
  await refused(pathOf(name, endpoint, { id: 'nobody' }), question(name, endpoint), { status: 404, code });
  await refused(pathOf(name, endpoint, { id: "'; DROP TABLE workspaces; --" }), question(name, endpoint), {
    status: 404,
    code,
  });
});

test.each(withId)('$name refuses an id that is too long', ({ name, endpoint }) =>
  refused(pathOf(name, endpoint, { id: 'a'.repeat(65) }), question(name, endpoint), {
    status: 400,
    code: 'invalid_request',
    field: 'params.id',
  }),
);

test.each(lists)('$name refuses a limit that is none', async ({ name, endpoint }) => {
  const tooMany = name === 'readLogs' ? maxLogLines + 1 : 101;
  for (const limit of ['0', `${tooMany}`, '-1', '1.5', 'ten', '', '1e1', '99999999999']) {
    await refused(`${pathOf(name, endpoint)}?limit=${limit}`, question(name, endpoint), {
      status: 400,
      code: 'invalid_request',
      field: 'query.limit',
    });
  }
});

test.each(pages)('$name refuses a cursor that it never gave', async ({ name, endpoint }) => {
  for (const cursor of ['x', 'AAAA', '%F0%9F%90%9F', Buffer.from('{"a":1}').toString('base64url'), '-1']) {
    await refused(`${pathOf(name, endpoint)}?cursor=${cursor}`, question(name, endpoint), {
      status: 400,
      code: 'invalid_cursor',
    });
  }
  await refused(`${pathOf(name, endpoint)}?cursor=${'a'.repeat(201)}`, question(name, endpoint), {
    status: 400,
    code: 'invalid_request',
    field: 'query.cursor',
  });
});

test.each(idempotent)('$name refuses an Idempotency-Key that is none', async ({ name, endpoint }) => {
  for (const key of ['', 'two words', 'x'.repeat(201), 'k\u00e4y']) {
    await refused(
      pathOf(name, endpoint),
      { ...question(name, endpoint), headers: { 'idempotency-key': key } },
      { status: 400, code: 'invalid_request', field: 'header.Idempotency-Key' },
    );
  }
});
