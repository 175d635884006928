/**
 * Git repositories over HTTPS, as git-http-backend(1) serves them: a program for tests, on this machine and inside a
 * workspace, where the image's Node runs a copy of this file. Usage: node git-https.mts DIRECTORY PORT
 *
 * DIRECTORY has `cert.pem`, `key.pem`, `repositories/`, and may have `delay`: milliseconds before each answer. Below
 * `/private/` it asks for a password, and `/moved/` leads to plain HTTP. Prints its port.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';

// With the test that started it, however that ended.
process.once('disconnect', () => process.exit());

const [directory = '.', port = '0'] = process.argv.slice(2);
const inside = (name: string) => join(directory, name);

const server = createServer({ cert: readFileSync(inside('cert.pem')), key: readFileSync(inside('key.pem')) });
server.on('request', (request, response) => {
  const delay = existsSync(inside('delay')) ? Number(readFileSync(inside('delay'), 'utf8')) : 0;
  setTimeout(() => answer(request, response), delay);
});
server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address();
  console.log(typeof address === 'object' ? address?.port : address);
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'https://localhost');
  if (url.pathname.startsWith('/private/')) {
    response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end();
  } else if (url.pathname.startsWith('/moved/')) {
    response.writeHead(302, { Location: `http://${request.headers.host}${url.pathname}` }).end();
  } else {
    serve(request, response, url);
  }
}

/** The CGI of RFC 3875, as far as git-http-backend needs it. */
function serve(request: IncomingMessage, response: ServerResponse, url: URL): void {
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: inside('repositories'),
      GIT_HTTP_EXPORT_ALL: '1',
      // The directory may be another user's.
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REQUEST_METHOD: request.method,
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  backend.stdin.on('error', () => {});
  request.pipe(backend.stdin);
  const pieces: Buffer[] = [];
  backend.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  backend.on('close', () => {
    const all = Buffer.concat(pieces);
    const end = all.indexOf('\r\n\r\n');
    for (const line of all.subarray(0, end).toString('latin1').split('\r\n')) {
      const [name = '', value = ''] = line.split(': ');
      if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.end(all.subarray(end + 4));
  });
}
