/** Reads a workspace's log: the end of it, and with `follow` what comes. */
import { type LogLine, logLine, requestLines, urlOf } from '@tidepool/core';

export interface LogRequest {
  readonly workspaceId: string;
  /** How many lines of what is there already. */
  readonly limit: number;
  readonly follow: boolean;
  readonly signal: AbortSignal;
  /** The server answers; what is there already comes next. */
  readonly onOpen?: () => void;
  readonly onLines: (lines: readonly LogLine[]) => void;
}

/** Resolves when the log has ended. @throws on a lost connection and on anything but a log */
export async function readLog({ workspaceId, limit, follow, signal, onOpen, onLines }: LogRequest): Promise<void> {
  const query = { limit: String(limit), follow: String(follow) };
  const response = await fetch(urlOf(requestLines.readLogs, { params: { id: workspaceId }, query }), { signal });
  if (!response.ok || !response.body) throw new Error(`The log cannot be read now (HTTP ${response.status}).`);
  onOpen?.();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let begun = '';
  for (;;) {
    const { done, value } = await reader.read();
    const lines = (begun + decoder.decode(value, { stream: !done })).split('\n');
    begun = done ? '' : (lines.pop() ?? '');
    const parsed = lines.flatMap(parseLine);
    if (parsed.length > 0) onLines(parsed);
    if (done) return;
  }
}

/** A line that is none, such as one cut off by the connection's end, is left out. */
function parseLine(text: string): readonly LogLine[] {
  if (text.trim() === '') return [];
  try {
    const { data } = logLine.safeParse(JSON.parse(text));
    return data ? [data] : [];
  } catch {
    return [];
  }
}
