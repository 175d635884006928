/** What the tab shows of a start to somebody who looks elsewhere. */
import type { Job } from '@tidepool/core';
import { useEffect, useRef } from 'react';
import { useServices } from '../services/services.ts';
import { showTabIcon, type TabIcon } from './tab-icon.ts';
import { tellWhenOver } from './tell-when-over.ts';

export function useTabIcon(icon: TabIcon | null): void {
  useEffect(() => (icon === null ? undefined : showTabIcon(icon)), [icon]);
}

/** A message tells how `job` ended where its reader goes to another page meanwhile. */
export function useTellWhenLeft(job: Job | undefined, isAwaited: boolean): void {
  const services = useServices();
  const latest = useRef({ job, isAwaited });
  latest.current = { job, isAwaited };
  useEffect(
    () => () => {
      const left = latest.current;
      if (left.job && left.isAwaited) void tellWhenOver(services, left.job);
    },
    [services],
  );
}
