/** Whether an editor that was started for a trial answers: alive, and with its page. */
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

export type EditorPlace = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/** Null as soon as both have answered; else what did not before the deadline, in words. */
export async function missingAnswer(place: EditorPlace, folder: string, deadline: AbortSignal): Promise<string | null> {
  for (const [path, expected] of [
    ['/healthz', '"status"'],
    [`/?folder=${encodeURIComponent(folder)}`, 'workbench'],
  ] as const) {
    while (!(await ask(place, path)).includes(expected)) {
      if (deadline.aborted) return `did not answer ${path}`;
      await pause(100);
    }
  }
  return null;
}

/** The body of a 200; empty for anything else. */
async function ask(place: EditorPlace, path: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const asked = request({ ...place, path, headers: { host: 'localhost' }, timeout: 20_000 }, (response) => {
    text(response).then(
      (body) => resolve(response.statusCode === 200 ? body : ''),
      () => resolve(''),
    );
  });
  asked.on('timeout', () => asked.destroy());
  asked.on('error', () => resolve(''));
  asked.end();
  return promise;
}
