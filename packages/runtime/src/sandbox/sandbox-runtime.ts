/**
 * The runtime that needs neither root nor a hypervisor: an instance is a tree of processes in namespaces, made with pasta
 * (network), bubblewrap (files, processes) and socat (relays). See docs/EDD/runtimes.md.
 */
import { join } from 'node:path';
import { TidepoolError } from '@tidepool/core';
import { consoleTail } from '../console-tail.ts';
import { runCommand } from '../run-command.ts';
import type { Runtime } from '../runtime.ts';
import { unsupported } from '../unsupported.ts';
import { createAddressMonitor } from './address-monitor.ts';
import { describeSandbox } from './describe-sandbox.ts';
import { endRun } from './end-run.ts';
import { inGuest } from './enter.ts';
import { readInstance } from './instance-files.ts';
import { createInstance, inspectInstance, listInstances, removeInstance } from './instances.ts';
import { toolEnvironment } from './launcher.ts';
import { measureInstances } from './measure-instances.ts';
import { clearRelays, setRelays } from './relays.ts';
import { isUp } from './run-record.ts';
import { openSandboxHome, requireInstance, requireRun, type SandboxOptions } from './sandbox-home.ts';
import { asSandboxUser } from './sandbox-user.ts';
import { createSandboxWatch } from './sandbox-watch.ts';
import { startInstance } from './start-instance.ts';

export function createSandboxRuntime(options: SandboxOptions): Runtime {
  const home = openSandboxHome(options);
  const monitor = createAddressMonitor(options.log);
  const watch = createSandboxWatch(home, monitor);

  return {
    describe: (signal) => describeSandbox(home, signal),
    images: () => options.listImages(),

    async list(signal) {
      signal.throwIfAborted();
      const instances = listInstances(home);
      for (const { id, state } of instances) if (state === 'running') watch.follow(id);
      return instances;
    },

    async inspect(id, signal) {
      signal.throwIfAborted();
      return inspectInstance(home, id);
    },

    create: async (spec, operation) => createInstance(home, spec, operation),

    async start(spec, operation) {
      const networks = await monitor.current(operation.signal);
      await startInstance(home, spec, operation, networks);
      watch.follow(spec.id);
      await watch.catchUp(spec.id, networks);
    },

    async stop(id, { fence, signal }) {
      signal.throwIfAborted();
      home.fences.raiseIfRoom(id, fence);
      const instance = readInstance(home.paths(id));
      const run = home.run(id);
      if (run !== null) {
        watch.unfollow(run);
        await endRun(run, home.user(), home.paths(id).state, () => home.fences.check(id, fence));
      }
      if (instance !== null) clearRelays(home.relays(instance));
    },

    remove: (id, operation) => removeInstance(home, id, operation),

    async expose(id, ports, { fence, signal }) {
      signal.throwIfAborted();
      home.fences.raise(id, fence);
      const { instance, run } = requireRun(home, id);
      await setRelays(run, home.user(), home.relays(instance), ports, () => home.fences.check(id, fence));
      return ports.map((port) => ({ kind: 'unix', instance: instance.relay, port }));
    },

    async exec(id, command, streams, signal) {
      const { instance, run } = requireRun(home, id);
      if (!isUp(home.paths(id).state, run)) throw new TidepoolError('instance_not_running');
      const place = { cwd: '/', env: toolEnvironment, ...asSandboxUser(home.user()) };
      return runCommand(inGuest(run, instance.name, command), streams, signal, place);
    },

    async console(id, signal) {
      signal.throwIfAborted();
      const { logDirectory } = requireInstance(home, id);
      return logDirectory === null ? '' : consoleTail(join(logDirectory, 'instance.log'));
    },

    async usage(signal) {
      signal.throwIfAborted();
      return measureInstances(home);
    },

    ...unsupported('The sandbox', ['pause', 'resume', 'snapshot', 'clone']),

    watch: (changed, signal) => watch.begin(changed, signal),
  };
}
