/** Memory as people read it. The API counts in MiB. */
const mibPerGib = 1024;

/** `512 MiB`, `4 GiB`, `1.5 GiB`. */
export function formatMemory(mib: number): string {
  if (mib < mibPerGib) return `${Math.round(mib)} MiB`;
  return `${gibOf(mib)} GiB`;
}

/** `1 GiB is free`, `4 GiB are free`, `no memory is free`. */
export function freeWords(mib: number): string {
  if (mib <= 0) return 'no memory is free';
  return `${formatMemory(mib)} ${isOrAre(mib)} free`;
}

export function isOrAre(mib: number): 'is' | 'are' {
  return /^1 /.test(formatMemory(mib)) ? 'is' : 'are';
}

/** What core's schema says of MiB, for a field labelled in GiB. */
export function memoryMessage(message: string): string {
  if (message.startsWith('A whole number')) return 'A number, such as 4 or 1.5.';
  return message.replace(/(\d+) MiB/, (_, mib: string) => `${gibOf(Number(mib))} GiB`);
}

/** At most one decimal. */
export function gibOf(mib: number): string {
  return String(Math.round((mib / mibPerGib) * 10) / 10);
}

/** What stands in a field labelled in GiB. Rounded down, so that what is offered always fits. */
export function memoryInput(mib: number): string {
  return String(Math.floor((mib / mibPerGib) * 100) / 100);
}

/** @returns NaN where it is no number */
export function mibOfInput(input: string): number {
  const text = input.trim().replace(',', '.');
  return text === '' ? Number.NaN : Math.round(Number(text) * mibPerGib);
}

/** How much of a size is in use, both in the size's unit: `0.3` `of 4 GiB`. */
export function memoryOf(usedMiB: number, sizeMiB: number): { readonly now: string; readonly size: string } {
  const now = sizeMiB < mibPerGib ? String(Math.round(usedMiB)) : gibOf(usedMiB);
  return { now, size: `of ${formatMemory(sizeMiB)}` };
}

export function formatCpus(cpus: number): string {
  return cpus === 1 ? '1 CPU' : `${cpus} CPUs`;
}
