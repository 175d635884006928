/** `GET /api/workspaces/:id/logs`: the end of a workspace's two log files as one, and on request what comes too. */
import { once } from 'node:events';
import { join } from 'node:path';
import type { LogLine, Workspace } from '@tidepool/core';
import type { Reads } from '@tidepool/db';
import type { Request, Response } from 'express';
import { createWake } from '../wake.ts';
import { createLogFile, type LogFile } from './log-file.ts';
import { type ReadLine, readInstanceLine, readLines, readTidepoolLine } from './log-line.ts';

export interface LogStreams {
  serve(
    workspace: Pick<Workspace, 'id' | 'name'>,
    options: { readonly limit: number; readonly follow: boolean },
    request: Request,
    response: Response,
  ): Promise<void>;
}

interface Source {
  readonly file: LogFile;
  readonly read: ReadLine;
}

export function createLogStreams(parts: {
  readonly store: Pick<Reads, 'workspace'>;
  /** `HOME/.logs`; a workspace's own directory in it has its name. */
  readonly directory: string;
  /** Aborted when the server ends. */
  readonly stopping: AbortSignal;
}): LogStreams {
  const { store, stopping } = parts;
  return {
    serve: async (workspace, { limit, follow }, request, response) => {
      const directory = join(parts.directory, workspace.name);
      const sources: Source[] = [
        { file: createLogFile(join(directory, 'instance.log')), read: readInstanceLine },
        { file: createLogFile(join(directory, 'tidepool.jsonl')), read: readTidepoolLine },
      ];
      const lines = await lastLines(sources, limit, follow);
      response.writeHead(200, {
        'Content-Type': 'application/x-ndjson; charset=utf-8',
        'Cache-Control': 'no-store, no-transform',
      });
      if (request.method === 'HEAD') {
        response.end();
        return;
      }
      response.write(ndjson(lines));
      if (follow)
        await followFiles(sources, directory, response, stopping, () => store.workspace(workspace.id) !== null);
      response.end();
    },
  };
}

/** A line begun and not ended belongs to the end of the log, but not yet to a stream that will see its end. */
async function lastLines(sources: readonly Source[], limit: number, follow: boolean): Promise<LogLine[]> {
  const parts = await Promise.all(
    sources.map(async ({ file, read }) => {
      const { lines, writtenAt } = await file.tail(limit);
      return readLines([...lines, ...(follow ? [] : file.rest())], read, writtenAt);
    }),
  );
  return inOrder(parts.flat()).slice(-limit);
}

/** Until the client goes, the server ends, or the workspace is gone. */
async function followFiles(
  sources: readonly Source[],
  directory: string,
  response: Response,
  stopping: AbortSignal,
  exists: () => boolean,
): Promise<void> {
  const gone = new AbortController();
  const over = AbortSignal.any([gone.signal, stopping]);
  response.once('close', () => gone.abort());
  let wakeUp = Promise.withResolvers<void>();
  over.addEventListener('abort', () => wakeUp.resolve());
  const rouse = () => wakeUp.resolve();
  const wake = createWake({ directory, isOurs: () => true, everyMs: 1_000, changed: rouse, tick: rouse });
  try {
    while (!over.aborted && exists()) {
      const more = await sendNew(sources, response, over);
      if (more) continue;
      await wakeUp.promise;
      wakeUp = Promise.withResolvers();
    }
  } finally {
    wake.stop();
  }
}

/** @returns whether a file has more to read now */
async function sendNew(sources: readonly Source[], response: Response, over: AbortSignal): Promise<boolean> {
  const parts = await Promise.all(sources.map(async ({ file, read }) => ({ read, chunk: await file.next() })));
  const lines = parts.flatMap(({ read, chunk }) => readLines(chunk.lines, read, chunk.writtenAt));
  // Files are read no faster than the client reads: what is unsent stays on the disk.
  if (lines.length > 0 && !over.aborted && !response.write(ndjson(inOrder(lines)))) await drained(response, over);
  return parts.some(({ chunk }) => chunk.more);
}

async function drained(response: Response, over: AbortSignal): Promise<void> {
  try {
    await once(response, 'drain', { signal: over });
  } catch (error) {
    if (!over.aborted) throw error;
  }
}

function inOrder(lines: LogLine[]): LogLine[] {
  return lines.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function ndjson(lines: readonly LogLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}
