/** How tests steer a double: `steer.json` in its TART_HOME, read anew by each command. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const commands = ['clone', 'delete', 'exec', 'get', 'ip', 'list', 'rename', 'run', 'set', 'stop'] as const;

const steering = z.strictObject({
  /** A command that stands still before its effect, until the test releases the name given here. */
  holds: z.partialRecord(z.enum(commands), z.string()).default({}),
  /** What a command says on stderr instead of doing anything, and its exit status. */
  failures: z.partialRecord(z.enum(commands), z.strictObject({ words: z.string(), status: z.int() })).default({}),
  /** After a boot the agent refuses for that long. */
  agentDelayMs: z.number().default(0),
  /** After a boot there is no lease for that long; null: never, as with a client identifier that is no MAC address. */
  leaseDelayMs: z.number().nullable().default(0),
  /** How many machines may run; more are refused only once Tart has called them running. */
  limit: z.int().default(1000),
  /** A guest that does not shut down, and a Tart that does not heed SIGINT. */
  ignoresPoweroff: z.boolean().default(false),
  ignoresInterrupt: z.boolean().default(false),
});
export type DoubleSteering = z.input<typeof steering>;
export type DoubleCommand = (typeof commands)[number];

export function steerDouble(tartHome: string, wanted: DoubleSteering): void {
  mkdirSync(tartHome, { recursive: true });
  const draft = join(tartHome, `.steer.${crypto.randomUUID()}`);
  writeFileSync(draft, JSON.stringify(steering.parse(wanted)));
  renameSync(draft, join(tartHome, 'steer.json'));
}

export function readDoubleSteering(tartHome: string): z.output<typeof steering> {
  const file = join(tartHome, 'steer.json');
  return steering.parse(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});
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
