/** An address in an instance, as runtime adapters give it and routes take it. */
import { z } from 'zod';

export const routeTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tcp'), host: z.union([z.ipv4(), z.ipv6()]), port: z.int() }),
  /** A unix socket `<relay directory>/<instance>/<port>.sock`; `instance` is 1 to 32 of `a-z0-9`. */
  z.strictObject({ kind: z.literal('unix'), instance: z.string().regex(/^[a-z0-9]{1,32}$/), port: z.int() }),
]);
export type RouteTarget = z.infer<typeof routeTarget>;

/** For people and logs: `10.4.0.7:8080` or `unix:k3f9a2/8080`. */
export function formatTarget(target: RouteTarget): string {
  if (target.kind === 'unix') return `unix:${target.instance}/${target.port}`;
  return target.host.includes(':') ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`;
}
