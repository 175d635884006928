/**
 * The server's time. A laptop whose clock is minutes off would otherwise count a step's seconds from the wrong start:
 * the `Date` of each answer says how far off it is, and whole seconds are all it knows, so small differences are left.
 */
const toleranceMs = 2_000;

export interface ServerClock {
  now(): number;
  /** Takes an answer's `Date` header. */
  saw(dateHeader: string | null): void;
}

export function createServerClock(localNow: () => number = Date.now): ServerClock {
  let offset = 0;
  return {
    now: () => localNow() + offset,
    saw: (dateHeader) => {
      const at = Date.parse(dateHeader ?? '');
      if (Number.isNaN(at)) return;
      const difference = at - localNow();
      offset = Math.abs(difference) > toleranceMs ? difference : 0;
    },
  };
}
