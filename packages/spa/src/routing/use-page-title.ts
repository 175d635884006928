/** The tab's title: what the page is about, then whose it is. */
import { useEffect } from 'react';

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Tidepool`;
  }, [title]);
}
