/** The configuration as code reads it, and the defaults that others show. `parse-config.ts` makes it from the environment. */

/** Where a process stands: what defaults depend on. */
export interface Surroundings {
  readonly cwd: string;
  readonly homeDirectory: string;
  readonly isRoot: boolean;
  readonly totalMemoryMiB: number;
}

/** Where Incus answers; paths are absolute. */
export type IncusPlace =
  | { readonly kind: 'unix'; readonly socket: string }
  | {
      readonly kind: 'https';
      /** Without a path. */
      readonly url: string;
      /** PEM files: the client's certificate and key, and the server's certificate, which is the only one trusted. */
      readonly cert: string;
      readonly key: string;
      readonly serverCert: string;
    };

export interface IncusConfig {
  readonly place: IncusPlace;
  readonly project: string;
  readonly pool: string;
  /** The bridge. */
  readonly network: string;
  /** Address and prefix of the bridge, where somebody chose them. */
  readonly subnet: string | null;
  readonly type: 'auto' | 'container' | 'virtual-machine';
}

export interface Config {
  readonly home: string;
  readonly paths: {
    readonly database: string;
    readonly routes: string;
    readonly sessions: string;
    readonly caddy: string;
    readonly run: string;
    /** Unix sockets of instances: `<short id>/<port>.sock`. 0711, each directory in it 0700. */
    readonly relay: string;
    readonly sandboxes: string;
    readonly images: string;
    readonly logs: string;
    readonly credentials: string;
  };
  readonly runtime: 'auto' | 'incus' | 'tart' | 'sandbox' | 'fake';
  readonly incus: IncusConfig;
  readonly tart: {
    readonly program: string;
    /** Tart's own TART_HOME; null: where it always is. */
    readonly home: string | null;
    /** The virtual machine that new workspaces are made from; null: the newest version. */
    readonly image: string | null;
  };
  readonly queue: {
    /** Of the embedded one. */
    readonly port: number;
    /** null: the embedded one. May hold credentials: it is shown to nobody. */
    readonly url: string | null;
  };
  /** Where Caddy finds its routes: in files, or in its own config. */
  readonly routes: 'file' | 'admin';
  readonly bind: string;
  readonly ports: { readonly app: number; readonly workspace: number; readonly api: number; readonly guest: number };
  readonly origins: { readonly app: string | null; readonly workspace: string | null };
  readonly caddy: {
    readonly program: string;
    /** `unix//ABSOLUTE` or `host:port`. */
    readonly admin: string;
  };
  readonly user: string;
  readonly password: string | null;
  readonly budgetMiB: number;
  /** Milliseconds. */
  readonly intervals: {
    readonly lease: number;
    readonly heartbeat: number;
    readonly sweep: number;
    readonly reconcile: number;
    /** Between two looks at what running instances take; 0: none. */
    readonly usage: number;
  };
  /** What `tidepool up` hands its processes: how the server knows Caddy, and (worker only) what Caddy checks passwords against. */
  readonly secrets: { readonly proxy: string | null; readonly passwordHash: string | null };
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** 4096 MiB, or half the budget where that is less. */
export function defaultMemoryMiB(budgetMiB: number): number {
  return Math.min(4096, Math.floor(budgetMiB / 2));
}

export const defaultCpus = 2;
export const defaultDiskGiB = 20;
