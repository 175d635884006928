/** Running a command inside over Incus's WebSockets: one each for input, output, errors, and one to control it. */
import { once } from 'node:events';
import { Writable } from 'node:stream';
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
/** Milliseconds from an abort after which a daemon that does not say how the command ended is not waited for any more. */
const mostEnding = 10_000;

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
  const limit = limitOf(signal, ended.signal);
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
    return await attach(home, operation, execution.parse(metadata).metadata.fds, streams, limit);
  } catch (error) {
    throw asFailure(error, 'instance_failed');
  } finally {
    ended.abort();
  }
}

/** Aborted some time after `signal`, unless the command has `ended` by then: a daemon that hangs never says so. */
function limitOf(signal: AbortSignal, ended: AbortSignal): AbortSignal {
  const limit = new AbortController();
  const giveUp = () => {
    const detail = 'Incus does not say whether the command has ended.';
    limit.abort(new TidepoolError('runtime_unavailable', { detail }));
  };
  const begin = () => {
    const timer = setTimeout(giveUp, mostEnding);
    ended.addEventListener('abort', () => clearTimeout(timer), { once: true });
  };
  signal.addEventListener('abort', begin, { once: true, signal: ended });
  return limit.signal;
}

/** The command begins when all but the one that controls are open. Its exit code comes when all of its output has. */
async function attach(
  home: IncusHome,
  operation: string,
  secrets: { readonly 0: string; readonly 1: string; readonly 2: string; readonly control: string },
  streams: ExecStreams,
  limit: AbortSignal,
): Promise<number> {
  // Incus pings from the first moment on, waits for no answer, and may have closed by then: one that cannot be sent would
  // break the socket, and what has come and is not read yet would be lost.
  const socket = (secret: string) => home.client.socket(`${operation}/websocket?secret=${secret}`, { autoPong: false });
  const [input, output, errors, control] = [
    socket(secrets[0]),
    socket(secrets[1]),
    socket(secrets[2]),
    socket(secrets.control),
  ];
  // How the command ended is told by its operation, also where a socket broke.
  for (const each of [input, control]) each.on('error', () => {});
  const stdin = inputTo(input);
  const outputs = [copy(output, streams.stdout), copy(errors, streams.stderr)];
  const endSockets = () => {
    for (const each of [input, output, errors, control]) each.terminate();
  };
  limit.addEventListener('abort', endSockets, { once: true });
  try {
    await Promise.all([input, control].map(opened));
    if (streams.stdin === null) stdin.end();
    else streams.stdin.pipe(stdin);
    const code = await exitCode(home, operation, limit);
    const areWhole = (await Promise.all(outputs)).every((isWhole) => isWhole);
    if (code === 0 && !areWhole) {
      const detail = 'The connection to the command broke, and some of its output is lost.';
      throw new TidepoolError('runtime_unavailable', { detail });
    }
    return code;
  } finally {
    limit.removeEventListener('abort', endSockets);
    streams.stdin?.unpipe(stdin);
    endSockets();
  }
}

/** Two of a shell's exit codes are errors to Incus, and one whose instance ended under it has none. */
async function exitCode(home: IncusHome, operation: string, limit: AbortSignal): Promise<number> {
  try {
    const { return: code } = executed.parse(await home.client.wait(operation, limit));
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

/** Whether all of it came: Incus then says so by a text message, and closes without a word. */
async function copy(socket: WebSocket, to: Writable): Promise<boolean> {
  let isWhole = false;
  socket.on('message', (_, isBinary) => {
    if (!isBinary) isWhole = true;
  });
  try {
    for await (const chunk of createWebSocketStream(socket)) {
      if (!to.write(chunk)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
    }
  } catch {
    // The socket broke, or whoever wanted the output did: what is left of it goes nowhere.
    return false;
  }
  return isWhole;
}

/** Or is closed: Incus waits for all but the one that controls, and refuses that one where the command has ended by then. */
async function opened(socket: WebSocket): Promise<void> {
  if (socket.readyState !== WebSocket.CONNECTING) return;
  // Not `once` of events, which rejects where an error comes first.
  await new Promise((resolve) => socket.once('open', resolve).once('close', resolve));
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
