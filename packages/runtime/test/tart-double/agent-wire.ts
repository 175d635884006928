/** What the double's `tart exec` and the agent in its guests say to each other: a JSON object per line. */
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';

const agentMessage = z.union([
  z.strictObject({ command: z.array(z.string()), interactive: z.boolean() }),
  /** Base64; empty: the end of the input. */
  z.strictObject({ input: z.string() }),
  z.strictObject({ output: z.string() }),
  z.strictObject({ errors: z.string() }),
  z.strictObject({ exit: z.int() }),
  z.strictObject({ failure: z.string() }),
]);
export type AgentMessage = z.infer<typeof agentMessage>;

/** Gives false where the other side reads too slowly for more, as `write` does. */
export function send(stream: Writable, message: AgentMessage): boolean {
  return stream.write(`${JSON.stringify(message)}\n`);
}

export function receive(stream: Readable, handle: (message: AgentMessage) => void): void {
  createInterface({ input: stream }).on('line', (line) => handle(agentMessage.parse(JSON.parse(line))));
}
