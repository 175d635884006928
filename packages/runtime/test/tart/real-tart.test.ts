/**
 * The runtime's contract over a real Tart, on a Mac: `npm run test:tart`. It needs an image as docs/tart.md describes,
 * named in TIDEPOOL_TART_IMAGE where there are several. Machines of other homes are left alone.
 */
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { describeRuntime, type RuntimeHarness } from '../../src/contract.ts';
import { newestRun } from '../../src/tart/run-record.ts';
import { createTartRuntime } from '../../src/tart/tart-runtime.ts';
import { at, getTarget, signal } from '../tart-harness.ts';

describeRuntime('Tart', { can: ['clone'], runsCommands: true }, openRealTart);

async function openRealTart(): Promise<RuntimeHarness> {
  // The hypervisor shares no directory whose path leads through a link, as /tmp is one on macOS.
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'tp-')));
  chmodSync(home, 0o711);
  const directory = join(home, 'tart');
  const { TIDEPOOL_TART: program = 'tart', TIDEPOOL_TART_HOME: tartHome = null } = process.env;
  const image = process.env.TIDEPOOL_TART_IMAGE ?? null;
  const log = pino({ level: 'warn' });
  const open = () => createTartRuntime({ directory, program, tartHome, image, log });
  const runtime = open();
  return {
    open,
    logDirectory: join(home, 'logs'),
    async serve(id, port) {
      const server = `exec </dev/null >/dev/null 2>&1; exec python3 -m http.server --bind 127.0.0.1 ${port}`;
      const streams = { stdin: null, stdout: new PassThrough().resume(), stderr: new PassThrough().resume() };
      const code = await runtime.exec(id, ['setsid', '--fork', 'sh', '-c', server], streams, signal);
      if (code !== 0) throw new Error(`the server inside ended with ${code}`);
    },
    get: getTarget,
    async end(id) {
      const run = newestRun(join(directory, id, 'runs'));
      if (run !== null) process.kill(run.pid, 'SIGKILL');
    },
    async close() {
      for (const { id } of await runtime.list(signal)) {
        await runtime.stop(id, at(1_000_000));
        await runtime.remove(id, at(1_000_000));
      }
      rmSync(home, { recursive: true });
    },
  };
}
