/** What a person sees in a tab, as opposed to what a program asks for: only that is redirected or answered with a page. */
import type { MatcherSet } from './caddy-json.ts';

/**
 * A GET without `Upgrade` that says it navigates; or, where browsers do not say (plain-http names on a LAN), that accepts
 * HTML. `null` means: the header is absent.
 */
export const pageLoad: readonly MatcherSet[] = [
  { method: ['GET'], header: { Upgrade: null, 'Sec-Fetch-Mode': ['navigate'] } },
  { method: ['GET'], header: { Upgrade: null, 'Sec-Fetch-Mode': null, Accept: ['*text/html*'] } },
];
