/** What all workspaces took in the last hour: a picture, its words, and a table for who wants the numbers. */
import { useQuery } from '@tanstack/react-query';
import type { Host } from '@tidepool/core';
import { useEffect } from 'react';
import { problemOf } from '../api/problem-of.ts';
import { TimeChart } from '../components/chart/time-chart.tsx';
import { Panel } from '../components/panel.tsx';
import { ProblemNote } from '../components/problem-note.tsx';
import { useKnown } from '../live/hooks.ts';
import { useNow } from '../live/use-now.ts';
import { useServices } from '../services/services.ts';
import { plural } from '../workspaces/durations.ts';
import { formatMemory, gibOf } from '../workspaces/size.ts';
import { formatCores, usageNow } from '../workspaces/usage.ts';
import { cpuSummary, hourMs, isKnown, type KnownMoment, memorySummary, momentsOf, momentWords } from './history.ts';
import { HistoryTable } from './history-table.tsx';
import { historyQuery } from './host-queries.ts';

/** As often as a sample is written; nothing is asked while no event tells that something changed. */
const leastPauseMs = 60_000;
/** Of each chart, by what its scale ends with: the room that the words there need below what stands above. */
const heights = { tall: 1.08, low: 1.15 } as const;

export function HistoryPanel({ host }: { readonly host: Host }) {
  const { data, error } = useHistory(host);
  const present = usePresent(host);
  const moments = momentsOf(data?.items ?? [], present);
  const usedMiB = moments.findLast(({ memoryMiB }) => memoryMiB !== null)?.memoryMiB;
  const { budgetMiB } = host.capacity;
  return (
    <Panel
      title="Over the last hour"
      aside={
        <p className="push">
          <b>{gibOf(present.allottedMiB)}</b> taken
          {typeof usedMiB === 'number' && (
            <>
              , <b>{gibOf(usedMiB)}</b> used
            </>
          )}
          , of {gibOf(budgetMiB)} GiB
        </p>
      }
    >
      <div className="panel-body stack-small history">
        {error && <ProblemNote problem={problemOf(error)} title="The last hour could not be read" />}
        {!data && !error && <div className="history-waiting" />}
        {data && <Charts moments={moments} present={present} host={host} />}
      </div>
    </Panel>
  );
}

function useHistory(host: Host) {
  const services = useServices();
  const { known } = services;
  const history = useQuery(historyQuery(services));
  const { dataUpdatedAt, isFetching, refetch } = history;
  // An event of the host gives another `host`, a measurement another state of what is known.
  useEffect(() => {
    const look = () => {
      if (dataUpdatedAt > 0 && !isFetching && Date.now() - dataUpdatedAt >= leastPauseMs) void refetch();
    };
    if (host) look();
    return known.subscribe(look);
  }, [known, host, dataUpdatedAt, isFetching, refetch]);
  return history;
}

function usePresent({ capacity, counts }: Host): KnownMoment {
  const now = useNow(10_000);
  const workspaces = useKnown((state) => state.workspaces);
  const running = [...workspaces.values()].filter(({ status }) => status === 'running');
  const measured = running.flatMap((workspace) => usageNow(workspace, now) ?? []);
  const cpus = measured.flatMap((usage) => (usage.cpus === null ? [] : [usage.cpus]));
  // A sum without some of them would look like a fall.
  const isWhole = running.length === measured.length && measured.length > 0;
  return {
    at: now,
    running: counts.running,
    allottedMiB: capacity.usedMiB,
    memoryMiB: isWhole ? sum(measured.map(({ memoryMiB }) => memoryMiB)) : null,
    cpus: isWhole && cpus.length > 0 ? sum(cpus) : null,
  };
}

interface ChartsProps {
  readonly moments: ReturnType<typeof momentsOf>;
  readonly present: KnownMoment;
  readonly host: Host;
}

function Charts({ moments, present, host }: ChartsProps) {
  const known = moments.filter(isKnown);
  if (known.length < 2) {
    return (
      <p className="help history-empty">Nothing measured yet. One point a minute is drawn here while Tidepool runs.</p>
    );
  }
  const { budgetMiB } = host.capacity;
  const cores = host.observed?.cpus ?? 1;
  const top = Math.max(budgetMiB, ...known.map(({ allottedMiB }) => allottedMiB)) * heights.tall;
  const time = { from: present.at - hourMs, to: present.at };
  const readings = known.map((moment) => ({ at: moment.at, words: momentWords(moment) }));
  const isCpuKnown = known.some(({ cpus }) => cpus !== null);
  return (
    <>
      <h3>Memory</h3>
      <TimeChart
        {...time}
        size="tall"
        summary={memorySummary(moments, budgetMiB)}
        top={top}
        ticks={[0, 0.5, 1].map((share) => ({ value: budgetMiB * share, label: gibOf(budgetMiB * share) }))}
        limit={budgetMiB}
        series={[
          {
            key: 'taken',
            look: 'taken',
            isStepped: true,
            points: moments.map(({ at, allottedMiB }) => ({ at, value: allottedMiB })),
          },
          { key: 'used', look: 'used', points: moments.map(({ at, memoryMiB }) => ({ at, value: memoryMiB })) },
        ]}
        moments={readings}
        readingLabel="Memory, minute by minute"
      />
      <p className="legend" aria-hidden="true">
        <span>
          <i /> taken by workspaces
        </span>
        <span>
          <i className="legend-used" /> really used
        </span>
        <span>
          <i className="legend-limit" /> budget, {formatMemory(budgetMiB)}
        </span>
      </p>
      {isCpuKnown && (
        <>
          <h3>
            CPU{' '}
            <span className="muted">
              {present.cpus !== null && `${formatCores(present.cpus)} of ${plural(cores, 'core')} in use`}
            </span>
          </h3>
          <TimeChart
            {...time}
            size="low"
            summary={cpuSummary(moments, cores)}
            top={cores * heights.low}
            ticks={[0, cores].map((value) => ({ value, label: String(value) }))}
            series={[{ key: 'cpu', look: 'taken', points: moments.map(({ at, cpus }) => ({ at, value: cpus })) }]}
            moments={readings}
            readingLabel="CPU, minute by minute"
          />
        </>
      )}
      <details>
        <summary>The same as a table</summary>
        <HistoryTable moments={known} />
      </details>
    </>
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
