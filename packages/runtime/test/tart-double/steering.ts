/** How tests steer a double: `steer.json` in its TART_HOME, read anew by each command. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export type DoubleCommand = 'clone' | 'delete' | 'exec' | 'get' | 'ip' | 'list' | 'rename' | 'run' | 'set' | 'stop';

interface Steering {
  /** A command that stands still before its effect, until the test releases the name given here. */
  readonly holds: Readonly<Partial<Record<DoubleCommand, string>>>;
  /** What a command says on stderr instead of doing anything, and its exit status. */
  readonly failures: Readonly<Partial<Record<DoubleCommand, { readonly words: string; readonly status: number }>>>;
  /** After a boot the agent refuses for that long. */
  readonly agentDelayMs: number;
  /** After a boot there is no lease for that long; null: never, as with a client identifier that is no MAC address. */
  readonly leaseDelayMs: number | null;
  /** How many machines may run; more are refused only once Tart has called them running. */
  readonly limit: number;
  /** A guest that does not shut down, and a Tart that does not heed SIGINT. */
  readonly ignoresPoweroff: boolean;
  readonly ignoresInterrupt: boolean;
}
export type DoubleSteering = Partial<Steering>;

const unsteered: Steering = {
  holds: {},
  failures: {},
  agentDelayMs: 0,
  leaseDelayMs: 0,
  limit: 1000,
  ignoresPoweroff: false,
  ignoresInterrupt: false,
};

export function steerDouble(tartHome: string, wanted: DoubleSteering): void {
  mkdirSync(tartHome, { recursive: true });
  const draft = join(tartHome, `.steer.${crypto.randomUUID()}`);
  writeFileSync(draft, JSON.stringify(wanted));
  renameSync(draft, join(tartHome, 'steer.json'));
}

export function readDoubleSteering(tartHome: string): Steering {
  const file = join(tartHome, 'steer.json');
  const wanted: DoubleSteering = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  return { ...unsteered, ...wanted };
}

/** In a command: says that it stands still, and does until it is released. */
export async function hold(tartHome: string, name: string): Promise<void> {
  writeFileSync(join(tartHome, `held-${name}`), '');
  await appears(join(tartHome, `released-${name}`));
}

/** In a test: waits until a command stands still. */
export function held(tartHome: string, name: string): Promise<void> {
  return appears(join(tartHome, `held-${name}`));
}

export function release(tartHome: string, name: string): void {
  writeFileSync(join(tartHome, `released-${name}`), '');
}

async function appears(file: string): Promise<void> {
  while (!existsSync(file)) await sleep(20);
}
