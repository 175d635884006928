/** The image build as one line: `[#####-----]  52%  Compiling …  about 1 min 20 s left`. */
import type { BuildProgress } from '@tidepool/runtime';

const width = 20;

export function imageProgress({ title, percent, remainingMs }: BuildProgress): string {
  const filled = Math.round((percent / 100) * width);
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(width - filled)}] ${String(percent).padStart(3)}%`;
  return `${bar}  ${title}${remainingMs === null ? '' : `, about ${roughly(remainingMs)} left`}`;
}

/** Nobody needs to the second what is an estimate. */
function roughly(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 5000) * 5;
  if (seconds < 60) return `${Math.max(5, seconds)} s`;
  const rest = seconds % 60;
  return rest === 0 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
}
