/** The contract of the `Routes` port: every adapter and the fake pass it. What is routed is asked for, not looked up. */
import { type RouteTarget, TidepoolError } from '@tidepool/core';
import { describe, expect, test } from 'vitest';
import { type Guard, guardOf, type Route, type Routes } from './routes.ts';
import { unguarded } from './unguarded.ts';

export interface RoutesSubject {
  readonly routes: Routes;
  /** Three addresses where something listens. */
  readonly targets: readonly [RouteTarget, RouteTarget, RouteTarget];
  /** Asks for `page` below the route's path: which target answered, and which path it saw. Null where there is no route. */
  ask(workspace: string, port: Route['port'], page: string): Promise<{ target: RouteTarget; path: string } | null>;
  /** Another worker's adapter to the same routes, which is suspended just before its first change becomes visible. */
  suspended(): Promise<Suspended>;
}

export interface Suspended {
  readonly routes: Routes;
  /** Resolves when it has come so far. */
  readonly reached: Promise<void>;
  wake(): void;
}

/** For adapters that check and change in one go: there is no later moment to be suspended at. */
export function suspendedBefore(routes: Routes): Suspended {
  const reached = Promise.withResolvers<void>();
  const woken = Promise.withResolvers<void>();
  const replace: Routes['replace'] = async (...change) => {
    reached.resolve();
    await woken.promise;
    await routes.replace(...change);
  };
  return { routes: { ...routes, replace }, reached: reached.promise, wake: woken.resolve };
}

