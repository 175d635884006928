/**
 * The table of routes as a part of Caddy's own config: a `map` whose route in the workspace origin has the `@id`
 * `tidepool:routes`, and in it an object for each route of ours. `admin-routes.ts` writes them, `table-entry.ts` says what they
 * are made of: each only says how to serve what is asked for, and which address. What then happens stands behind the table
 * once for all, so that a route costs a request and a change of the config little.
 */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { BaseConfig, BaseConfigInput } from './base-config.ts';
import type { HttpRoute, Json } from './caddy-json.ts';
import { type Manner, paths, toInstance } from './instance-proxy.ts';

export const tableId = 'tidepool:routes';

export function adminTable(input: BaseConfigInput): readonly HttpRoute[] {
  const asked = (what: string) => [{ handler: 'vars', [askedVariable]: what }];
  const found = { placeholder: `{http.vars.${targetVariable}}`, before: '^' } as const;
  const served = (manner: Manner): HttpRoute => ({
    group: 'table',
    match: [{ vars: { [mannerVariable]: [manner] } }],
    handle: toInstance(input, manner, found),
  });
  return [
    { group: 'asked', match: paths.port, handle: asked('{http.regexp.port.1}/{http.regexp.port.2}') },
    { group: 'asked', match: paths.ide, handle: asked('{http.regexp.ide.1}/ide') },
    tableOf([], 'none'),
    ...(['cut', 'kept', 'ide'] as const).map(served),
  ];
}

/**
 * The whole table. Its revision stands in the name of a group, which has no other member, for Caddy takes no field that it
 * does not know. It is a new one with each change, so that no state of the table ever comes back: whoever writes under the
 * condition that the table is as it was read, writes only where nobody wrote meanwhile.
 */
export function tableOf(entries: readonly Json[], revision: string = randomUUID()): HttpRoute {
  const map = { handler: 'map', source: `{http.vars.${askedVariable}}`, destinations, mappings: entries, defaults };
  return { '@id': tableId, group: `revision ${revision}`, handle: [map, noteFound] };
}

/** Variables of the request. What is asked for is `web/ide` or `web/3000`. */
const askedVariable = 'tidepool_route';
const mannerVariable = 'tidepool_manner';
const targetVariable = 'tidepool_target';

const destinations = ['{tidepool.manner}', '{tidepool.target}'] as const;
const defaults = ['none', 'none'];
/** Else the map would be gone through each time that one of them is looked at. */
const noteFound = { handler: 'vars', [mannerVariable]: destinations[0], [targetVariable]: destinations[1] };

const table = z.object({
  group: z.string(),
  handle: z.tuple([z.object({ mappings: z.array(z.json()) }), z.unknown()]),
});

/** Null for what is no table of ours. */
export function entriesOf(present: unknown): readonly Json[] | null {
  const { group, handle } = table.safeParse(present).data ?? {};
  if (group === undefined || handle === undefined) return null;
  const entries = handle[0].mappings;
  return isDeepStrictEqual(present, tableOf(entries, group.replace('revision ', ''))) ? entries : null;
}

/** The config with the table that Caddy has; with an empty one where it has none. A config without a table stays as it is. */
export function keepTable(config: BaseConfig, present: unknown): BaseConfig {
  const kept = tableIn(present) ?? tableOf([]);
  return JSON.parse(JSON.stringify(config), (_, value: unknown) => (isTable(value) ? kept : value));
}

function tableIn(config: unknown): object | null {
  let found: object | null = null;
  JSON.stringify(config, (_, value: unknown) => {
    if (isTable(value) && entriesOf(value) !== null) found = value;
    return value;
  });
  return found;
}

function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && '@id' in value && value['@id'] === tableId;
}
