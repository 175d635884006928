/** The editor answers its page: not its health check, which is ready before the editor is loaded. */
import { formatTarget, TidepoolError } from '@tidepool/core';
import type { Runtime } from '@tidepool/runtime';
import { openPage } from '../ide-page.ts';
import { lastLines, lastOf } from '../last-lines.ts';
import { growingPause } from '../pause.ts';
import type { Step, StepContext } from './step.ts';

/** How long the editor has to answer, in milliseconds; it takes about one second. */
const patienceMs = 60_000;
/** Milliseconds between two looks at whether the instance still lives. */
const lookMs = 1000;
/** Of its log, in an error. */
const linesShown = 10;

export const ensureIde: Step = {
  name: 'ensureIde',
  deadlineMs: patienceMs + 15_000,
  async run(context) {
    const { found, paths, signal, log } = context;
    const target = found.exposed?.ide;
    if (target === undefined)
      throw new TidepoolError('internal', { detail: 'No address was found before the editor.' });
    const asked = performance.now();
    const pause = growingPause({ firstMs: 3, factor: 1.01, mostMs: 20 });
    const page = openPage(target, paths.relay);
    let looked = asked;
    try {
      for (;;) {
        const answer = await page.ask(signal);
        if (answer.ready) return;
        const now = performance.now();
        log.trace({ answer: answer.what }, 'editor not ready');
        if (now - asked > patienceMs) throw await notReady(context, formatTarget(target), answer.what);
        if (now - looked > lookMs) {
          looked = now;
          await refuseDead(context);
        }
        await pause(signal);
      }
    } finally {
      await page.close();
    }
  },
};

/** An instance that ended meanwhile will not answer: say so at once instead of after a minute. */
async function refuseDead(context: StepContext): Promise<void> {
  const instance = await context.runtime.inspect(context.workspace.id, context.signal);
  if (instance !== null && instance.state !== 'stopped') return;
  const detail = `The machine of the workspace ended while its editor started.${await ending(context)}`;
  throw new TidepoolError('instance_failed', { detail, passing: true });
}

async function notReady(context: StepContext, address: string, what: string): Promise<TidepoolError> {
  const detail = `The editor did not answer at ${address} within ${patienceMs / 1000} s (${what}).`;
  return new TidepoolError('ide_not_ready', { detail: `${detail}${await ending(context)}` });
}

async function ending({ paths, workspace, runtime, signal }: StepContext): Promise<string> {
  const logged = await lastLines(`${paths.logs}/${workspace.name}/instance.log`, linesShown);
  const lines = logged.length > 0 ? logged : lastOf(await printed(runtime, workspace.id, signal), linesShown);
  return lines.length === 0 ? ' Its log is empty.' : ` Its log ends with:\n${lines.join('\n')}`;
}

/** What an instance printed that writes into no log of ours. That it cannot be read must not hide the error it is for. */
async function printed(runtime: Runtime, workspaceId: string, signal: AbortSignal): Promise<string> {
  try {
    return await runtime.console(workspaceId, signal);
  } catch (error) {
    if (error instanceof TidepoolError) return '';
    throw error;
  }
}
