/** A stand-in for Incus on a unix socket: all is set up, there are no instances, and a test says what is to go wrong. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { type IncusConfig, parseConfig } from '@tidepool/core';
import { pino } from 'pino';
import { WebSocketServer } from 'ws';
import { removeWall } from '../src/incus/host-wall.ts';
import { openIncusHome } from '../src/incus/incus-home.ts';
import { createIncusRuntime } from '../src/incus/incus-runtime.ts';
import { ours, wantedDevices, wantedNetwork, wantedProject, wantedRules } from '../src/incus/surroundings/wanted.ts';
import type { InstanceSpec, Runtime } from '../src/runtime.ts';
import { readHostNetworks } from '../src/sandbox/host-networks.ts';

export interface Asked {
  /** `POST /1.0/instances`, the query left out. */
  readonly what: string;
  readonly body: unknown;
}

/** `cut`: the connection ends. */
type Answer =
  | { readonly metadata: unknown; readonly etag?: string }
  | { readonly error: string; readonly code: number }
  /** The change is accepted, and this comes of it. */
  | { readonly failure: string }
  | { readonly done: unknown }
  | { readonly text: string }
  | 'cut';

export interface IncusDouble {
  readonly config: IncusConfig;
  readonly directory: string;
  readonly asked: Asked[];
  readonly runtime: Runtime;
  /** From now on; a function is asked each time. */
  on(what: string, answer: Answer | ((asked: Asked) => Answer)): void;
  spec(changes?: Partial<InstanceSpec>): InstanceSpec;
  /** Answers as an instance of this home. */
  has(id: string, status: string, config?: Readonly<Record<string, string>>): void;
  /** The only instance there is, of that name and with the labels of the workspace `id`. */
  hasRenamed(id: string, name: string): void;
  /** To whoever watches. */
  tell(action: string, source: string): void;
  close(): Promise<void>;
}

export const image = 'workspace@0123456789ab';
const fingerprint = 'f'.repeat(64);
const address = '10.77.250.1/24';

export async function openIncusDouble(env: Readonly<Record<string, string>> = {}): Promise<IncusDouble> {
  const directory = mkdtempSync('/tmp/tp-');
  const around = { cwd: '/', homeDirectory: directory, isRoot: false, totalMemoryMiB: 4096 };
  // A bridge that no Incus of this machine has: as root its wall is raised for real.
  const network = `tpd${directory.slice(-6).toLowerCase()}`;
  const given = { INCUS_DIR: directory, TIDEPOOL_INCUS_NETWORK: network, ...env };
  const { incus: config } = parseConfig(given, around);
  const runtime = createIncusRuntime({
    config,
    home: directory,
    images: `${directory}/images`,
    log: pino({ level: 'silent' }),
  });
  const answers = new Map<string, Answer | ((asked: Asked) => Answer)>();
  const outcomes = new Map<string, Answer>();
  const asked: Asked[] = [];
  mkdirSync(`${directory}/database`);

  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const path = decodeURIComponent(request.url?.split('?')[0] ?? '');
    const body = request.headers['content-type'] === 'application/json' ? await json(request) : null;
    const call = { what: `${request.method} ${path}`, body };
    asked.push(call);
    const answer = outcomes.get(path) ?? answers.get(call.what) ?? { error: 'not found', code: 404 };
    send(response, typeof answer === 'function' ? answer(call) : answer, outcomes);
  };
  const server = createServer((request, response) => void respond(request, response));
  const events = new WebSocketServer({ server });
  await new Promise<void>((resolve) => server.listen(`${directory}/unix.socket`, resolve));

  const double: IncusDouble = {
    config,
    directory,
    asked,
    runtime,
    on: (what, answer) => void answers.set(what, answer),
    spec(changes = {}) {
      const id = changes.id ?? crypto.randomUUID();
      const sizes = { cpus: 2, memoryMiB: 1024, diskGiB: 20 };
      return { id, name: 'web-app', image, ...sizes, logDirectory: `${directory}/.logs/web-app`, ...changes };
    },
    has(id, status, given = {}) {
      const labels = { 'user.tidepool.workspace': id, 'user.tidepool.home': identity(), 'user.tidepool.made': 'true' };
      const eth0 = { 'ipv4.address': '10.77.250.7' };
      const found = { name: `tp-${id}`, type: 'container', status, config: { ...labels, ...given }, devices: { eth0 } };
      answers.set(`GET /1.0/instances/tp-${id}`, { metadata: { ...found, expanded_devices: {} }, etag: 'one' });
      answers.set(`PATCH /1.0/instances/tp-${id}`, { metadata: {} });
    },
    hasRenamed(id, name) {
      const config = { 'user.tidepool.workspace': id, 'user.tidepool.home': identity(), 'user.tidepool.made': 'true' };
      const found = { name, type: 'container', status: 'Stopped', config, devices: {}, expanded_devices: {} };
      answers.set('GET /1.0/instances', { metadata: [found] });
    },
    tell(action, source) {
      const event = { type: 'lifecycle', project: config.project, metadata: { action, source } };
      for (const socket of events.clients) socket.send(JSON.stringify(event));
    },
    async close() {
      for (const socket of events.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true, force: true });
      if (process.getuid?.() === 0) await removeWall(network, AbortSignal.timeout(10_000));
    },
  };
  const identity = () =>
    openIncusHome({ config, home: directory, images: '', log: pino({ level: 'silent' }) }).claimIdentity();
  await setUp(double);
  return double;
}

