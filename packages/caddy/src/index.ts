export * from './base-config.ts';
export * from './example-config.ts';
export * from './fake-routes.ts';
export * from './file-routes.ts';
export * from './proxy.ts';
export * from './routes.ts';
export * from './target-file.ts';
export * from './unguarded.ts';
