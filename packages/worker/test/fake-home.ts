/** A home on the fake runtime, with the stub of its editors and what its tests steer and read. */
import { join } from 'node:path';
import type { Action, Job, JobKind } from '@tidepool/core';
import {
  type FakeEffect,
  type FakeMethod,
  type FakeSteering,
  type FakeVersion,
  readFakeJournal,
  steerFake,
} from '@tidepool/runtime';
import { expectTarget } from './kill-drivers.ts';
import { type IdeStub, openWorkerHome, startIdeStub, type WorkerHome } from './worker-home.ts';

export interface FakeHome extends WorkerHome {
  readonly stub: IdeStub;
  readonly fakeDirectory: string;
  steer(steering: Omit<FakeSteering, 'target'>): void;
  /** Every mutating method and every look takes so long after its effect: the window in which a worker is killed. */
  linger(ms: number): void;
  /** What happened to the instance, in order; notes of a higher fence left out. */
  journal(workspaceId: string): readonly FakeVersion[];
  /** Accepts the job and runs it to its target with a worker that is up. */
  done(kind: Action, name: string): Promise<Job>;
  /** Registers a port; the workspace must run. */
  addPort(name: string, port: number): Promise<Job>;
}

export async function openFakeHome(env: Readonly<Record<string, string>> = {}): Promise<FakeHome> {
  const stub = await startIdeStub();
  const home = await openWorkerHome({ runtime: 'fake', image: 'workspace@fake', env });
  const fakeDirectory = join(home.directory, 'fake');
  const steer = (steering: Omit<FakeSteering, 'target'>) =>
    steerFake(fakeDirectory, { target: { host: '127.0.0.1', port: stub.port }, ...steering });
  steer({});
  return {
    ...home,
    stub,
    fakeDirectory,
    steer,
    linger(lingerMs) {
      const methods: FakeMethod[] = ['inspect', 'create', 'start', 'stop', 'remove', 'expose'];
      steer({ methods: Object.fromEntries(methods.map((method) => [method, { lingerMs }])) });
    },
    journal: (workspaceId) =>
      readFakeJournal(fakeDirectory).filter(({ id, effect }) => id === workspaceId && effect !== 'fence'),
    async done(kind, name) {
      const job = await home.request(kind, name);
      await expectTarget(home, job);
      return job;
    },
    async addPort(name, port) {
      const { job } = home.store.addPort(name, { port, label: null, stripPrefix: true }, { actor: 'user' });
      if (job === null) throw new Error(`${name} does not run`);
      await home.send(job).catch(() => undefined);
      return job;
    },
    async close() {
      await home.close();
      await stub.close();
    },
  };
}

const created = ['create', 'start', 'expose'] as const;

/** What happens to an instance, once, before a job of each kind is asked for… */
export const historyOf = {
  create: [],
  start: [...created, 'stop'],
  stop: created,
  restart: created,
  delete: created,
  routes: created,
  source: created,
} as const satisfies Record<JobKind, readonly FakeEffect[]>;

/** …and by the job itself. */
export const effectsOf = {
  create: created,
  start: ['start', 'expose'],
  stop: ['stop'],
  restart: ['stop', 'start', 'expose'],
  delete: ['stop', 'remove'],
  routes: ['expose'],
  source: [],
} as const satisfies Record<JobKind, readonly FakeEffect[]>;
