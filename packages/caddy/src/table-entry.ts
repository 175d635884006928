/**
 * A route as an object in Caddy's config, with its own `@id`:
 *
 *     tidepool:<workspace>:ide     /workspace/<workspace>/*
 *     tidepool:<workspace>:<port>  /workspace/<workspace>/port/<port>/*
 */
import { isDeepStrictEqual } from 'node:util';
import { workspaceName } from '@tidepool/core';
import { z } from 'zod';
import type { Json } from './caddy-json.ts';
import type { Manner } from './instance-proxy.ts';
import type { Route } from './routes.ts';
import { decodeTarget, encodeTarget } from './target-file.ts';

/** From what is asked for to how it is served, and from where. */
export function entryOf(workspace: string, { port, target, stripPrefix }: Route): { readonly [key: string]: Json } {
  const manner: Manner = port === 'ide' ? 'ide' : stripPrefix ? 'cut' : 'kept';
  return {
    '@id': `tidepool:${workspace}:${port}`,
    input: `${workspace}/${port}`,
    outputs: [manner, encodeTarget(target)],
  };
}

const named = z.object({ '@id': z.string() });
const mapped = z.object({ outputs: z.tuple([z.string(), z.string()]) });

/** Whose it is by its `@id`, and the route; null where it is none although its `@id` says so. Null for what is nobody's. */
export function readEntry(entry: Json): { readonly workspace: string; readonly route: Route | null } | null {
  const [, workspace, place] = /^tidepool:([^:]+):(ide|[1-9][0-9]{0,4})$/.exec(idOf(entry) ?? '') ?? [];
  if (place === undefined || !workspaceName.safeParse(workspace).success || workspace === undefined) return null;
  const [manner, address] = mapped.safeParse(entry).data?.outputs ?? [];
  const target = decodeTarget(address ?? '');
  if (target === null) return { workspace, route: null };
  const port = place === 'ide' ? place : Number(place);
  const route = { port, target, stripPrefix: manner !== 'kept' } as const;
  // Whatever else somebody made of it by hand does not serve what it says.
  return { workspace, route: isDeepStrictEqual(entry, entryOf(workspace, route)) ? route : null };
}

export function idOf(entry: Json): string | null {
  return named.safeParse(entry).data?.['@id'] ?? null;
}
