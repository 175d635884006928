/** What the runtime in use can do, and what it lacks, in words. */
import type { Capabilities, HostRecord, RuntimeKind } from '@tidepool/core';
import { Icon } from '../components/icon.tsx';
import { Panel } from '../components/panel.tsx';

const kindWords = {
  incus: 'Incus',
  tart: 'Tart',
  sandbox: 'Sandbox',
  fake: 'Fake, for tests',
} as const satisfies Record<RuntimeKind, string>;

const isolationWords = {
  'virtual-machine': 'A virtual machine each, with a kernel of its own',
  'system-container': 'A system container each, on the host’s kernel',
  namespaces: 'Namespaces each, on the host’s kernel',
  none: 'None: for tests only',
} as const satisfies Record<Capabilities['isolation'], string>;

/** What it means where it is there, and where it is not. */
const abilityWords = {
  limits: ['CPU and memory are held to their size', 'CPU and memory are counted, but a workspace may take more'],
  diskLimit: ['Disks are held to their size', 'Disks are not held to their size'],
  usage: ['Live use of CPU, memory and disk', 'No live use of CPU, memory and disk'],
  rootInside: ['Root inside a workspace', 'One ordinary user inside, no root'],
  pause: ['Pause and wake', 'No pause: stop and start instead'],
  snapshot: ['Snapshots', 'No snapshots'],
  clone: ['Cloning of a workspace', 'No cloning of a workspace'],
  console: ['A console without the editor', 'No console without the editor'],
} as const satisfies Record<Exclude<keyof Capabilities, 'isolation'>, readonly [string, string]>;

export function RuntimePanel({
  runtime: { kind, version, capabilities },
}: {
  readonly runtime: HostRecord['runtime'];
}) {
  return (
    <Panel
      title="Runtime"
      aside={
        <p>
          {kindWords[kind]} <code>{version}</code>
        </p>
      }
    >
      <ul className="abilities">
        <li>
          <Icon name={capabilities.isolation === 'none' ? 'x' : 'check'} />
          <span>{isolationWords[capabilities.isolation]}</span>
        </li>
        {abilities(capabilities).map(({ words, isThere }) => (
          <li key={words} data-lacking={!isThere || undefined}>
            <Icon name={isThere ? 'check' : 'x'} />
            <span>{words}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function abilities(capabilities: Capabilities) {
  const { limits, diskLimit, usage, rootInside, pause, snapshot, clone, console } = capabilities;
  const pairs = [
    [limits, abilityWords.limits],
    [diskLimit, abilityWords.diskLimit],
    [usage, abilityWords.usage],
    [rootInside, abilityWords.rootInside],
    [pause, abilityWords.pause],
    [snapshot, abilityWords.snapshot],
    [clone, abilityWords.clone],
    [console, abilityWords.console],
  ] as const;
  return pairs.map(([isThere, [has, lacks]]) => ({ isThere, words: isThere ? has : lacks }));
}
