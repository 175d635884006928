/** The shapes of Caddy's JSON that the base config is made of: https://caddyserver.com/docs/json/apps/http/ */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface Handler {
  readonly handler: string;
  readonly [option: string]: Json;
}

/** All of a set's matchers have to match, in no certain order: what builds on another's placeholder stands in a `subroute`. */
export interface MatcherSet {
  readonly [matcher: string]: Json;
}

export interface HttpRoute {
  /** What the admin endpoint finds it by, wherever it stands. */
  readonly '@id'?: string;
  /** Of the routes of one group only the first that matches runs. */
  readonly group?: string;
  readonly match?: readonly MatcherSet[];
  readonly handle: readonly Handler[];
}

/** Routes that are matched one after the other, and what answers an error of theirs. */
export function subroute(routes: readonly HttpRoute[], errors?: readonly HttpRoute[]): Handler {
  return { handler: 'subroute', routes: asJson(routes), ...(errors ? { errors: { routes: asJson(errors) } } : {}) };
}

export function asJson(routes: readonly HttpRoute[]): readonly Json[] {
  return routes.map(({ '@id': id, group, match, handle }) => ({
    ...(id === undefined ? {} : { '@id': id }),
    ...(group === undefined ? {} : { group }),
    ...(match === undefined ? {} : { match }),
    handle,
  }));
}
