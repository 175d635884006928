/** Whether this machine has what Tidepool needs, and how it gets it. */
export * from './look-at-host.ts';
export * from './make-host-ready.ts';
