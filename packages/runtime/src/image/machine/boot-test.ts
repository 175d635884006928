/** Whether an image boots to a working editor: asked of an instance of it, before workspaces are made from it. */
import { setTimeout as pause } from 'node:timers/promises';
import { type IncusConfig, idePort } from '@tidepool/core';
import { z } from 'zod';
import { bridgeSubnet, isAddressTaken } from '../../incus/bridge.ts';
import type { IncusClient } from '../../incus/client/incus-client.ts';
import { executed, instanceState } from '../../incus/client/replies.ts';
import { bootConfig } from '../../incus/instance-config.ts';
import { addressAt } from '../../incus/subnet.ts';
import { wantedDevices } from '../../incus/surroundings/wanted.ts';
import { guestEnvironment } from '../../sandbox/guest-environment.ts';
import { guestTree, guestUser } from '../../sandbox/guest-etc.ts';
import { missingAnswer } from '../ask-editor.ts';
import { CommandFailed } from '../build-command.ts';
import { bootDirectory } from './compose-machine.ts';
import type { ImageStore } from './incus-image-store.ts';

/** Milliseconds that a boot may take on a machine that is busy with other things. */
const patience = 120_000;
/** Each meets an address that somebody has. */
const mostAttempts = 20;

export interface BootTest {
  readonly client: IncusClient;
  readonly config: IncusConfig;
  readonly store: ImageStore;
  readonly fingerprint: string;
  readonly signal: AbortSignal;
}

/** Leaves its instance where it is: whoever calls it takes it away, whatever happens. @throws CommandFailed with what it printed */
export async function bootTest(test: BootTest): Promise<void> {
  const { client, store, signal } = test;
  const name = `boot-test-${test.fingerprint.slice(0, 12)}`;
  const address = await startInstance(test, name);
  const ended = new AbortController();
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(patience), ended.signal]);
  const following = endOf(client, store.path(`instances/${name}/state`), deadline).then(() => ended.abort());
  const missing = await missingAnswer({ host: address, port: idePort }, guestUser.project, deadline);
  const wrong = missing ?? (await firstFailure(test, name, deadline));
  ended.abort();
  await following;
  signal.throwIfAborted();
  if (wrong === null) return;
  // Without its words the failure still has a reason.
  const printed = await client.text(store.path(`instances/${name}/console`), signal).catch(() => '');
  throw new CommandFailed(['the image'], wrong, `${printed}\nThe machine was not well: it ${wrong}.`);
}

/** @returns its address. @throws `runtime_not_set_up`, IncusError */
async function startInstance({ client, config, store, fingerprint, signal }: BootTest, name: string): Promise<string> {
  const subnet = await bridgeSubnet(client, config, signal);
  for (let attempt = 1; ; attempt += 1) {
    const address = addressAt(subnet, Math.floor(Math.random() * 2 ** 32));
    const json = {
      name,
      type: 'container',
      source: { type: 'image', fingerprint },
      config: {
        ...given(bootConfig({ name: 'boot-test', address, subnet, log: null })),
        ...store.mark,
        'limits.memory': '2GiB',
        // One that a power cut has left is cleared away, not started again.
        'boot.autostart': 'false',
      },
      devices: { eth0: { ...wantedDevices(config).eth0, 'ipv4.address': address } },
      start: true,
    };
    try {
      await client.change({ method: 'POST', path: store.path('instances'), json }, signal);
      return address;
    } catch (error) {
      if (!isAddressTaken(error) || attempt === mostAttempts) throw error;
      await store.removeTrials(signal);
    }
  }
}

/** Empty ones take away what an instance has; a new one has nothing yet, and Incus refuses some of them. */
function given(config: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== ''));
}

/** Resolves when it has ended, or the signal. */
async function endOf(client: IncusClient, path: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // A daemon that does not answer says nothing about the machine.
    const state = await client.read(path, instanceState, signal).catch(() => null);
    if (state !== null && state.value.status !== 'Running') return;
    await pause(500, undefined, { signal }).catch(() => undefined);
  }
}

/** What its user needs, tried inside: native parts and a terminal, root, a compiler, Python, UTF-8. */
const trials: readonly (readonly string[])[] = [
  [`${guestTree}/bin/node`, `${bootDirectory}/try.cjs`, guestTree],
  ['sudo', '--non-interactive', 'true'],
  ['sh', '-c', 'echo "int main() { return 0; }" | c++ -x c++ -o /tmp/tried - && /tmp/tried && rm /tmp/tried'],
  ['python3', '-c', 'import sys, venv, pip; sys.exit(sys.getfilesystemencoding() != "utf-8")'],
  ['git', '--version'],
];

async function firstFailure(test: BootTest, name: string, signal: AbortSignal): Promise<string | null> {
  for (const command of trials) {
    const output = await failureOf(test, name, command, signal);
    if (output !== null) return `failed at \`${command.join(' ')}\`: ${output}`;
  }
  return null;
}

/** The output of a command that ended with something else than 0; null for one that is well. */
async function failureOf(
  { client, config, store }: BootTest,
  name: string,
  command: readonly string[],
  signal: AbortSignal,
): Promise<string | null> {
  const json = {
    command,
    environment: guestEnvironment('boot-test'),
    user: guestUser.uid,
    group: guestUser.gid,
    cwd: guestUser.project,
    interactive: false,
    'wait-for-websocket': false,
    'record-output': true,
  };
  const said = await client.change({ method: 'POST', path: store.path(`instances/${name}/exec`), json }, signal);
  const { return: code, output } = recorded.parse(said);
  if (code === 0) return null;
  const texts = Object.values(output).map((path) => client.text(`${path}?project=${config.project}`, signal));
  return (await Promise.all(texts)).join('\n').trim() || `status ${code}`;
}

/** `output`: the paths of what it wrote, by its descriptors. */
const recorded = executed.extend({ output: z.record(z.string(), z.string()) });
