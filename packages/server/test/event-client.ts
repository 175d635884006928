/** Reads an event stream as a browser would, and remembers what it said. */
import http from 'node:http';
import { type ActivityEvent, activityEvent, proxyHeaders } from '@tidepool/core';
import { createParser } from 'eventsource-parser';
import { proxySecret } from './harness.ts';

export interface EventClient {
  readonly status: number;
  readonly events: { readonly id: string; readonly event: string; readonly data: string }[];
  /** The `activity` events, parsed by the contract's schema. */
  activity(): ActivityEvent[];
  lastId(): string;
  /** What came, comments and all. */
  raw(): string;
  readonly ended: Promise<void>;
  pause(): void;
  close(): void;
}

export function openEvents(port: number, options: { query?: string; lastEventId?: string } = {}): Promise<EventClient> {
  return new Promise((resolve, reject) => {
    const request = http.get({
      host: '127.0.0.1',
      port,
      agent: false,
      path: `/api/events${options.query ?? ''}`,
      headers: {
        [proxyHeaders.secret]: proxySecret,
        [proxyHeaders.listener]: 'app',
        [proxyHeaders.auth]: 'session',
        accept: 'text/event-stream',
        ...(options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }),
      },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const events: { id: string; event: string; data: string }[] = [];
      let raw = '';
      const parser = createParser({
        onEvent: ({ id = '', event = 'message', data }) => void events.push({ id, event, data }),
      });
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        raw += text;
        parser.feed(text);
      });
      const ended = new Promise<void>((over) => response.on('close', () => over()));
      response.on('error', () => undefined);
      resolve({
        status: response.statusCode ?? 0,
        events,
        activity: () =>
          events.filter(({ event }) => event === 'activity').map(({ data }) => activityEvent.parse(JSON.parse(data))),
        lastId: () => events.at(-1)?.id ?? '',
        raw: () => raw,
        ended,
        pause: () => response.pause(),
        close: () => request.destroy(),
      });
    });
  });
}
