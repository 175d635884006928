/** What the set-up finds, as `tidepool doctor` shows it. */
import { type Config, type Finding, parseIpv4Range } from '@tidepool/core';
import { chooseRuntime, createIncusClient } from '@tidepool/runtime';
import type { Host } from '../preflight/host.ts';
import type { Setup } from './setup.ts';
import { setupCommand } from './setup-command.ts';
import { noRecord } from './setup-record.ts';
import { lookAtAll, type Seen } from './steps.ts';
import { incusDirectory } from './survey.ts';

/** For the doctor: all of it where workspaces are to run in Incus, else why they do not. */
export async function lookAtIncus(config: Config, host: Host): Promise<Finding[]> {
  const signal = AbortSignal.timeout(30_000);
  const { kind, finding } = await chooseRuntime(config, signal);
  if (kind !== 'incus') return finding === null ? [] : [finding];
  const incus = createIncusClient(config.incus.place);
  const subnet = config.incus.subnet === null ? null : parseIpv4Range(config.incus.subnet);
  const directory = incusDirectory(config);
  const setup = {
    config,
    host,
    incus,
    directory,
    subnet,
    signal,
    record: noRecord,
    poolGiB: null,
    env: {},
    say: () => {},
  };
  try {
    return (await lookAtAll(setup)).map((seen) => (mendsItself(seen) ? mended(setup, seen) : toFinding(setup, seen)));
  } finally {
    await incus.close();
  }
}

function mendsItself({ state }: Seen): boolean {
  return state.kind === 'todo' && state.mendsItself === true;
}

/** Such as rules of the bridge from before the host joined another network: no reason not to start. */
function mended(setup: Setup, seen: Seen): Finding {
  const fix = 'Tidepool puts that right when it starts; `tidepool setup incus` does it now.';
  return { ...toFinding(setup, seen), status: 'warning', fix };
}

export async function checkIncus(setup: Setup): Promise<Finding[]> {
  return (await lookAtAll(setup)).map((seen) => toFinding(setup, seen));
}

function toFinding(setup: Setup, { step: { id, title }, state }: Seen): Finding {
  const { detail } = state;
  switch (state.kind) {
    case 'done':
      return { id, title, status: 'ok', detail, fix: null, commands: [] };
    case 'todo': {
      const fix = `\`tidepool setup incus\` will ${state.will.join('; and ')}.`;
      return { id, title, status: 'failed', detail, fix, commands: [setupCommand(setup)] };
    }
    case 'blocked':
    case 'warning': {
      const status = state.kind === 'blocked' ? 'failed' : 'warning';
      return { id, title, status, detail, fix: state.fix, commands: [...(state.commands ?? [])] };
    }
  }
}
