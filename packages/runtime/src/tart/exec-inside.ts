/** Commands inside, by `tart exec`: the guest's agent runs them as the workspace's user. */
import { setTimeout as sleep } from 'node:timers/promises';
import { TidepoolError } from '@tidepool/core';
import { runCommand } from '../run-command.ts';
import type { ExecStreams } from '../runtime.ts';
import { inProject } from '../sandbox/enter.ts';
import { guestEnvironment } from '../sandbox/guest-environment.ts';
import { guestUser } from '../sandbox/guest-etc.ts';
import { isAlive, liveRun, type RunRecord } from './run-record.ts';
import type { TartHome } from './tart-home.ts';

/** The agent gives no signal's number; a shell that waits makes 128 + n of it. */
const withStatus = '"$@"\nexit $?';

/** Kills all that has the mark, and what it starts meanwhile: the agent ends the first process only. */
const endMarked = `tries=0
while [ "$tries" -lt 40 ] && found=$(grep -alsxz "$0" /proc/[0-9]*/environ); do
  tries=$((tries + 1))
  for file in $found; do pid=\${file#/proc/}; kill -KILL "\${pid%/environ}" 2>/dev/null; done
done
exit 0`;

export async function execInside(
  home: TartHome,
  id: string,
  command: readonly string[],
  streams: ExecStreams,
  signal: AbortSignal,
): Promise<number> {
  const instance = home.read(id);
  const run = instance && (await liveRun(home, id, signal));
  if (!instance || !run) throw new TidepoolError('instance_not_running');
  const machine = home.vmName(id);
  // It has ended, and all that ran in it.
  if (!(await agentAnswers(home, machine, run, signal))) return 128 + 9;

  const { tart } = home;
  const mark = `TIDEPOOL_EXEC=${crypto.randomUUID()}`;
  const environment = Object.entries(guestEnvironment(instance.name)).map(([key, value]) => `${key}=${value}`);
  const argv = [
    // `tart exec` takes every word after the machine's name as it is.
    ...[tart.program, 'exec', ...(streams.stdin === null ? [] : ['-i']), machine],
    ...['/usr/bin/env', '-i', ...environment, mark],
    ...['/bin/sh', '-c', withStatus, 'sh', '/bin/sh', '-c', inProject, guestUser.project, ...command],
  ];
  const code = await runCommand(argv, streams, signal, { cwd: '/', env: tart.environment });
  if (signal.aborted) await end(home, machine, mark);
  return code;
}

/** Waits until it does; false where the machine has ended instead. @throws `runtime_unavailable` (passing) */
async function agentAnswers(home: TartHome, machine: string, run: RunRecord, signal: AbortSignal): Promise<boolean> {
  for (const end = performance.now() + home.limits.agent; ; await sleep(500, undefined, { signal })) {
    try {
      await home.tart.run(['exec', machine, 'true'], signal, 10_000);
      return true;
    } catch (error) {
      if (!(await isAlive(run, signal))) return false;
      if (!(error instanceof TidepoolError) || performance.now() > end) throw error;
    }
  }
}

async function end({ tart, options }: TartHome, machine: string, mark: string): Promise<void> {
  try {
    await tart.run(['exec', machine, '/bin/sh', '-c', endMarked, mark], AbortSignal.timeout(10_000));
  } catch (error) {
    options.log.warn({ err: error, machine }, 'aborted command not ended');
  }
}
