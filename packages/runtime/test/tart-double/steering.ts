/** How tests steer a double: `steer.json` in its TART_HOME, read anew by each command. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const commands = ['clone', 'delete', 'exec', 'get', 'ip', 'list', 'rename', 'run', 'set', 'stop'] as const;

const steering = z.strictObject({
  /** Milliseconds before the effect of a command. */
  delayMs: z.partialRecord(z.enum(commands), z.number()).default({}),
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
