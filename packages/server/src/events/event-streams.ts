/**
 * `GET /api/events`. A stream begins with `hello` (or `reset`, where `Last-Event-ID` cannot be resumed), then carries one
 * `activity` event per row, and between them what running workspaces take. docs/EDD/api.md has the semantics.
 */
import type { UsageEvent } from '@tidepool/core';
import type { Request, Response } from 'express';
import type { EventTail, Listening, TailEvent } from './event-tail.ts';
import { eventId, resumePoint } from './resume-point.ts';
import type { UsageFeed } from './usage-feed.ts';

export interface EventStreams {
  /** @param workspaceId only this one's events; null for all */
  serve(workspaceId: string | null, request: Request, response: Response): void;
  /** Ends every stream with a hint when to come back. */
  stop(): void;
}

/** Below every proxy's and tunnel's idle limit that we know of. */
const heartbeatMs = 15_000;
/** A client that has so much unread does not read: it is dropped, comes back with its `Last-Event-ID`, and costs no memory. */
const maxUnreadBytes = 1024 * 1024;
/** Milliseconds a client waits before it comes back. */
const retryMs = 1_000;

export function createEventStreams({
  tail,
  usage,
}: {
  readonly tail: EventTail;
  readonly usage: UsageFeed;
}): EventStreams {
  const open = new Set<Response>();
  let heartbeat: NodeJS.Timeout | undefined;

  const beat = () => {
    // An `id` without data is no event, but moves `Last-Event-ID`: a stream of one quiet workspace stays resumable.
    for (const response of open) write(response, `: still here\nid: ${tail.lastEventId()}\n\n`);
  };
  const close = (response: Response) => {
    open.delete(response);
    if (open.size > 0) return;
    clearInterval(heartbeat);
    heartbeat = undefined;
  };

  return {
    serve: (workspaceId, request, response) => {
      response.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store, no-transform',
        'X-Accel-Buffering': 'no',
      });
      if (request.method === 'HEAD') {
        response.end();
        return;
      }
      const isMeant = (event: TailEvent) => workspaceId === null || event.workspaceId === workspaceId;
      // Nothing here waits, so no row can come between the last one replayed and the first one listened to.
      const listening = tail.listen((event) => {
        if (isMeant(event)) write(response, event.text);
      });
      const endUsage = usage.listen((measured) => write(response, usageText(measured, workspaceId)));
      open.add(response);
      heartbeat ??= setInterval(beat, heartbeatMs).unref();
      response.once('close', () => {
        listening.end();
        endUsage();
        close(response);
      });
      write(response, `retry: ${retryMs}\n\n${opening(listening, request.get('last-event-id'), isMeant)}`);
    },
    stop: () => {
      clearInterval(heartbeat);
      for (const response of open) response.end(`retry: ${retryMs}\n\n`);
      open.clear();
    },
  };
}

function opening(
  { bounds, replay }: Listening,
  lastEventId: string | undefined,
  isMeant: (event: TailEvent) => boolean,
): string {
  const point = resumePoint(lastEventId, bounds);
  if (point.kind === 'reset') return framed(bounds.databaseId, point.after, 'reset', { reason: point.reason });
  const hello = framed(bounds.databaseId, point.after, 'hello', { resumed: point.kind === 'resume' });
  if (point.kind === 'fresh') return hello;
  return (
    hello +
    replay(point.after)
      .filter(isMeant)
      .map((event) => event.text)
      .join('')
  );
}

function framed(databaseId: string, id: number, event: string, data: object): string {
  return `id: ${eventId(databaseId, id)}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Without an id: it moves no `Last-Event-ID`, and is not sent again. Empty where nothing of it is meant. */
function usageText({ workspaces }: UsageEvent, workspaceId: string | null): string {
  const meant = workspaces.filter(({ id }) => workspaceId === null || id === workspaceId);
  const data: UsageEvent = { workspaces: meant };
  return meant.length === 0 ? '' : `event: usage\ndata: ${JSON.stringify(data)}\n\n`;
}

function write(response: Response, text: string): void {
  if (text === '' || response.writableEnded) return;
  if (response.writableLength > maxUnreadBytes) response.destroy();
  else response.write(text);
}
