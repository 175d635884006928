/** What the worker says about a workspace goes to its own output and to the workspace's `tidepool.jsonl`. */
import { type DestinationStream, destination, type Logger, type LoggerOptions, multistream, pino } from 'pino';

export interface WorkspaceLogs {
  /** `close` it when the job ends. A file that cannot be written is said once, in `fallback`, and does not stop the job. */
  open(
    name: string,
    bindings: Readonly<Record<string, unknown>>,
    fallback: Logger,
  ): { readonly log: Logger; readonly close: () => void };
}

export interface WorkspaceLogsOptions {
  /** Absolute path of `.logs`. */
  readonly directory: string;
  /** Where the process itself logs to. */
  readonly output: DestinationStream;
  readonly options: LoggerOptions;
}

export function createWorkspaceLogs({ directory, output, options }: WorkspaceLogsOptions): WorkspaceLogs {
  return {
    open(name, bindings, fallback) {
      const failed = (error: unknown) =>
        fallback.warn({ err: error, workspaceName: name }, 'workspace log not written');
      try {
        // Synchronous: a few lines a job, and none is lost when the worker is killed.
        const file = destination({
          dest: `${directory}/${name}/tidepool.jsonl`,
          append: true,
          mkdir: true,
          sync: true,
        });
        file.on('error', failed);
        const level = options.level ?? 'info';
        const log = pino(
          options,
          multistream([
            { stream: output, level: 'trace' },
            { stream: file, level: 'trace' },
          ]),
        ).child(bindings);
        log.level = level;
        return { log, close: () => file.end() };
      } catch (error) {
        failed(error);
        return { log: fallback.child(bindings), close: () => undefined };
      }
    },
  };
}
