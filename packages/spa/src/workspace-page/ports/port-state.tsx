/** Whether a program answers on a registered port, as the last look found. */
import type { Port, Status } from '@tidepool/core';
import { StatusShape } from '../../components/status-shape.tsx';

export function PortState({ port: { listening }, status }: { readonly port: Port; readonly status: Status }) {
  if (status !== 'running') return <span className="muted port-state">Answers while it runs</span>;
  if (listening === null) return <span className="muted port-state">Not looked at yet</span>;
  return (
    <span className="port-state">
      <StatusShape status={listening ? 'running' : 'stopped'} />
      {listening ? 'Something answers' : 'Nothing listens on this port yet'}
    </span>
  );
}
