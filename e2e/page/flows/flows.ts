/** Every flow of the page, by what somebody does. */
import type { Flow } from '../walk.ts';
import { beRefused, findNothing } from './be-refused.ts';
import { changeSize } from './change-size.ts';
import { chooseTheme } from './choose-theme.ts';
import { createFromRepository } from './create-from-repository.ts';
import { createWorkspace } from './create-workspace.ts';
import { deleteWorkspace } from './delete-workspace.ts';
import { makeRoom } from './make-room.ts';
import { mendFromHost } from './mend-from-host.ts';
import { outliveCrash } from './outlive-crash.ts';
import { readLog } from './read-log.ts';
import { registerPort } from './register-port.ts';
import { searchWorkspaces } from './search-workspaces.ts';
import { stopAndStart } from './stop-and-start.ts';
import { useKeys } from './use-keys.ts';
import { usePalette } from './use-palette.ts';

export interface NamedFlow {
  /** What is done in it; its workspace is called like it where it has one to itself. */
  readonly name: string;
  readonly flow: Flow;
}

export const flows: readonly NamedFlow[] = [
  { name: 'create', flow: createWorkspace },
  { name: 'repository', flow: createFromRepository },
  { name: 'search', flow: searchWorkspaces },
  { name: 'stop-and-start', flow: stopAndStart },
  { name: 'port', flow: registerPort },
  { name: 'log', flow: readLog },
  { name: 'size', flow: changeSize },
  { name: 'delete', flow: deleteWorkspace },
  { name: 'room', flow: makeRoom },
  { name: 'host', flow: mendFromHost },
  { name: 'palette', flow: usePalette },
  { name: 'keys', flow: useKeys },
  { name: 'theme', flow: chooseTheme },
  { name: 'crash', flow: outliveCrash },
  { name: 'refusal', flow: beRefused },
  { name: 'nothing', flow: findNothing },
];
