/**
 * Notices that nothing listens any more where a living process is to be asked: its socket was removed, or it was told to
 * listen elsewhere (a config without our admin section moves Caddy's endpoint or closes it). Nobody can tell it otherwise
 * then; to start it anew is all that is left.
 */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two looks, and how many in a row find nobody. Slow is not gone: only a refusal counts, and not a start. */
const standard = { everyMs: 5_000, looks: 6 };

/**
 * @param address `unix//ABSOLUTE/PATH` or `127.0.0.1:PORT`
 * @param gone called after the last of so many looks; then they begin anew
 */
export async function watchEndpoint(
  address: string,
  gone: () => void,
  signal: AbortSignal,
  { everyMs, looks } = standard,
): Promise<void> {
  for (let missed = 0; ; ) {
    try {
      await sleep(everyMs, undefined, { signal });
    } catch {
      // Aborted.
      return;
    }
    missed = (await refuses(address)) ? missed + 1 : 0;
    if (missed < looks || signal.aborted) continue;
    missed = 0;
    gone();
  }
}

function refuses(address: string): Promise<boolean> {
  const [host = '', port] = address.split(':');
  const socket = connect(
    address.startsWith('unix/') ? { path: address.slice('unix/'.length) } : { host, port: Number(port) },
  );
  socket.setTimeout(1_000, () => socket.destroy());
  return new Promise((resolve) => {
    let refused = false;
    socket.once('connect', () => socket.destroy());
    socket.once('error', (error) => {
      refused = 'code' in error && (error.code === 'ENOENT' || error.code === 'ECONNREFUSED');
    });
    socket.once('close', () => resolve(refused));
  });
}
