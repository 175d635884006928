/** Lighthouse over a page of a Tidepool, signed in: its scores, and what cost points. */
import lighthouse from 'lighthouse';
import { launchBrowser } from '../browser.ts';
import { freePorts, type Tidepool } from '../tidepool.ts';

const categories = ['performance', 'accessibility', 'best-practices'] as const;

export type Scores = Readonly<Record<(typeof categories)[number], number>>;

export interface Inspection {
  /** 0 to 100. */
  readonly scores: Scores;
  /** One line for each audit that is not perfect. */
  readonly remarks: readonly string[];
}

/**
 * As a mid-range phone on a slow network, which Lighthouse reckons from what it saw here instead of waiting for it: so the
 * machine's own noise counts little.
 * @param path below `/app`
 */
export async function inspect(tidepool: Tidepool, path: string): Promise<Inspection> {
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
      // It waits until nothing is asked any more, and the page's event stream never ends.
      maxWaitForLoad: 10_000,
      extraHeaders: { authorization: tidepool.authorization },
    });
    if (result === undefined) throw new Error('Lighthouse gave no result');
    const { lhr } = result;
    if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
    const scoreOf = (category: string) => Math.round((lhr.categories[category]?.score ?? 0) * 100);
    return {
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
