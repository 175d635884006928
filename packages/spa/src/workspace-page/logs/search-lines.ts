/** Which lines of a log are shown, and which of them hold what is searched for. */
import type { NumberedLine } from './log-lines.ts';

export const levelChoices = { all: 'All levels', warnings: 'Warnings and errors', errors: 'Errors' } as const;
export type LevelChoice = keyof typeof levelChoices;

const shownLevels: Record<Exclude<LevelChoice, 'all'>, ReadonlySet<string>> = {
  warnings: new Set(['warn', 'error', 'fatal']),
  errors: new Set(['error', 'fatal']),
};

/** @param until the last line that is shown; null: all are */
export function linesShown(lines: readonly NumberedLine[], choice: LevelChoice, until: number | null) {
  const levels = choice === 'all' ? null : shownLevels[choice];
  if (levels === null && until === null) return lines;
  return lines.filter(({ level, number }) => (levels?.has(level) ?? true) && (until === null || number <= until));
}

/** The numbers of the lines that hold `search`, whatever its case; none where nothing is searched for. */
export function findLines(lines: readonly NumberedLine[], search: string): readonly number[] {
  const wanted = search.toLowerCase();
  if (wanted === '') return [];
  return lines.filter(({ message }) => message.toLowerCase().includes(wanted)).map(({ number }) => number);
}

/**
 * The line to go to from `current`, over the end to the other side.
 * @param current a line's number; null: none was gone to yet
 */
export function nextFound(found: readonly number[], current: number | null, step: 1 | -1): number | null {
  // The newest lines are in view at first, so the search begins at the last one found.
  if (current === null) return found.at(-1) ?? null;
  const after = step === 1 ? found.find((each) => each > current) : found.findLast((each) => each < current);
  return after ?? (step === 1 ? found[0] : found.at(-1)) ?? null;
}

/** In characters. A browser takes seconds to draw a line of a million, and minutes to mark what is found in it. */
const longestShown = 4_000;

/** The beginning of a message, and how much of it is left out. */
export function shownOf(message: string): { readonly text: string; readonly leftOut: number } {
  const text = message.slice(0, longestShown);
  return { text, leftOut: message.length - text.length };
}

/** A message as parts: what is found, and what stands between. */
export function partsOf(message: string, search: string): readonly { text: string; isFound: boolean; at: number }[] {
  const [haystack, wanted] = [message.toLowerCase(), search.toLowerCase()];
  // Some capitals are longer in lower case: then nothing can be marked rightly.
  if (wanted === '' || haystack.length !== message.length) return [{ text: message, isFound: false, at: 0 }];
  const parts = [];
  let from = 0;
  for (let at = haystack.indexOf(wanted); at >= 0; at = haystack.indexOf(wanted, from)) {
    if (at > from) parts.push({ text: message.slice(from, at), isFound: false, at: from });
    from = at + wanted.length;
    parts.push({ text: message.slice(at, from), isFound: true, at });
  }
  if (from < message.length) parts.push({ text: message.slice(from), isFound: false, at: from });
  return parts;
}
