/** A name for those who do not want to think of one: the repository's, or two words of the shore. */
import { workspaceName } from '@tidepool/core';

const first = [
  'amber',
  'bright',
  'calm',
  'clear',
  'deep',
  'early',
  'green',
  'high',
  'late',
  'low',
  'quiet',
  'slow',
  'still',
  'warm',
] as const;
const second = [
  'anchor',
  'bay',
  'coral',
  'cove',
  'current',
  'harbor',
  'island',
  'kelp',
  'lagoon',
  'pearl',
  'reef',
  'sand',
  'shell',
  'tide',
] as const;
const pairs = first.flatMap((one) => second.map((other) => `${one}-${other}`));

/** Its multiples, taken modulo 1, spread evenly: no pair comes twice before nearly all have come. */
const goldenRatio = 0.618_033_988_75;

export interface Suggestion {
  /** 0 up to 1. With the same one the same name is suggested, as long as nobody takes it. */
  readonly seed: number;
  /** The address of the repository to begin with, as far as it is typed. */
  readonly git: string;
  readonly isTaken: (name: string) => boolean;
}

export function suggestName({ seed, git, isTaken }: Suggestion): string {
  const project = nameOfProject(git);
  for (let tries = 0; ; tries += 1) {
    const name = project === null ? pairAt(seed, tries) : numbered(project, tries);
    if (!isTaken(name)) return name;
  }
}

/** `https://example.org/team/Web_App.git` is `web-app`; null where that gives no name. */
function nameOfProject(git: string): string | null {
  const last = git
    .trim()
    .replace(/[?#].*$/, '')
    .match(/^https:\/\/[^/]+\/.*?([^/]+?)(?:\.git)?\/*$/i)?.[1];
  const name = (last ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 32)
    .replace(/-+$/, '');
  return workspaceName.safeParse(name).success ? name : null;
}

function numbered(project: string, tries: number): string {
  return tries === 0 ? project : `${project}-${tries + 1}`;
}

function pairAt(seed: number, tries: number): string {
  const pair = pairs[Math.floor(((seed + tries * goldenRatio) % 1) * pairs.length)] ?? 'calm-reef';
  // Where most pairs are taken, going through all of them would ask about each.
  return tries < 12 ? pair : `${pair}-${tries}`;
}
