/** The clock times below a chart: each full quarter of an hour, without those whose words would stand out at the sides. */
import { formatTime } from '../../workspaces/durations.ts';

const quarterMs = 15 * 60_000;
/** Of the whole width. */
const margin = 0.05;

export interface ClockTick {
  readonly at: number;
  readonly label: string;
  /** Left out where there is little room. */
  readonly isMinor: boolean;
}

export function clockTicks(from: number, to: number): readonly ClockTick[] {
  const span = to - from;
  const first = Math.ceil((from + span * margin) / quarterMs);
  const last = Math.floor((to - span * margin) / quarterMs);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const at = (first + index) * quarterMs;
    return { at, label: formatTime(at), isMinor: (first + index) % 2 !== 0 };
  });
}
