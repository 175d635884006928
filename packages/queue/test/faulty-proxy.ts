/** Stands before a real SQS server and spoils its answers to one action: for tests of what a broken server may do. */
import { once } from 'node:events';
import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What may be said in place of an answer. */
export type Fault = (response: ServerResponse, answer: Buffer) => void;

export interface FaultyProxy {
  readonly endpoint: string;
  /** Spoils the answers to this action (`SendMessage`, …) or to every one, until `mend`. */
  spoil(action: string | 'all', fault: Fault): void;
  mend(): void;
  close(): void;
}

/** @param upstream the real server's endpoint, asked for with each request */
export async function startFaultyProxy(upstream: () => string): Promise<FaultyProxy> {
  let spoiled: { readonly action: string; readonly fault: Fault } | undefined;
  const server = createServer(async (request, response) => {
    const action = String(request.headers['x-amz-target']).split('.').at(-1);
    try {
      const { status, type, body } = await forward(upstream(), request, response);
      if (spoiled && (spoiled.action === 'all' || spoiled.action === action)) return spoiled.fault(response, body);
      response.writeHead(status, { 'content-type': type, 'content-length': body.length }).end(body);
    } catch {
      response.destroy();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    spoil: (action, fault) => {
      spoiled = { action, fault };
    },
    mend: () => {
      spoiled = undefined;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function forward(upstream: string, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', upstream);
  const onward = ask(url, { method: request.method, headers: { ...request.headers, host: url.host } });
  request.pipe(onward);
  // Whoever gave up asking no longer waits there either.
  response.on('close', () => onward.destroy());
  const [answer]: IncomingMessage[] = await once(onward, 'response');
  if (answer === undefined) throw new Error('no answer');
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece);
  const type = answer.headers['content-type'] ?? 'application/x-amz-json-1.0';
  return { status: answer.statusCode ?? 500, type, body: Buffer.concat(pieces) };
}

const json = { 'content-type': 'application/x-amz-json-1.0' };

function saying(body: string, headers: Readonly<Record<string, string>> = json): Fault {
  return (response) => response.writeHead(200, headers).end(body);
}

/** No answer to any action. */
export const faults = {
  'a page': saying('<!doctype html><title>Welcome</title>', { 'content-type': 'text/html' }),
  'half of an answer, its length announced': (response, answer) => {
    response.writeHead(200, { ...json, 'content-length': answer.length + 10 });
    response.write(answer.subarray(0, answer.length / 2), () => response.destroy());
  },
  'half of an answer, in chunks': (response, answer) => {
    response.writeHead(200, json);
    response.write(answer.length > 1 ? answer.subarray(0, answer.length / 2) : '{', () => response.destroy());
  },
  'half of an answer, ended well': (response, answer) => {
    response.writeHead(200, json).end(answer.length > 2 ? answer.subarray(0, answer.length / 2) : '{"Mess');
  },
  'a connection that is cut at once': (response) => void response.destroy(),
  'an answer without an end': (response) => {
    const chunk = Buffer.alloc(2 ** 20, 'x');
    const more = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.writeHead(200, json).on('drain', more);
    more();
  },
} as const satisfies Record<string, Fault>;

/** Well-formed, and still none to an action that has something to say. */
export const hollow = {
  nothing: saying(''),
  'an empty object': saying('{}'),
  'a list': saying('[]'),
  'a number': saying('1'),
  null: saying('null'),
} as const satisfies Record<string, Fault>;

/** Of a receive: this, in place of what the server gave. */
export function messages(list: unknown): Fault {
  return saying(JSON.stringify({ Messages: list }));
}
