/** Which process a pid means, and whether it still runs: a pid alone is reused, a pid with its start time on one boot is not. */

export interface ProcessStat {
  /** Clock ticks since boot. */
  readonly startTime: string;
  /** One letter, such as `R`, `S` or `Z`. */
  readonly state: string;
}

/**
 * Fields 3 and 22 of `/proc/PID/stat`. The second field is the program's name in parentheses and may hold anything, so
 * fields are counted from its last closing one (proc(5)). @throws where it is no such line
 */
export function processStat(stat: string): ProcessStat {
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTime] = [afterName[0], afterName[19]];
  if (state === undefined || startTime === undefined) throw new Error('not a /proc/PID/stat line');
  return { startTime, state };
}

/** Whether a process in that state runs no more: a zombie nobody has waited for yet (`Z`), or dead (`X`, once also `x`). */
export function isOver(state: string): boolean {
  return state === 'Z' || state === 'X' || state === 'x';
}
