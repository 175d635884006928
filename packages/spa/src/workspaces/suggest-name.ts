/** A name that nobody has yet, for those who do not want to think of one. */
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
];
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
];

/** @param random 0 up to 1, as `Math.random` gives it */
export function suggestName(taken: ReadonlySet<string>, random: () => number = Math.random): string {
  const all = first.flatMap((one) => second.map((other) => `${one}-${other}`));
  const free = all.filter((name) => !taken.has(name));
  const name = free[Math.floor(random() * free.length)];
  if (name !== undefined) return name;
  for (let number = 2; ; number += 1) {
    const numbered = `workspace-${number}`;
    if (!taken.has(numbered)) return numbered;
  }
}
