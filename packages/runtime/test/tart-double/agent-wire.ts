/**
 * What the double's `tart exec` and the agent in its guests say to each other: a JSON object per line. The double reads only
 * what it wrote itself, so it checks none of it: loading zod would take longer than all that a command does.
 */
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export type AgentMessage =
  | { readonly command: readonly string[]; readonly interactive: boolean }
  /** Base64; empty: the end of the input. */
  | { readonly input: string }
  | { readonly output: string }
  | { readonly errors: string }
  | { readonly exit: number }
  | { readonly failure: string };

/** Gives false where the other side reads too slowly for more, as `write` does. */
export function send(stream: Writable, message: AgentMessage): boolean {
  return stream.write(`${JSON.stringify(message)}\n`);
}

export function receive(stream: Readable, handle: (message: AgentMessage) => void): void {
  createInterface({ input: stream }).on('line', (line) => handle(JSON.parse(line)));
}
