/** Starting an instance: its size, what its guest reads, then the launch. One that runs stays as it is. */
import { setTimeout as sleep } from 'node:timers/promises';
import { TidepoolError } from '@tidepool/core';
import { replaceFile } from '../replace-file.ts';
import type { ForStart, InstanceSpec } from '../runtime.ts';
import { editorCommand } from '../sandbox/editor-command.ts';
import { guestEnvironment } from '../sandbox/guest-environment.ts';
import { launch } from './launch.ts';
import { liveRun, newestNumber } from './run-record.ts';
import type { TartHome } from './tart-home.ts';
import { machineOf, setSize } from './virtual-machines.ts';

export async function startMachine(home: TartHome, spec: InstanceSpec, operation: ForStart): Promise<void> {
  const { id } = spec;
  const { fence, signal } = operation;
  home.fences.raise(id, fence);
  for (;;) {
    const machine = await machineOf(home, id, signal);
    // Taken before the look at the run: whoever launches one after that look has it.
    const number = newestNumber(home.paths(id).runs) + 1;
    if (machine === null || home.read(id) === null) throw new TidepoolError('instance_not_found');
    if ((await liveRun(home, id, signal)) !== null) {
      if (machine.running) return;
      // Another launcher's, which Tart is about to call running, or which is about to end.
      await sleep(100, undefined, { signal });
    } else {
      if (machine.running) throw foreignRun(machine.name);
      await setSize(home.tart, machine.name, spec, signal);
      writeGuestFiles(home.paths(id).guest, spec.name);
      home.fences.check(id, fence);
      if ((await launch(home, spec, number, operation)) === 'running') return;
    }
  }
}

/** What a boot reads from the share: the workspace's name is in nothing else, so the same image serves all. */
function writeGuestFiles(directory: string, name: string): void {
  // No word of it has a space.
  const editor = editorCommand(name, '/usr/lib/tidepool/editor.cjs').join(' ');
  const lines = Object.entries({ ...guestEnvironment(name), TIDEPOOL_EDITOR: editor }).map(
    ([key, value]) => `${key}="${value}"\n`,
  );
  replaceFile(`${directory}/environment`, lines.join(''));
}

/** Started by hand it lacks the wall between it and the networks, so it is nobody's workspace. */
function foreignRun(name: string): TidepoolError {
  const detail = `The virtual machine ${name} runs, but not by Tidepool.`;
  return new TidepoolError('instance_failed', { detail, fix: `Run \`tart stop ${name}\`, then retry.` });
}
