/** What the runtime in use can do, and what it lacks, with who has that, in words. */
import {
  type Ability,
  abilities,
  type Capabilities,
  type HostRecord,
  type RuntimeKind,
  runtimeMatrix,
  runtimesWith,
} from '@tidepool/core';
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
  usage: ['What a workspace takes is measured', 'What a workspace takes is not measured'],
  rootInside: ['Root inside a workspace', 'One ordinary user inside, no root'],
  pause: ['Could pause machines; not offered yet', 'Cannot pause machines'],
  snapshot: ['Could take snapshots of disks; not offered yet', 'Cannot take snapshots of disks'],
  clone: ['Could copy machines; not offered yet', 'Cannot copy machines'],
  console: ['What a machine prints is shown with its errors', 'What a machine prints is not shown with its errors'],
} as const satisfies Record<Ability, readonly [string, string]>;

export function RuntimePanel({ runtime }: { readonly runtime: HostRecord['runtime'] }) {
  const { kind, version, capabilities } = runtime;
  const has = abilities.filter((ability) => capabilities[ability]);
  const lacks = abilities.filter((ability) => !capabilities[ability]);
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
        <li className="ability">
          <Icon name={capabilities.isolation === 'none' ? 'x' : 'check'} />
          <span>{isolationWords[capabilities.isolation]}</span>
        </li>
        {has.map((ability) => (
          <li key={ability} className="ability">
            <Icon name="check" />
            <span>{abilityWords[ability][0]}</span>
          </li>
        ))}
        {lacks.map((ability) => (
          <li key={ability} className="ability" data-lacking>
            <Icon name="x" />
            <span className="lacking">
              <span>{abilityWords[ability][1]}</span> <span className="elsewhere">{elsewhere(ability, runtime)}</span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** What would have to be otherwise; empty where nobody has it. */
function elsewhere(ability: Ability, { kind, capabilities: { isolation } }: HostRecord['runtime']): string {
  const row = runtimeMatrix.find((each) => each.kind === kind && each.isolation === isolation);
  const here = row?.can[ability] === 'some' ? `Possible ${row.notes[ability]}. ` : '';
  const others = runtimesWith(ability, kind).map((other) => kindWords[other]);
  if (others.length === 0) return here.trimEnd();
  return `${here}Available with ${others.join(' and ')}.`;
}
