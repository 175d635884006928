/** What comes out of the event stream, in the form in which tabs hand it to each other. */
import { z } from 'zod';
import { connection } from './connection.ts';

export const streamMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connection'), connection }),
  /** One SSE event `activity`, its data not parsed yet. */
  z.object({ kind: z.literal('activity'), id: z.string(), data: z.string() }),
  /** One SSE event `usage`, its data not parsed yet; the next one replaces it. */
  z.object({ kind: z.literal('usage'), data: z.string() }),
  /** Something is missing for good: everything has to be read again. */
  z.object({ kind: z.literal('reset'), id: z.string() }),
  /** The server's sign of life. */
  z.object({ kind: z.literal('alive') }),
]);
export type StreamMessage = z.infer<typeof streamMessage>;
