/**
 * How tests steer a fake in another process: `steer.json` in its directory, read anew at each call. It names where the
 * stub of every instance listens, and for each method how long it takes and how it fails.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isErrorCode, storage, TidepoolError } from '@tidepool/core';
import { z } from 'zod';

const methods = [
  'describe',
  'list',
  'inspect',
  'create',
  'start',
  'stop',
  'remove',
  'expose',
  'exec',
  'pause',
  'resume',
  'snapshot',
  'clone',
  'console',
  'usage',
] as const;
export type FakeMethod = (typeof methods)[number];

const methodSteering = z.strictObject({
  /** Milliseconds before the effect, and after it (it has happened, the caller does not know yet). */
  delayMs: z.number().default(0),
  lingerMs: z.number().default(0),
  failure: z
    .strictObject({
      code: z.string().refine(isErrorCode, 'a code of the catalogue'),
      passing: z.boolean().default(false),
      /** `after`: the effect has happened all the same. */
      when: z.enum(['before', 'after']).default('before'),
      /** How often it fails, over all processes; absent: always. */
      times: z.int().optional(),
    })
    .optional(),
});
const steering = z.strictObject({
  /** The one HTTP server that answers for every port of every instance. */
  target: z.strictObject({ host: z.ipv4(), port: z.int() }).default({ host: '127.0.0.1', port: 9 }),
  /** Null: no image is built. */
  image: z
    .strictObject({ name: z.string(), version: z.string() })
    .nullable()
    .default({ name: 'workspace', version: 'fake' }),
  /** Capabilities it is to be without. */
  lacks: z.array(z.enum(['pause', 'snapshot', 'clone', 'console', 'usage'])).default([]),
  /** Where it says that it keeps disks. */
  storage: storage.nullable().default(null),
  methods: z.partialRecord(z.enum(methods), methodSteering).default({}),
});
export type FakeSteering = z.input<typeof steering>;

export type FakeLack = z.output<typeof steering>['lacks'][number];

/** Writes `steer.json` whole; what runs sees the old or the new. */
export function steerFake(directory: string, wanted: FakeSteering): void {
  mkdirSync(directory, { recursive: true });
  const draft = join(directory, `.steer.${crypto.randomUUID()}`);
  writeFileSync(draft, JSON.stringify(steering.parse(wanted)));
  renameSync(draft, join(directory, 'steer.json'));
}

export function readSteering(directory: string): z.output<typeof steering> {
  const path = join(directory, 'steer.json');
  return steering.parse(existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {});
}

/** Runs `effect` with the delays and failures steered for `method`. */
export async function steered<T>(
  directory: string,
  method: FakeMethod,
  signal: AbortSignal,
  effect: () => T,
): Promise<T> {
  const { delayMs, lingerMs, failure } = methodSteering.parse(readSteering(directory).methods[method] ?? {});
  signal.throwIfAborted();
  if (delayMs > 0) await sleep(delayMs, undefined, { signal });
  const fails = failure !== undefined && (failure.times === undefined || countDown(directory, method, failure.times));
  const fail = () =>
    new TidepoolError(failure?.code ?? 'internal', { detail: `steered ${method}`, passing: failure?.passing ?? false });
  if (fails && failure.when === 'before') throw fail();
  const result = effect();
  if (lingerMs > 0) await sleep(lingerMs, undefined, { signal });
  if (fails) throw fail();
  return result;
}

/** One empty file per failure that has happened: exclusive, so that two processes never count the same one. */
function countDown(directory: string, method: FakeMethod, times: number): boolean {
  const spent = join(directory, 'failed');
  mkdirSync(spent, { recursive: true });
  for (let number = 1; number <= times; number++) {
    const mark = join(spent, `${method}.${number}`);
    if (existsSync(mark)) continue;
    writeFileSync(mark, '', { flag: 'wx' });
    return true;
  }
  return false;
}
