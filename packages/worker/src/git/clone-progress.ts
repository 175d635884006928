/** What Git says while it clones, as lines for the workspace's log: the end of each phase, and now and then how far it is. */
import { plain } from './git-failure.ts';

/** Milliseconds between two lines of one phase. */
const everyMs = 5000;
/** Of one line. */
const keptCharacters = 300;

/**
 * Takes pieces of text as they come. Git ends what it will write over with a carriage return, and the last of a phase with
 * a line feed (progress.c).
 */
export function createProgress(note: (line: string) => void, now: () => number = () => performance.now()) {
  let rest = '';
  let notedAt = now();
  return (text: string): void => {
    const pieces = (rest + text).split(/(?<=[\r\n])/);
    const last = pieces.at(-1) ?? '';
    rest = /[\r\n]$/.test(last) ? '' : (pieces.pop() ?? '').slice(-keptCharacters);
    for (const piece of pieces) {
      const line = plain(piece).slice(0, keptCharacters);
      const isDue = piece.endsWith('\n') || now() - notedAt >= everyMs;
      if (line === '' || !isDue) continue;
      notedAt = now();
      note(line);
    }
  };
}
