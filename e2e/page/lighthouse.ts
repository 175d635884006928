/** Lighthouse over a page of a Tidepool, signed in: its scores, and what cost points. */
import lighthouse from 'lighthouse';
import { launchBrowser } from '../browser.ts';
import { freePorts, type Tidepool } from '../tidepool.ts';

const categories = ['performance', 'accessibility', 'best-practices'] as const;

export type Scores = Readonly<Record<(typeof categories)[number], number>>;

export interface Inspection {
  /** 0 to 100. */
  readonly scores: Scores;
  /** How fast this machine was just now, as Lighthouse measures it: desktops of today reach 1,500 to 2,000. */
  readonly machine: number;
  /** One line for each audit that is not perfect. */
  readonly remarks: readonly string[];
}

/** What Lighthouse's phone is meant to be slower than: four times. https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md */
const desktop = 1_500;
const phoneSlowdown = 4;

/**
 * As a mid-range phone on a slow network, which Lighthouse reckons from what it saw here instead of waiting for it.
 * @param path below `/app`
 * @param machine how fast this one is, where it is known: the phone is so much less slower than it
 */
export async function inspect(tidepool: Tidepool, path: string, machine = desktop): Promise<Inspection> {
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error('no free port');
  const browser = await launchBrowser({ debuggingPort: port });
  try {
    const result = await lighthouse(`${tidepool.appOrigin}/app${path}`, {
      port,
      output: 'json',
      logLevel: 'error',
      onlyCategories: [...categories],
      formFactor: 'mobile',
      throttlingMethod: 'simulate',
      throttling: { cpuSlowdownMultiplier: Math.min(phoneSlowdown, Math.max(1, (phoneSlowdown * machine) / desktop)) },
      // It waits until nothing is asked any more, and the page's event stream never ends.
      maxWaitForLoad: 5_000,
      extraHeaders: { authorization: tidepool.authorization },
    });
    if (result === undefined) throw new Error('Lighthouse gave no result');
    const { lhr } = result;
    if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
    const scoreOf = (category: string) => Math.round((lhr.categories[category]?.score ?? 0) * 100);
    return {
      machine: lhr.environment.benchmarkIndex,
      scores: {
        performance: scoreOf('performance'),
        accessibility: scoreOf('accessibility'),
        'best-practices': scoreOf('best-practices'),
      },
      remarks: Object.values(lhr.audits)
        .filter(({ score }) => score !== null && score < 1)
        .map(({ id, score, displayValue, details }) => {
          const items = details && 'items' in details ? JSON.stringify(details.items).slice(0, 300) : '';
          return `${id} ${score} ${displayValue ?? ''} ${items}`;
        }),
    };
  } finally {
    await browser.close();
  }
}
