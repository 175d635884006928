/** Pages of sign-in, where it cannot simply lead on. */
import { html } from './html.ts';
import type { Page } from './page.ts';

export function badReturnPage(appOrigin: string): Page {
  return {
    status: 400,
    shape: 'note',
    title: 'This is no address of a workspace',
    text: 'You would have been sent to an address that does not belong to a workspace, so you were not. Open the workspace from the list.',
    actions: [{ label: 'Go to all workspaces', href: `${appOrigin}/app/` }],
  };
}

/** Never a redirect: what came back without a session once would come back without one for ever. */
export function cookieMissingPage(where: { appOrigin: string; workspaceOrigin: string; path: string }): Page {
  const { appOrigin, workspaceOrigin, path } = where;
  return {
    status: 403,
    shape: 'note',
    title: 'Your sign-in did not reach the workspaces',
    text: `You are signed in at ${appOrigin}, and workspaces are served from ${workspaceOrigin}. The cookie of the first did not come to the second.`,
    more: html`<p>Allow cookies for both addresses. Both have to use the same host name: open Tidepool as
<code>localhost</code>, or by its name, not by one here and the other there.</p>`,
    actions: [
      { label: 'Try again', href: `${workspaceOrigin}${path}` },
      { label: 'Go to all workspaces', href: `${appOrigin}/app/` },
    ],
  };
}

export function signedOutPage(): Page {
  return {
    status: 200,
    shape: 'stopped',
    title: 'Signed out',
    text: 'This browser may still know the user and password; close it to forget them.',
    actions: [{ label: 'Sign in again', href: '/app/' }],
  };
}
