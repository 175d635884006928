/** What the set-up finds, as `tidepool doctor` shows it. */
import type { Finding } from '@tidepool/core';
import type { Setup } from './setup.ts';
import { lookAtAll, type Seen } from './steps.ts';

export async function checkIncus(setup: Setup): Promise<Finding[]> {
  return (await lookAtAll(setup)).map(toFinding);
}

function toFinding({ step: { id, title }, state }: Seen): Finding {
  const { detail } = state;
  switch (state.kind) {
    case 'done':
      return { id, title, status: 'ok', detail, fix: null, commands: [] };
    case 'todo': {
      const fix = `\`tidepool setup incus\` will ${state.will.join('; and ')}.`;
      return { id, title, status: 'failed', detail, fix, commands: ['npm run tidepool -- setup incus'] };
    }
    case 'blocked':
    case 'warning': {
      const status = state.kind === 'blocked' ? 'failed' : 'warning';
      return { id, title, status, detail, fix: state.fix, commands: [...(state.commands ?? [])] };
    }
  }
}
