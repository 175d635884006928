/** A page of Tidepool's own: what is the case, and the next step. One small document, nothing fetched, no script. */
import { type Html, html, nothing } from './html.ts';
import { style } from './style.ts';

export type Shape = 'running' | 'busy' | 'stopped' | 'stopping' | 'error' | 'deleting' | 'note';

export interface NextStep {
  readonly label: string;
  readonly href: string;
}

export interface Page {
  readonly status: number;
  readonly shape: Shape;
  /** What is the case, in the reader's words, such as `web-app is stopped`. */
  readonly title: string;
  /** One or two sentences: why, and what to do. */
  readonly text: string;
  /** Steps, commands, errors. */
  readonly more?: Html;
  /** The next step; the first is the one recommended. */
  readonly actions?: readonly NextStep[];
  /** Where it may get better by itself: seconds until the page loads itself again, and `Retry-After`. */
  readonly retryAfter?: number;
  /** Small print that helps to report it. */
  readonly reference?: string;
}

export function renderPage(page: Page): string {
  const { shape, title, text, more = nothing, actions = [], retryAfter, reference } = page;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${retryAfter === undefined ? nothing : html`<meta http-equiv="refresh" content="${retryAfter}">`}
<title>${title} · Tidepool</title>
<style>${{ markup: style }}</style>
</head>
<body>
<header>${logo} Tidepool</header>
<main>
<h1><span class="shape" aria-hidden="true">${shapes[shape]}</span>${title}</h1>
<p>${text}</p>
${more}
${actions.length === 0 ? nothing : html`<p class="actions">${actions.map(button)}</p>`}
${retryAfter === undefined ? nothing : html`<p class="small" role="status">This page looks again by itself.</p>`}
${reference === undefined ? nothing : html`<p class="small"><code>${reference}</code></p>`}
</main>
</body>
</html>
`.markup;
}

/** The same for programs, which get no page. */
export function renderText({ title, text, actions = [] }: Page): string {
  const steps = actions.map(({ label, href }) => `${label}: ${href}\n`).join('');
  return `${title}\n${text}\n${steps}`;
}

function button({ label, href }: NextStep, index: number): Html {
  return html`<a class="${index === 0 ? 'button primary' : 'button'}" href="${href}">${label}</a> `;
}

const logo = html`<svg viewBox="0 0 16 16" aria-hidden="true"><g fill="none" stroke="currentColor" stroke-linecap="round"><path d="M4.2 2.5a6.9 6.9 0 1 0 7.6 0" stroke-width="1.6"/><path d="M4.2 7.1c1.27-1.2 2.53-1.2 3.8 0s2.53 1.2 3.8 0" stroke-width="1.5"/><path d="M5.3 10.7c.9-.85 1.8-.85 2.7 0s1.8.85 2.7 0" stroke-width="1.5"/></g></svg>`;

const shapes: Record<Shape, Html> = {
  running: html`<svg viewBox="0 0 16 16" class="running"><circle cx="8" cy="8" r="5" fill="currentColor"/></svg>`,
  busy: html`<svg viewBox="0 0 16 16" class="busy" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"><circle cx="8" cy="8" r="5.4" stroke-opacity=".25"/><path d="M8 2.6a5.4 5.4 0 0 1 5.4 5.4"/></svg>`,
  stopped: html`<svg viewBox="0 0 16 16" class="stopped"><circle cx="8" cy="8" r="4.9" fill="none" stroke="currentColor" stroke-width="1.8"/></svg>`,
  stopping: html`<svg viewBox="0 0 16 16" class="stopping"><circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" stroke-width="1.8"/><path fill="currentColor" d="M3 8.4h10a5 5 0 0 1-10 0z"/></svg>`,
  error: html`<svg viewBox="0 0 16 16" class="error"><path fill="currentColor" fill-rule="evenodd" d="M6.9 2.2a1.27 1.27 0 0 1 2.2 0l5 9.2a1.27 1.27 0 0 1-1.1 1.9H3a1.27 1.27 0 0 1-1.1-1.9zM7.15 5.4v3.5h1.7V5.4zm0 4.6v1.7h1.7V10z"/></svg>`,
  deleting: html`<svg viewBox="0 0 16 16" class="deleting" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"><circle cx="8" cy="8" r="6" stroke-dasharray="1.6 3.11"/><path d="m6 6 4 4m0-4-4 4"/></svg>`,
  note: html`<svg viewBox="0 0 16 16" class="stopped" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"><circle cx="8" cy="8" r="6"/><path d="M8 7.4v3.4M8 5.1v.1"/></svg>`,
};
