/** What the preflight found, what is wrong first, with what to do about it. */
import type { Finding } from '@tidepool/core';
import { CopyButton } from '../components/copy-button.tsx';
import { Icon } from '../components/icon.tsx';
import { Panel } from '../components/panel.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { plural } from '../workspaces/durations.ts';

export interface FindingsProps {
  readonly findings: readonly Finding[];
  /** When it looked last. */
  readonly observedAt: string;
}

export function Findings({ findings, observedAt }: FindingsProps) {
  const open = [
    ...findings.filter(({ status }) => status === 'failed'),
    ...findings.filter(({ status }) => status === 'warning'),
  ];
  const passed = findings.filter(({ status }) => status === 'ok');
  return (
    <Panel
      title="Findings"
      aside={
        <p>
          {open.length} to look at, {plural(passed.length, 'check')} passed, <TimeAgo at={observedAt} />
        </p>
      }
    >
      <div className="panel-body stack-small">
        {open.length === 0 && <p className="help">Nothing to do.</p>}
        {open.map((finding) => (
          <OpenFinding key={finding.id} finding={finding} />
        ))}
        {passed.length > 0 && (
          <details>
            <summary>{plural(passed.length, 'check')} passed</summary>
            <ul className="passed">
              {passed.map(({ id, title, detail }) => (
                <li key={id} className="ability">
                  <Icon name="check" />
                  <span>
                    {title} <span className="muted">{detail}</span>
                  </span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </Panel>
  );
}

function OpenFinding({ finding: { status, title, detail, fix, commands } }: { readonly finding: Finding }) {
  return (
    <div className={`note ${status === 'failed' ? 'note-error' : 'note-warn'}`}>
      <Icon name="alert" />
      <div className="note-body">
        <p className="note-title">{title}</p>
        <p>{detail}</p>
        {fix !== null && <p>{fix}</p>}
        {commands.map((command) => (
          <span className="copy" key={command}>
            <code>{command}</code>
            <CopyButton text={command} label="Copy the command" />
          </span>
        ))}
      </div>
    </div>
  );
}
