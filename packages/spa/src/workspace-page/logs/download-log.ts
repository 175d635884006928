/** The whole of a log as a text file: as much of it as the server keeps. */
import { type LogLine, maxLogLines } from '@tidepool/core';
import { readLog } from './log-stream.ts';

const deadlineMs = 30_000;

/** @returns how many lines. @throws where it cannot be read */
export async function downloadLog(workspaceId: string, name: string, now: number): Promise<number> {
  const lines: LogLine[] = [];
  await readLog({
    workspaceId,
    limit: maxLogLines,
    follow: false,
    signal: AbortSignal.timeout(deadlineMs),
    onLines: (more) => lines.push(...more),
  });
  save(lines.map(textOf).join(''), logFileName(name, now));
  return lines.length;
}

/** `notes-2026-03-01T12-00-00Z.log`: a colon is not allowed everywhere. */
function logFileName(name: string, at: number): string {
  return `${name}-${new Date(at).toISOString().slice(0, 19).replaceAll(':', '-')}Z.log`;
}

function textOf({ at, level, source, message }: LogLine): string {
  return `${at} ${level.padEnd(5)} ${source} ${message}\n`;
}

function save(text: string, fileName: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}
