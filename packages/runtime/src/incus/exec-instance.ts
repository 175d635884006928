/** Running a command inside over Incus's WebSockets: one each for input, output, errors, and one to control it. */
import { once } from 'node:events';
import { type Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { TidepoolError } from '@tidepool/core';
import WebSocket, { createWebSocketStream } from 'ws';
import type { ExecStreams } from '../runtime.ts';
import { inProject } from '../sandbox/enter.ts';
import { guestEnvironment } from '../sandbox/guest-environment.ts';
import { guestUser } from '../sandbox/guest-etc.ts';
import { IncusError } from './client/incus-error.ts';
import { executed, execution } from './client/replies.ts';
import { asFailure } from './incus-failure.ts';
import { type IncusHome, labels } from './incus-home.ts';
import { stateOf } from './run-state.ts';

/** In the environment of the command and of whatever it starts, so that all of it can be found and ended. */
const mark = 'TIDEPOOL_EXEC';
const endAll = `for each in /proc/[0-9]*/environ; do
  if grep -qzxsF "${mark}=$0" "$each"; then pid=\${each#/proc/}; kill -KILL "\${pid%/environ}"; fi
done`;
/** Milliseconds between two tries to end a command that is only starting. */
const again = 200;

/** @throws `instance_not_running` */
export async function execInside(
  home: IncusHome,
  id: string,
  command: readonly string[],
  streams: ExecStreams,
  signal: AbortSignal,
): Promise<number> {
  const found = await home.find(id, signal);
  if (found === null || stateOf(found.value) !== 'running') throw new TidepoolError('instance_not_running');
  const run = crypto.randomUUID();
  const ended = new AbortController();
  signal.addEventListener('abort', () => void endMarked(home, id, run, ended.signal), {
    once: true,
    signal: ended.signal,
  });
  const json = {
    command: ['/bin/sh', '-c', inProject, guestUser.project, ...command],
    environment: { ...guestEnvironment(found.value.config[labels.name] ?? ''), [mark]: run },
    user: guestUser.uid,
    group: guestUser.gid,
    cwd: '/',
    interactive: false,
    'wait-for-websocket': true,
  };
  try {
    const change = { method: 'POST', path: home.instancePath(id, '/exec'), json } as const;
    const { operation, metadata } = await home.client.begin(change, signal);
    return await attach(home, operation, execution.parse(metadata).metadata.fds, streams);
  } catch (error) {
    throw asFailure(error, 'instance_failed');
  } finally {
    ended.abort();
  }
}

/** The command begins when all four are open. Its exit code comes when all of its output has. */
async function attach(
  home: IncusHome,
  operation: string,
  secrets: { readonly 0: string; readonly 1: string; readonly 2: string; readonly control: string },
  streams: ExecStreams,
): Promise<number> {
  const socket = (secret: string) => home.client.socket(`${operation}/websocket?secret=${secret}`);
  const [input, output, errors, control] = [
    socket(secrets[0]),
    socket(secrets[1]),
    socket(secrets[2]),
    socket(secrets.control),
  ];
  // How the command ended is told by its operation, also where a socket broke.
  for (const each of [input, control]) each.on('error', () => {});
  const stdin = inputTo(input);
  const outputs = [
    copy(createWebSocketStream(output), streams.stdout),
    copy(createWebSocketStream(errors), streams.stderr),
  ];
  try {
    await Promise.all([input, control].map(opened));
    if (streams.stdin === null) stdin.end();
    else streams.stdin.pipe(stdin);
    const code = await exitCode(home, operation);
    await Promise.all(outputs);
    return code;
  } finally {
    streams.stdin?.unpipe(stdin);
    for (const each of [input, output, errors, control]) each.terminate();
  }
}

/** Two of a shell's exit codes are errors to Incus, and one whose instance ended under it has none. */
async function exitCode(home: IncusHome, operation: string): Promise<number> {
  try {
    const { return: code } = executed.parse(await home.client.wait(operation, new AbortController().signal));
    return code < 0 ? 128 + 9 : code;
  } catch (error) {
    if (!(error instanceof IncusError)) throw error;
    if (error.message === 'Command not found') return 127;
    if (error.message === 'Command not executable') return 126;
    throw error;
  }
}

/** A text message, however empty, is the end of the input; the data are binary ones. */
function inputTo(socket: WebSocket): Writable {
  const writable = new Writable({
    write: (chunk: Buffer, _, done) => socket.send(chunk, done),
    final: (done) => socket.send('', { binary: false }, done),
  });
  // A command may end without reading what it is sent: that is its own affair, and its exit code tells.
  return writable.on('error', () => {});
}

async function copy(from: Readable, to: Writable): Promise<void> {
  try {
    for await (const chunk of from) {
      if (!to.write(chunk)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
    }
  } catch {
    // The socket broke: its operation tells why.
  }
}

async function opened(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CONNECTING) await Promise.race([once(socket, 'open'), once(socket, 'close')]);
}

/** Until it has ended: a command that is only starting is not found yet. */
async function endMarked(home: IncusHome, id: string, run: string, ended: AbortSignal): Promise<void> {
  const json = { command: ['/bin/sh', '-c', endAll, run], 'wait-for-websocket': false, interactive: false };
  while (!ended.aborted) {
    try {
      await home.client.change({ method: 'POST', path: home.instancePath(id, '/exec'), json }, ended);
    } catch {
      // The instance ends as well, or its daemon: so does the command's operation.
    }
    await sleep(again, undefined, { signal: ended }).catch(() => {});
  }
}
