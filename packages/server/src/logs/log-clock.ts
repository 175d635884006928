/** Lines of VS Code's server begin with a clock and no date, `[12:00:00]`, in UTC inside a workspace: on which day was it? */
const clocked = /^\[([01]\d|2[0-3]):([0-5]\d):([0-5]\d)\]\s*(.*)$/s;

const second = 1_000;
const day = 24 * 60 * 60 * second;

/** Two programs that write one file may swap their lines by so much; that is no new day. */
const disorder = 60 * second;

export interface Clocked {
  /** Since midnight, in milliseconds. */
  readonly clock: number;
  readonly message: string;
}

export function clockOf(line: string): Clocked | undefined {
  const [, hours, minutes, seconds, message] = clocked.exec(line) ?? [];
  if (message === undefined) return undefined;
  return { clock: ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * second, message };
}

/** When the clock first showed that from `at` on; `at` where that is later than `latest`. All are ISO times. */
export function firstFrom(at: string, clock: number, latest: string): string {
  const from = Date.parse(at);
  const today = midnight(from) + clock;
  const time = today < from - disorder ? today + day : today;
  return time <= from || time > Date.parse(latest) ? at : new Date(time).toISOString();
}

/** When the clock last showed that up to `at`. */
export function lastUpTo(at: string, clock: number): string {
  const to = Date.parse(at);
  const today = midnight(to) + clock;
  const time = today > to + disorder ? today - day : today;
  return time >= to ? at : new Date(time).toISOString();
}

function midnight(time: number): number {
  return Math.floor(time / day) * day;
}
