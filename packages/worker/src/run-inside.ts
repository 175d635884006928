/** A command inside an instance that is run for what it says, not for somebody to watch. */
import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Runtime } from '@tidepool/runtime';

export interface Inside {
  /** 128 + signal where one ended it, 127 where there is no such program. */
  readonly code: number;
  /** The end of what it wrote to each, at most 16 KiB: a guest may write for ever. */
  readonly out: string;
  readonly errors: string;
}

const keptCharacters = 16_384;

/**
 * Runs `command` as the workspace's user in its project folder. It is ended when `signal` is aborted.
 * @param said each piece of what it writes to stderr, as it comes
 * @throws the signal's reason; what `Runtime.exec` throws
 */
export async function runInside(
  runtime: Runtime,
  workspaceId: string,
  command: readonly string[],
  signal: AbortSignal,
  said: (text: string) => void = () => undefined,
): Promise<Inside> {
  const out = collect();
  const errors = collect(said);
  const streams = { stdin: null, stdout: out.stream, stderr: errors.stream };
  const code = await runtime.exec(workspaceId, command, streams, signal);
  // An aborted command has an exit code too, which says nothing.
  signal.throwIfAborted();
  return { code, out: out.text(), errors: errors.text() };
}

function collect(said: (text: string) => void = () => undefined) {
  const decoder = new StringDecoder('utf8');
  let kept = '';
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      const text = decoder.write(chunk);
      kept = (kept + text).slice(-keptCharacters);
      said(text);
      done();
    },
  });
  return { stream, text: () => kept };
}
