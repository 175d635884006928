/** A client over a server that has some workspaces and lists them in the order given, so many on a page. */
import { type Client, createClient, statuses, type Workspace } from '@tidepool/core';

export interface ListServer {
  readonly client: Client;
  /** The queries that were asked. */
  readonly asked: URLSearchParams[];
}

export function createListServer(there: readonly Workspace[], { perPage = 100, answerMs = 0 } = {}): ListServer {
  const asked: URLSearchParams[] = [];
  const fetch: typeof globalThis.fetch = async (input) => {
    const query = new URL(String(input), 'http://stub').searchParams;
    asked.push(query);
    if (answerMs > 0) await new Promise((resolve) => setTimeout(resolve, answerMs));
    const wanted = query.get('status')?.split(',');
    const found = there.filter(({ status }) => wanted?.includes(status) ?? true);
    const from = Number(query.get('cursor') ?? 0);
    const to = from + perPage;
    return Response.json({
      items: found.slice(from, to),
      nextCursor: to < found.length ? String(to) : null,
      total: found.length,
      counts: Object.fromEntries(
        statuses.map((status) => [status, there.filter((each) => each.status === status).length]),
      ),
    });
  };
  return { client: createClient({ baseUrl: '', fetch }), asked };
}
