/** What a worker is made of: `main.ts` wires it, tests hand in fakes. */
import type { Proxy as ProxyPort, Routes } from '@tidepool/caddy';
import type { Config } from '@tidepool/core';
import type { Holder, Store } from '@tidepool/db';
import type { Queue } from '@tidepool/queue';
import type { Runtime } from '@tidepool/runtime';
import type { Logger } from 'pino';
import type { WorkspaceLogs } from './workspace-logs.ts';

export interface Parts {
  readonly store: Store;
  readonly queue: Queue;
  readonly runtime: Runtime;
  readonly routes: Routes;
  readonly proxy: ProxyPort;
  readonly config: Config;
  /** Who this process is; every lease names it. */
  readonly holder: Holder;
  readonly workspaceLogs: WorkspaceLogs;
  readonly log: Logger;
}
