/** What can be done with a log: hold it still, search it, leave levels out, wrap its lines, take it along. */
import type { KeyboardEvent, Ref } from 'react';
import { Icon } from '../../components/icon.tsx';
import { type LevelChoice, levelChoices } from './search-lines.ts';

export interface LogToolbarProps {
  /** How many lines came since it was paused; null while it is not. */
  readonly held: number | null;
  readonly onPause: () => void;
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly searchRef: Ref<HTMLInputElement>;
  /** How many lines hold it, and which of them is gone to, from 1; 0: none. */
  readonly found: { readonly count: number; readonly at: number };
  readonly onStep: (step: 1 | -1) => void;
  readonly level: LevelChoice;
  readonly onLevel: (level: LevelChoice) => void;
  readonly isWrapped: boolean;
  readonly onWrap: () => void;
  readonly isDownloading: boolean;
  readonly onDownload: () => void;
}

export function LogToolbar(props: LogToolbarProps) {
  const { held, onPause, level, onLevel, isWrapped, onWrap, isDownloading, onDownload } = props;
  return (
    <div className="toolbar">
      <button type="button" className="button button-small button-plain log-pause" onClick={onPause}>
        <Icon name={held === null ? 'pause' : 'play'} /> {held === null ? 'Pause' : 'Go on'}
        {held !== null && held > 0 && <span className="count">+{held}</span>}
      </button>
      <LogSearch {...props} />
      <div className="log-choices push">
        <select
          className="input select-small"
          aria-label="Levels"
          value={level}
          onChange={(event) => onLevel(choiceOf(event.target.value))}
        >
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {levelChoices[choice]}
            </option>
          ))}
        </select>
        <button
          type="button"
          className={`button button-small ${isWrapped ? 'button-soft' : 'button-plain'}`}
          aria-pressed={isWrapped}
          onClick={onWrap}
        >
          Wrap
        </button>
        <button
          type="button"
          className="button button-small button-plain"
          aria-label="Download the log"
          aria-busy={isDownloading || undefined}
          onClick={onDownload}
        >
          <Icon name="down" /> <span className="wide-only">Download</span>
        </button>
      </div>
    </div>
  );
}

function LogSearch({ search, onSearch, searchRef, found, onStep }: LogToolbarProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    onStep(event.shiftKey ? -1 : 1);
  };
  return (
    <div className="log-search">
      <div className="search">
        <Icon name="search" />
        <input
          ref={searchRef}
          className="input"
          type="search"
          aria-label="Search the log"
          placeholder="Search"
          value={search}
          onChange={(event) => onSearch(event.target.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      {search !== '' && (
        <>
          <span className="help log-found" role="status">
            {foundWords(found)}
          </span>
          <button
            type="button"
            className="button button-quiet button-icon button-small"
            aria-label="Line found before"
            onClick={() => onStep(-1)}
          >
            <Icon name="previous" />
          </button>
          <button
            type="button"
            className="button button-quiet button-icon button-small"
            aria-label="Next line found"
            onClick={() => onStep(1)}
          >
            <Icon name="next" />
          </button>
        </>
      )}
    </div>
  );
}

function foundWords({ count, at }: LogToolbarProps['found']): string {
  if (count === 0) return 'Not found';
  return at === 0 ? `${count} found` : `${at} of ${count}`;
}

const choices = ['all', 'warnings', 'errors'] as const satisfies readonly LevelChoice[];

function choiceOf(value: string): LevelChoice {
  return choices.find((each) => each === value) ?? 'all';
}
