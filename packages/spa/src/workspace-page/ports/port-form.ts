/** What is typed in «Add a port», checked by core's own schema. */
import { type AddPortBody, addPortBody, type Port } from '@tidepool/core';

export interface PortInput {
  readonly port: string;
  readonly label: string;
  readonly stripPrefix: boolean;
}

export interface CheckedPort {
  readonly errors: { port?: string; label?: string };
  /** null where something is wrong. */
  readonly body: AddPortBody | null;
}

export function checkPort(input: PortInput, registered: readonly Port[]): CheckedPort {
  const label = input.label.trim();
  const parsed = addPortBody.safeParse({
    // `Number('')` would be 0, and 0 is told another reason than nothing.
    port: input.port.trim() === '' ? Number.NaN : Number(input.port),
    stripPrefix: input.stripPrefix,
    ...(label === '' ? {} : { label }),
  });
  const errors: CheckedPort['errors'] = {};
  for (const { path, message } of parsed.error?.issues ?? []) {
    if (path[0] === 'port') errors.port ??= message;
    if (path[0] === 'label') errors.label ??= message;
  }
  if (registered.some(({ port }) => port === Number(input.port))) errors.port = 'This port is registered already.';
  return { errors, body: parsed.success && errors.port === undefined ? parsed.data : null };
}

/** Whether more digits can still make a port of it: then it is not called a mistake while it is typed. */
export function isBegun(typed: string): boolean {
  return /^[1-9]?$|^[1-9]\d{1,2}$/.test(typed.trim());
}
