/** `tidepool setup incus`: look, say what will change, ask, do it step by step. Run again it goes on from where it is. */
import { TidepoolError } from '@tidepool/core';
import type { Setup } from './setup.ts';
import { startCommand } from './setup-command.ts';
import { lookAtAll, type Seen, steps } from './steps.ts';
import { surveyIncus } from './survey.ts';

/** Null: there is nobody to be asked. */
export type Ask = ((question: string) => Promise<boolean>) | null;

/** @returns the exit code. @throws TidepoolError for what its owner has to mend first, or what failed on the way */
export async function setUpIncus(setup: Setup, ask: Ask): Promise<number> {
  const { say } = setup;
  const seen = await lookAtAll(setup);
  for (const { step, state } of seen) if (state.kind === 'warning') say(`${step.title}: ${state.detail} ${state.fix}`);
  refuseBlocked(seen);
  const plan = seen.flatMap(({ state }) => (state.kind === 'todo' ? state.will : []));
  if (plan.length === 0) {
    say('Incus is set up for Tidepool; there is nothing to do.');
    return 0;
  }
  say('This will change:');
  for (const line of plan) say(`  - ${line}`);
  say('Nothing else of this machine or of its Incus is changed; `tidepool setup incus --undo` takes it back.');
  if (ask === null) {
    say('\nNothing was changed: there is no terminal to ask on. Run it again with --yes.');
    return 1;
  }
  if (!(await ask('Go on?'))) {
    say('Nothing was changed.');
    return 1;
  }
  await carryOut(setup);
  say(`\nIncus is set up for Tidepool. Next: ${startCommand(setup)}`);
  return 0;
}

/** Each step is looked at anew: what one before it did may be all that it needed. */
async function carryOut(setup: Setup): Promise<void> {
  const done: string[] = [];
  for (const step of steps) {
    setup.signal.throwIfAborted();
    const survey = await surveyIncus(setup);
    const state = await step.look(setup, survey);
    if (state.kind === 'blocked') throw failed(step.title, done, new TidepoolError('runtime_not_set_up', state));
    if (state.kind !== 'todo') continue;
    for (const line of state.will) setup.say(`${line} …`);
    try {
      await step.apply(setup, survey);
    } catch (error) {
      throw failed(step.title, done, error);
    }
    done.push(...state.will);
  }
}

function refuseBlocked(seen: readonly Seen[]): void {
  const blocked = seen.flatMap(({ step, state }) => (state.kind === 'blocked' ? [{ step, state }] : []));
  if (blocked.length === 0) return;
  const commands = [...new Set(blocked.flatMap(({ state }) => state.commands ?? []))];
  const fixes = [...new Set(blocked.map(({ state }) => state.fix))];
  throw new TidepoolError('runtime_not_set_up', {
    detail: blocked.map(({ step, state }) => `${step.title}: ${state.detail}`).join('\n'),
    fix: [...fixes, ...(commands.length === 0 ? [] : ['Run:', ...commands.map((command) => `  ${command}`)])].join(
      '\n',
    ),
  });
}

/** With what was done before: it stays, and the next run goes on behind it. */
function failed(title: string, done: readonly string[], error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const soFar = done.length === 0 ? 'Nothing was changed before.' : `Done before: ${done.join('; ')}.`;
  const fix = error instanceof TidepoolError ? error.fix : 'Mend that, then run `tidepool setup incus` again.';
  const code = error instanceof TidepoolError ? error.code : 'runtime_not_set_up';
  return new TidepoolError(code, { detail: `${title}: ${error.message}`, fix: `${fix}\n${soFar}`, cause: error });
}
