/** The tab's icon, which tells from another tab what a start is at. */
import failed from './icon-failed.svg';
import ready from './icon-ready.svg';
import working from './icon-working.svg';

const icons = { working, ready, failed } as const;
export type TabIcon = keyof typeof icons;

/** @returns how to bring the usual one back */
export function showTabIcon(icon: TabIcon): () => void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const usual = link?.dataset.usual ?? link?.getAttribute('href');
  if (!link || usual == null) return () => {};
  link.dataset.usual = usual;
  link.setAttribute('href', icons[icon]);
  return () => link.setAttribute('href', usual);
}