/** What `tidepool setup incus` leaves, and an image that boots. */
async function setUp({ config, on }: IncusDouble): Promise<void> {
  const { project, network, pool } = config;
  const host = await readHostNetworks(AbortSignal.timeout(10_000));
  const described = (name: string, given: object) => ({ metadata: { name, description: '', ...given } });
  on('GET /1.0', server('lxc'));
  on(`GET /1.0/projects/${project}`, described(project, { config: wantedProject }));
  on(`PUT /1.0/projects/${project}`, { metadata: {} });
  on(`GET /1.0/profiles/default`, described('default', { config: {}, devices: wantedDevices(config) }));
  on(`GET /1.0/network-acls/${network}`, described(network, { config: ours, ...wantedRules(['10.77.250.1'], host) }));
  const bridge = { type: 'bridge', managed: true, status: 'Created', config: wantedNetwork(config, address) };
  on(`GET /1.0/networks/${network}`, described(network, bridge));
  on(`GET /1.0/storage-pools/${pool}`, described(pool, { driver: 'btrfs', status: 'Created', config: {} }));
  on('GET /1.0/images', { metadata: [] });
  on('GET /1.0/instances', { metadata: [] });
  on('GET /1.0/images/aliases/workspace/0123456789ab', alias('workspace/0123456789ab'));
  const record = { fingerprint, type: 'container', size: 1, properties: { 'tidepool.tree': 'abc123' }, aliases: [] };
  on(`GET /1.0/images/${fingerprint}`, { metadata: record });
  on('GET /1.0/operations', { metadata: {} });
}

export function server(driver: string, server_version = '6.0.4'): Answer {
  return { metadata: { auth: 'trusted', api_extensions: [], environment: { driver, server_version } } };
}

export function alias(name: string): Answer {
  return { metadata: { name, target: fingerprint, type: 'container' } };
}

let operations = 0;

function send(response: ServerResponse, answer: Answer, outcomes: Map<string, Answer>): void {
  if (answer === 'cut') {
    response.destroy();
  } else if ('text' in answer) {
    response.end(answer.text);
  } else if ('error' in answer) {
    response
      .writeHead(answer.code)
      .end(JSON.stringify({ type: 'error', error: answer.error, error_code: answer.code }));
  } else if ('metadata' in answer) {
    response.writeHead(200, answer.etag === undefined ? {} : { etag: answer.etag });
    response.end(JSON.stringify({ type: 'sync', metadata: answer.metadata }));
  } else {
    operations += 1;
    const operation = `/1.0/operations/${operations}`;
    const outcome =
      'failure' in answer ? { error: answer.failure, code: 400 } : { metadata: { metadata: answer.done } };
    outcomes.set(`${operation}/wait`, outcome);
    response.writeHead(202).end(JSON.stringify({ type: 'async', operation, metadata: {} }));
  }
}
