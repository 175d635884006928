/** Terminals that are asked all the while, so that one that drops, or answers for another, is noticed. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Terminal } from './inside.ts';
import { until } from './tidepool.ts';

export type Asked = ReturnType<typeof keepAsking>;

/** Counts in a loop; the answer to each has to be that number, from the same shell as the first. */
export function keepAsking(terminal: Terminal) {
  const ending = new AbortController();
  let answers = 0;
  let failure: Error | null = null;
  const shell = (async () => {
    const first = await terminal.ask('echo shell-$$');
    while (!ending.signal.aborted) {
      const answer = await Promise.race([
        terminal.ask(`echo ${answers} shell-$$`),
        sleep(30_000, 'silence', { ref: false }),
      ]);
      if (answer !== `${answers} ${first}`) throw new Error(`asked ${answers} of ${first}, got ${answer}`);
      answers += 1;
      await sleep(20);
    }
    return first;
  })();
  shell.catch((error: Error) => {
    failure = error;
  });
  return {
    answers: () => answers,
    failed: () => failure,
    end() {
      ending.abort();
      return shell;
    },
  };
}

/** Waits until each has answered since: what was asked before may have been answered in between, so twice. @throws where one failed */
export async function allAnswer(asked: readonly Asked[]): Promise<void> {
  const before = asked.map(({ answers }) => answers());
  await until('every terminal to answer', () =>
    asked.every(({ answers, failed }, index) => failed() !== null || answers() >= (before[index] ?? 0) + 2),
  );
  const failures = asked.map(({ failed }) => failed()).filter((failure) => failure !== null);
  if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('\n'));
}
