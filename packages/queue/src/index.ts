export * from './connect-queue.ts';
export * from './embedded.ts';
export * from './endpoint.ts';
export * from './fake.ts';
export * from './queue.ts';
export * from './sqs-queue.ts';
