export * from './create-runtime.ts';
export { type FakeEffect, type FakeVersion, readFakeJournal } from './fake/fake-history.ts';
export { createFakeRuntime, endFakeInstance, type FakeRuntimeOptions } from './fake/fake-runtime.ts';
export { type FakeMethod, type FakeSteering, steerFake } from './fake/fake-steering.ts';
export * from './runtime.ts';
