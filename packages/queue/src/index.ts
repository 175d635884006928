export * from './embedded.ts';
export * from './fake.ts';
export * from './queue.ts';
export * from './sqs-queue.ts';
