/** A line of a workspace's log, as it is sent. */
import { z } from 'zod';

/** What is kept of a log is its last mebibyte: this is all of it, unless its lines are very short. */
export const maxLogLines = 10_000;

export const logLine = z.strictObject({
  at: z.string(),
  level: z.string(),
  /** `instance` for the workspace's own output, else the process that wrote it. */
  source: z.string(),
  message: z.string(),
});
export type LogLine = z.infer<typeof logLine>;