/** @param subject a new one for each test, with no routes */
export function testRoutes(name: string, subject: () => Promise<RoutesSubject>): void {
  describe(`routes: ${name}`, () => {
    test('at first there are none', async () => {
      const { routes, ask } = await subject();
      expect(await routes.list()).toEqual([]);
      expect(await ask('web', 'ide', 'x')).toBeNull();
    });

    test('replace makes exactly these the routes', async () => {
      const { routes, targets, ask } = await subject();
      const [a, b, c] = targets;
      await routes.replace('web', [port(3000, b), ide(a)], unguarded);
      expect(await routes.list()).toEqual([{ workspace: 'web', routes: [ide(a), port(3000, b)] }]);
      expect(await ask('web', 'ide', 'x')).toEqual({ target: a, path: '/x' });
      expect(await ask('web', 3000, 'x')).toEqual({ target: b, path: '/x' });

      await routes.replace('web', [ide(b), port(4000, c)], unguarded);
      expect(await routes.list()).toEqual([{ workspace: 'web', routes: [ide(b), port(4000, c)] }]);
      expect(await ask('web', 'ide', 'x')).toEqual({ target: b, path: '/x' });
      expect(await ask('web', 3000, 'x')).toBeNull();
      expect(await ask('web', 4000, 'x')).toEqual({ target: c, path: '/x' });
    });

    test('replacing with the same again changes nothing', async () => {
      const { routes, targets, ask } = await subject();
      const wanted = [ide(targets[0]), port(3000, targets[1]), kept(3001, targets[2])];
      await routes.replace('web', wanted, unguarded);
      await routes.replace('web', wanted, unguarded);
      expect(await routes.list()).toEqual([{ workspace: 'web', routes: wanted }]);
      expect(await ask('web', 'ide', 'x')).toEqual({ target: targets[0], path: '/x' });
    });

    test('a kept prefix reaches the application, a cut one does not, and a port changes from one to the other', async () => {
      const { routes, targets, ask } = await subject();
      const [a] = targets;
      await routes.replace('web', [kept(3000, a)], unguarded);
      expect(await ask('web', 3000, 'x')).toEqual({ target: a, path: '/workspace/web/port/3000/x' });
      await routes.replace('web', [port(3000, a)], unguarded);
      expect(await ask('web', 3000, 'x')).toEqual({ target: a, path: '/x' });
      await routes.replace('web', [kept(3000, a)], unguarded);
      expect(await routes.list()).toEqual([{ workspace: 'web', routes: [kept(3000, a)] }]);
    });

    test('none removes them all, also of a workspace that has none', async () => {
      const { routes, targets, ask } = await subject();
      await routes.replace('web', [ide(targets[0]), port(3000, targets[1])], unguarded);
      await routes.replace('web', [], unguarded);
      await routes.replace('notes', [], unguarded);
      expect(await routes.list()).toEqual([]);
      expect(await ask('web', 'ide', 'x')).toBeNull();
      expect(await ask('web', 3000, 'x')).toBeNull();
    });

    test('names of which one continues the other do not meet', async () => {
      const { routes, targets, ask } = await subject();
      const [a, b, c] = targets;
      await routes.replace('web', [ide(a)], unguarded);
      await routes.replace('web-redirect', [ide(b)], unguarded);
      await routes.replace('web-3000-kept', [ide(c)], unguarded);
      await routes.replace('web', [], unguarded);
      expect(await ask('web', 'ide', 'x')).toBeNull();
      expect(await ask('web-redirect', 'ide', 'x')).toEqual({ target: b, path: '/x' });
      expect((await routes.list()).map(({ workspace }) => workspace)).toEqual(['web-3000-kept', 'web-redirect']);
    });

    test('workspaces are replaced beside each other', async () => {
      const { routes, targets } = await subject();
      const names = Array.from({ length: 20 }, (_, index) => `web-${String(index).padStart(2, '0')}`);
      await Promise.all(names.map((name) => routes.replace(name, [ide(targets[0])], unguarded)));
      expect((await routes.list()).map(({ workspace }) => workspace)).toEqual(names);
    });

    test('a guard that refuses leaves everything as it was', async () => {
      const { routes, targets, ask } = await subject();
      const [a, b] = targets;
      await routes.replace('web', [ide(a)], unguarded);
      for (const wanted of [[ide(b), port(3000, b)], [port(3000, b)], []]) {
        await expect(routes.replace('web', wanted, refusing)).rejects.toMatchObject({ code: 'fence_lost' });
      }
      await expect(routes.replace('notes', [ide(b)], refusing)).rejects.toMatchObject({ code: 'fence_lost' });
      expect(await routes.list()).toEqual([{ workspace: 'web', routes: [ide(a)] }]);
      expect(await ask('web', 'ide', 'x')).toEqual({ target: a, path: '/x' });
      expect(await ask('notes', 'ide', 'x')).toBeNull();
    });

    test('the guard runs once, and is obeyed, also where nothing would change', async () => {
      const { routes, targets } = await subject();
      const wanted = [ide(targets[0])];
      await routes.replace('web', wanted, unguarded);
      let runs = 0;
      const counted: Guard = {
        check() {},
        commit(change) {
          runs += 1;
          change();
        },
      };
      await routes.replace('web', wanted, counted);
      await routes.replace('notes', [], counted);
      expect(runs).toBe(2);
      await expect(routes.replace('web', wanted, refusing)).rejects.toMatchObject({ code: 'fence_lost' });
      await expect(routes.replace('notes', [], refusing)).rejects.toMatchObject({ code: 'fence_lost' });
    });

    test.each(successors)(
      'a worker with a lower fence, woken after its successor has $done, changes nothing',
      async (successor) => {
        const { routes, targets, suspended } = await subject();
        const [a, b, c] = targets;
        let fence = 7;
        const fenced = (own: number) =>
          guardOf((change) => {
            if (own !== fence) throw new TidepoolError('fence_lost');
            change();
          });
        await routes.replace('web', successor.before(a), fenced(7));
        const sleeper = await suspended();
        const old = sleeper.routes.replace('web', successor.late(b), fenced(7));
        await sleeper.reached;
        fence = 8;
        for (const written of successor.writes(c)) await routes.replace('web', written, fenced(8));
        sleeper.wake();
        await expect(old).rejects.toMatchObject({ code: 'fence_lost' });
        const left = successor.writes(c).at(-1) ?? [];
        expect(await routes.list()).toEqual(left.length === 0 ? [] : [{ workspace: 'web', routes: left }]);
      },
    );

    test('a worker that was suspended while others changed other workspaces goes on', async () => {
      const { routes, targets, suspended } = await subject();
      const [a, b] = targets;
      const sleeper = await suspended();
      const change = sleeper.routes.replace('web', [ide(a)], unguarded);
      await sleeper.reached;
      await routes.replace('notes', [ide(b)], unguarded);
      sleeper.wake();
      await change;
      expect(await routes.list()).toEqual([
        { workspace: 'notes', routes: [ide(b)] },
        { workspace: 'web', routes: [ide(a)] },
      ]);
    });

    test('an abort that came before is obeyed, and nothing is changed', async () => {
      const { routes, targets } = await subject();
      const late = new Error('late');
      const aborted = AbortSignal.abort(late);
      await expect(routes.replace('web', [ide(targets[0])], unguarded, aborted)).rejects.toBe(late);
      await expect(routes.list(aborted)).rejects.toBe(late);
      expect(await routes.list()).toEqual([]);
    });

    test('a transaction that fails after the change is made good by the next replace', async () => {
      const { routes, targets, ask } = await subject();
      const [a, b] = targets;
      await routes.replace('web', [ide(a)], unguarded);
      const failing: Guard = {
        check() {},
        commit(change) {
          change();
          throw new TidepoolError('busy', { passing: true });
        },
      };
      await expect(routes.replace('web', [ide(b)], failing)).rejects.toMatchObject({ code: 'busy' });
      await routes.replace('web', [ide(b)], unguarded);
      expect(await ask('web', 'ide', 'x')).toEqual({ target: b, path: '/x' });
    });
  });
}

/** What stood `before`, what the suspended worker wants, and what its successor writes one after the other. */
const successors: readonly {
  readonly done: string;
  before(target: RouteTarget): readonly Route[];
  late(target: RouteTarget): readonly Route[];
  writes(target: RouteTarget): readonly (readonly Route[])[];
}[] = [
  { done: 'moved the route', before: (a) => [ide(a)], late: (b) => [ide(b)], writes: (c) => [[ide(c)]] },
  { done: 'written routes', before: (a) => [ide(a)], late: () => [], writes: (c) => [[ide(c), port(3000, c)]] },
  { done: 'removed them', before: (a) => [ide(a)], late: (b) => [ide(b)], writes: () => [[]] },
  { done: 'found none to remove', before: () => [], late: (b) => [ide(b)], writes: () => [[]] },
  { done: 'written and removed again', before: () => [], late: (b) => [ide(b)], writes: (c) => [[ide(c)], []] },
];

const refusing = guardOf(() => {
  throw new TidepoolError('fence_lost');
});

function ide(target: RouteTarget): Route {
  return { port: 'ide', target, stripPrefix: true };
}

function port(number: number, target: RouteTarget): Route {
  return { port: number, target, stripPrefix: true };
}

function kept(number: number, target: RouteTarget): Route {
  return { port: number, target, stripPrefix: false };
}
