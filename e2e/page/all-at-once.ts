/** Many walks side by side that wait for each other in the middle, so that one accident happens to all of them. */
import type { Walk } from './walk.ts';

export interface Walker {
  readonly name: string;
  readonly walk: (middle: Walk['middle']) => Promise<void>;
}

export interface Middle {
  /** All have come to their middle: called before they ask for what they do there. */
  readonly before: () => Promise<void>;
  /** All have asked. */
  readonly happen: () => Promise<void>;
}

/** @throws one error that names each walk that failed, in the way there or afterwards */
export async function walkAllAtOnce(walkers: readonly Walker[], { before, happen }: Middle): Promise<void> {
  const begin = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const all = walkers.map(({ name, walk }) => {
    const arrived = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const middle: Walk['middle'] = async (act = async () => {}) => {
      arrived.resolve();
      await begin.promise;
      await act();
      asked.resolve();
      await over.promise;
    };
    const end = walk(middle).then(
      () => null,
      (error: unknown) => new Error(`${name}: ${error instanceof Error ? error.stack : error}`),
    );
    // One that fails holds up nobody.
    void end.then(() => {
      arrived.resolve();
      asked.resolve();
    });
    return { arrived: arrived.promise, asked: asked.promise, end };
  });
  await Promise.all(all.map(({ arrived }) => arrived));
  try {
    await before();
    begin.resolve();
    await Promise.all(all.map(({ asked }) => asked));
    await happen();
    over.resolve();
  } catch (error) {
    begin.reject(error);
    over.reject(error);
  }
  const failures = (await Promise.all(all.map(({ end }) => end))).filter((failure) => failure !== null);
  if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('\n\n'));
}
