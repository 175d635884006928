/** The runtime of a Mac: each instance is a virtual machine of Tart. See docs/EDD/runtimes.md. */
import type { Runtime } from '../runtime.ts';
import { unsupported } from '../unsupported.ts';
import { describeTart } from './describe-tart.ts';
import { execInside } from './exec-inside.ts';
import { addressOf } from './machine-address.ts';
import { cloneMachine, createMachine, inspectMachine, listMachines, removeMachine } from './machines.ts';
import { startMachine } from './start-machine.ts';
import { stopMachine } from './stop-machine.ts';
import { openTartHome, type TartRuntimeOptions } from './tart-home.ts';
import { tartImages } from './tart-images.ts';
import { createTartWatch } from './tart-watch.ts';

export function createTartRuntime(options: TartRuntimeOptions): Runtime {
  const home = openTartHome(options);
  const watch = createTartWatch(home);

  return {
    describe: (signal) => describeTart(home, signal),
    images: (signal) => tartImages(home, signal),
    list: (signal) => listMachines(home, signal),
    inspect: (id, signal) => inspectMachine(home, id, signal),
    create: (spec, operation) => createMachine(home, spec, operation),
    start: (spec, operation) => startMachine(home, spec, operation),
    stop: (id, operation) => stopMachine(home, id, operation, (run) => watch.unfollow(id, run)),
    remove: (id, operation) => removeMachine(home, id, operation),

    async expose(id, ports, { fence, signal }) {
      signal.throwIfAborted();
      home.fences.raise(id, fence);
      const host = await addressOf(home, id, signal);
      return ports.map((port) => ({ kind: 'tcp', host, port }));
    },

    exec: (id, command, streams, signal) => execInside(home, id, command, streams, signal),
    clone: (spec, source, operation) => cloneMachine(home, spec, source, operation),
    ...unsupported('Tart', ['pause', 'resume', 'snapshot', 'console', 'usage']),
    watch: (changed, signal) => watch.begin(changed, signal),
  };
}
