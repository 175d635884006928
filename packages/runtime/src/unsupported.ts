/** What an adapter answers to a call that its capabilities say it lacks. */
import { TidepoolError } from '@tidepool/core';
import type { Runtime } from './runtime.ts';

type Optional = 'pause' | 'resume' | 'snapshot' | 'clone' | 'console' | 'usage';

/** Methods that reject with `unsupported`, naming the runtime and what was asked of it. */
export function unsupported<const Method extends Optional>(
  runtime: string,
  methods: readonly Method[],
): Pick<Runtime, Method>;
export function unsupported(runtime: string, methods: readonly Optional[]): Partial<Pick<Runtime, Optional>> {
  const refuse = (method: Optional) => async () => {
    throw new TidepoolError('unsupported', { detail: `${runtime} has no "${method}".` });
  };
  return Object.fromEntries(methods.map((method) => [method, refuse(method)]));
}
