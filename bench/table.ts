/** A measurement as a table: printed as Markdown, kept as JSON. */

export interface BenchTable {
  readonly title: string;
  /** Headings of `values`, units included. */
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly values: readonly number[] }[];
  /** What was to be reached, and whether it was. */
  readonly goals: readonly {
    readonly what: string;
    readonly goal: string;
    readonly value: number;
    readonly met: boolean;
  }[];
  /** How it was measured. */
  readonly notes: readonly string[];
}

export function toMarkdown(table: BenchTable): string {
  const header = ['', ...table.columns];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `## ${table.title}`,
    '',
    line(header),
    line(header.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...table.rows.map(({ name, values }) => line([name, ...values.map(readable)])),
    '',
    ...table.goals.map(
      ({ what, goal, value, met }) => `- ${what}: ${readable(value)}, goal ${goal}: ${met ? 'met' : '**missed**'}`,
    ),
    ...table.notes.map((note) => `- ${note}`),
    '',
  ].join('\n');
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? Number.NaN) + upper) / 2 : upper;
}

/** The nearest of the values themselves (nearest-rank). */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** To two decimals, as all ratios are shown. */
export function ratio(value: number, base: number): number {
  return Math.round((value / base) * 100) / 100;
}

function readable(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en');
  return value.toLocaleString('en', {
    maximumFractionDigits: Math.abs(value) < 10 ? 2 : 0,
    minimumFractionDigits: Math.abs(value) < 10 ? 2 : 0,
  });
}
