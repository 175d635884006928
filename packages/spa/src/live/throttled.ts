/** What may be wanted many times a second, done less often. */

/** At once, then not before it has ended and `ms` have passed; the last time is never left out. */
export function throttled(run: () => Promise<unknown>, ms: number): () => void {
  let isResting = false;
  let again = false;
  const start = async () => {
    isResting = true;
    again = false;
    await Promise.all([run(), new Promise((resolve) => setTimeout(resolve, ms))]);
    isResting = false;
    if (again) void start();
  };
  return () => {
    if (isResting) again = true;
    else void start();
  };
}
