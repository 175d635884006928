/** The log of a workspace: followed or held still, searched, taken along. */
import { useMutation } from '@tanstack/react-query';
import type { Workspace } from '@tidepool/core';
import { useMemo, useRef, useState } from 'react';
import { problemOf } from '../../api/problem-of.ts';
import { usePageTitle } from '../../routing/use-page-title.ts';
import { useServices } from '../../services/services.ts';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { plural } from '../../workspaces/durations.ts';
import { usePageWorkspace } from '../workspace-page.tsx';
import { downloadLog } from './download-log.ts';
import { LogToolbar } from './log-toolbar.tsx';
import { LogView } from './log-view.tsx';
import { findLines, type LevelChoice, linesShown, nextFound } from './search-lines.ts';
import { type Log, useLog } from './use-log.ts';

export function LogsSection() {
  const workspace = usePageWorkspace();
  usePageTitle(`Logs of ${workspace.name}`);
  return <WorkspaceLog key={workspace.id} workspace={workspace} />;
}

function WorkspaceLog({ workspace: { id, name } }: { readonly workspace: Workspace }) {
  const log = useLog(id);
  const [pausedAt, setPausedAt] = useState<number | null>(null);
  const [level, setLevel] = useState<LevelChoice>('all');
  const [isWrapped, setWrapped] = useState(true);
  const [search, setSearch] = useState('');
  const [current, setCurrent] = useState<number | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const lines = useMemo(() => linesShown(log.lines, level, pausedAt), [log.lines, level, pausedAt]);
  const found = useMemo(() => findLines(lines, search), [lines, search]);
  const download = useDownload(id, name);
  useShortcuts(
    useMemo(() => [{ key: '/', label: 'Search the log', group: 'Logs', run: () => field.current?.focus() }], []),
  );

  const last = log.lines.at(-1)?.number ?? 0;
  return (
    <section className="panel" aria-label={`Logs of ${name}`}>
      <LogToolbar
        held={pausedAt === null ? null : last - pausedAt}
        onPause={() => setPausedAt(pausedAt === null ? last : null)}
        search={search}
        onSearch={(text) => {
          setSearch(text);
          setCurrent(null);
        }}
        searchRef={field}
        found={{ count: found.length, at: current === null ? 0 : found.indexOf(current) + 1 }}
        onStep={(step) => setCurrent(nextFound(found, current, step))}
        level={level}
        onLevel={setLevel}
        isWrapped={isWrapped}
        onWrap={() => setWrapped(!isWrapped)}
        isDownloading={download.isPending}
        onDownload={() => download.mutate()}
      />
      <LogView label={`Log of ${name}`} lines={lines} search={search} current={current} isWrapped={isWrapped} />
      {log.isRead && lines.length === 0 && (
        <EmptyLog isFiltered={log.lines.length > 0} onShowAll={() => setLevel('all')} />
      )}
      <p className="log-state" role="status">
        {stateWords(log, pausedAt !== null)}
      </p>
    </section>
  );
}

function useDownload(id: string, name: string) {
  const { toasts, clock } = useServices();
  return useMutation({
    mutationFn: () => downloadLog(id, name, clock.now()),
    onSuccess: (count) => toasts.say(`${plural(count, 'line')} of the log downloaded`),
    onError: (error) => toasts.problem(problemOf(error), 'The log was not downloaded'),
  });
}

function EmptyLog({ isFiltered, onShowAll }: { readonly isFiltered: boolean; readonly onShowAll: () => void }) {
  return (
    <div className="log-empty">
      <p>{isFiltered ? 'No line of these levels.' : 'Nothing has been written yet.'}</p>
      {isFiltered ? (
        <button type="button" className="button button-plain" onClick={onShowAll}>
          Show all levels
        </button>
      ) : (
        <p className="help">What its machine prints and what Tidepool does with it appears here by itself.</p>
      )}
    </div>
  );
}

function stateWords({ state, problem, isRead }: Log, isPaused: boolean): string {
  if (state === 'cut')
    return `Cut off, trying again by itself. What is written now is missing.${problem ? ` ${problem}` : ''}`;
  if (isPaused) return 'Paused. New lines wait until you go on.';
  return isRead ? 'Live. New lines appear by themselves.' : 'Reading…';
}
