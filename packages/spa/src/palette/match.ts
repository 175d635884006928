/** Which entries answer to what was typed, and which of their letters do. */
import { type Entry, groups, textOf } from './entry.ts';

/** So many of each are shown: the frame holds them without a long scroll. */
const most = { Recent: 5, Workspaces: 6, Do: 8, Ports: 5, 'Go to': 6, New: 1 } as const;

export interface EntryGroup {
  readonly label: (typeof groups)[number];
  readonly items: readonly Entry[];
}

export function tokensOf(query: string): readonly string[] {
  return query.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Each word typed has to stand in the entry. The group with the best entry comes first, and within it the best entry. */
export function find(entries: readonly Entry[], query: string): readonly EntryGroup[] {
  const tokens = tokensOf(query);
  const found = entries
    .map((entry) => ({ entry, score: scoreOf(entry, tokens) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => whyLast(one.entry, other.entry) || other.score - one.score);
  const order = [...new Set(found.filter(({ score }) => score === found[0]?.score).map(({ entry }) => entry.group))];
  return groups
    .toSorted((one, other) => Number(order.includes(other)) - Number(order.includes(one)))
    .map((label) => ({
      label,
      items: found
        .map(({ entry }) => entry)
        .filter(({ group }) => group === label)
        .slice(0, most[label]),
    }))
    .filter(({ items }) => items.length > 0);
}

/** What cannot be done now comes after what can. */
function whyLast({ why: one }: Entry, { why: other }: Entry): number {
  return Number(one !== undefined) - Number(other !== undefined);
}

/** 0: it does not answer. */
function scoreOf({ label, alias = '', isHere = false }: Entry, tokens: readonly string[]): number {
  const words = textOf(label).toLowerCase();
  let score = isHere ? 2 : 1;
  for (const token of tokens) {
    const at = words.indexOf(token);
    if (at === 0) score += 4;
    else if (at > 0 && words[at - 1] === ' ') score += 3;
    else if (at > 0 || alias.includes(token)) score += 1;
    else return 0;
  }
  return score;
}

/** `text` in pieces, those that answer to what was typed marked. */
export function pieces(text: string, query: string): readonly { readonly text: string; readonly isHit: boolean }[] {
  const tokens = tokensOf(query).map((token) => token.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (tokens.length === 0) return [{ text, isHit: false }];
  return text
    .split(new RegExp(`(${tokens.join('|')})`, 'i'))
    .map((piece, index) => ({ text: piece, isHit: index % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}
