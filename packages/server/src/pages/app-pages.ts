/** Pages of the app origin: errors, unknown addresses, the app that was not built. */
import type { Problem } from '@tidepool/core';
import type { Page } from './page.ts';

const toList = { label: 'Go to all workspaces', href: '/app/' };

export function problemPage(problem: Problem): Page {
  return {
    status: problem.status,
    shape: 'error',
    title: problem.title,
    text: `${problem.detail === problem.title ? '' : `${problem.detail} `}${problem.fix}`,
    actions: [toList],
    ...(problem.status === 503 ? { retryAfter: 1 } : {}),
    reference: `${problem.code} · ${problem.requestId ?? ''}`,
  };
}

export const notFoundPage: Page = {
  status: 404,
  shape: 'note',
  title: 'There is nothing at this address',
  text: 'The list of workspaces is a good place to go on from.',
  actions: [toList],
};

export const appMissingPage: Page = {
  status: 503,
  shape: 'error',
  title: 'The page of Tidepool is not built',
  text: 'The server runs, but the files of its page are missing. Run `npm start` on the host: it builds them. REST and the command line work meanwhile.',
};
