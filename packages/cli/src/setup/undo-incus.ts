/** `tidepool setup incus --undo`: first what is ours in Incus, then, asked for by itself, what was done to the machine. */
import { TidepoolError } from '@tidepool/core';
import type { Setup } from './setup.ts';
import { setupCommand } from './setup-command.ts';
import type { Ask } from './setup-incus.ts';
import { type Survey, surveyIncus } from './survey.ts';
import { machineRemovals } from './undo-machine.ts';
import { objectRemovals, type Removal } from './undo-objects.ts';

/** @returns the exit code. @throws TidepoolError where workspaces are left, or Incus cannot be asked */
export async function undoIncus(setup: Setup, ask: Ask): Promise<number> {
  const survey = await surveyIncus(setup);
  if (survey.trouble !== null) throw survey.trouble;
  refuseUnasked(setup, survey);
  const objects = await objectRemovals(setup, survey);
  const inIncus = await offer(setup, objects, 'This takes away what the set-up made inside Incus:', ask);
  if (inIncus === 'refused') return 1;

  const machine = await machineRemovals(setup, await surveyIncus(setup));
  const onMachine = await offer(
    setup,
    machine,
    'The set-up also did this to the machine, which can be taken back:',
    ask,
  );
  if (onMachine === 'nothing' && inIncus === 'nothing') setup.say('There is nothing of the set-up to take away.');
  if (onMachine === 'done') setup.record.clear();
  return onMachine === 'refused' ? 1 : 0;
}

/** What is in a daemon that does not run cannot be told from its files. */
function refuseUnasked(setup: Setup, { isAsleep }: Survey): void {
  if (!isAsleep) return;
  throw new TidepoolError('runtime_unavailable', {
    detail: `The Incus daemon of ${setup.directory} does not run, so nobody knows what is in it.`,
    fix: `Start it (\`${setupCommand(setup)}\` does), then run this again.`,
  });
}

async function offer(
  { say, signal }: Setup,
  removals: readonly Removal[],
  heading: string,
  ask: Ask,
): Promise<'nothing' | 'refused' | 'done'> {
  if (removals.length === 0) return 'nothing';
  say(heading);
  for (const { will } of removals) say(`  - ${will}`);
  if (ask === null) {
    say('\nNothing of it was done: there is no terminal to ask on. Run it again with --yes.');
    return 'refused';
  }
  if (!(await ask('Go on?'))) {
    say('Nothing of it was done.');
    return 'refused';
  }
  for (const { will, carryOut } of removals) {
    signal.throwIfAborted();
    say(`${will.slice(0, 100)} …`);
    await carryOut();
  }
  return 'done';
}
