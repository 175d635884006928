/** Asks for an editor's page until it is there. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Every 5 ms, redirects followed, for a minute at most. */
export async function firstPage(url: string, headers: Readonly<Record<string, string>>): Promise<void> {
  for (const end = performance.now() + 60_000; performance.now() < end; await sleep(5)) {
    const status = await ask(url, headers);
    if (status === 200) return;
  }
  throw new Error(`${url} never answered`);
}

/** Null where nobody answers (yet). */
async function ask(url: string, headers: Readonly<Record<string, string>>): Promise<number | null> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(30_000) });
    await response.arrayBuffer();
    return response.status;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
