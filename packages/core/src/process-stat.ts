/** Which process a pid means: a pid alone is reused, a pid with its start time on one boot is not. */

/**
 * Field 22 of `/proc/PID/stat`: the process's start in clock ticks since boot. The second field is the program's name in
 * parentheses and may hold anything, so fields are counted from its last closing one (proc(5)).
 */
export function startTimeOf(stat: string): string {
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const startTime = afterName[19];
  if (startTime === undefined) throw new Error('not a /proc/PID/stat line');
  return startTime;
}
