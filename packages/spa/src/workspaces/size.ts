/** Memory as people read it. The API counts in MiB. */
const mibPerGib = 1024;

/** `512 MiB`, `4 GiB`, `1.5 GiB`. */
export function formatMemory(mib: number): string {
  if (mib < mibPerGib) return `${Math.round(mib)} MiB`;
  return `${gibOf(mib)} GiB`;
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

export function formatCpus(cpus: number): string {
  return cpus === 1 ? '1 CPU' : `${cpus} CPUs`;
}
