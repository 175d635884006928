/** The last hour in numbers, newest first: one row for each five minutes. */
import { formatTime } from '../workspaces/durations.ts';
import { formatMemory } from '../workspaces/size.ts';
import { formatCores } from '../workspaces/usage.ts';
import type { KnownMoment } from './history.ts';

const everyMs = 5 * 60_000;

export function HistoryTable({ moments }: { readonly moments: readonly KnownMoment[] }) {
  return (
    <table className="history-table">
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Taken</th>
          <th scope="col">Used</th>
          <th scope="col">Cores</th>
          <th scope="col">Running</th>
        </tr>
      </thead>
      <tbody>
        {lastOfEach(moments).map(({ at, allottedMiB, memoryMiB, cpus, running }) => (
          <tr key={at}>
            <th scope="row">
              <time dateTime={new Date(at).toISOString()}>{formatTime(at)}</time>
            </th>
            <td className="mono">{formatMemory(allottedMiB)}</td>
            <td className="mono">{memoryMiB === null ? 'unknown' : formatMemory(memoryMiB)}</td>
            <td className="mono">{cpus === null ? 'unknown' : formatCores(cpus)}</td>
            <td className="mono">{running}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The last moment of each span, newest first. @param moments oldest first */
function lastOfEach(moments: readonly KnownMoment[]): readonly KnownMoment[] {
  const spans = Map.groupBy(moments, ({ at }) => Math.floor(at / everyMs));
  return [...spans.values()].flatMap((ofSpan) => ofSpan.at(-1) ?? []).reverse();
}
