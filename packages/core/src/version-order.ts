/** Which of two versions is the older one, such as `2.6.2` and `2.11.7`: by their numbers, from left to right. */
export function isOlder(version: string, than: string): boolean {
  const [parts, others] = [numbersOf(version), numbersOf(than)];
  const different = others.findIndex((part, index) => part !== (parts[index] ?? 0));
  return different !== -1 && (parts[different] ?? 0) < (others[different] ?? 0);
}

/** Of `v2.6.2-dev` too: what is no number counts for nothing. */
function numbersOf(version: string): number[] {
  return version.match(/\d+/g)?.map(Number) ?? [];
}
