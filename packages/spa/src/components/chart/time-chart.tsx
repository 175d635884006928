/**
 * A small chart over time: areas in one box, a limit as a dashed line, clock times below. It is drawn in a box of fixed
 * units that the browser stretches, so nothing is measured and nothing jumps. Who does not see it hears its summary, and
 * reads moment by moment with the arrow keys: a slider lies over it, which pointers and fingers move too.
 */
import { curveLinear, curveStepAfter } from '@visx/curve';
import { scaleLinear } from '@visx/scale';
import { Area, LinePath } from '@visx/shape';
import { type PointerEvent, useState } from 'react';
import { clockTicks } from './clock-ticks.ts';

export interface ChartPoint {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** null where nobody measured: a gap, not a zero. */
  readonly value: number | null;
}

export interface ChartSeries {
  readonly key: string;
  /** `taken`: pale with a line on top; `used`: full. */
  readonly look: 'taken' | 'used';
  /** Whether a value holds until the next one, rather than moving towards it. */
  readonly isStepped?: boolean;
  readonly points: readonly ChartPoint[];
}

export interface TimeChartProps {
  /** All that the picture says, in a sentence or two. */
  readonly summary: string;
  readonly from: number;
  readonly to: number;
  /** What the upper edge stands for. */
  readonly top: number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
  /** The last one lies on top. */
  readonly series: readonly ChartSeries[];
  readonly limit?: number;
  readonly size: 'tall' | 'low';
  /** What can be read moment by moment, oldest first: at least one. */
  readonly moments: readonly { readonly at: number; readonly words: string }[];
  /** Names the slider. */
  readonly readingLabel: string;
}

const width = 600;
const height = 100;

export function TimeChart({ summary, from, to, top, ticks, series, limit, size, ...reading }: TimeChartProps) {
  const x = scaleLinear<number>({ domain: [from, to], range: [0, width] });
  const y = scaleLinear<number>({ domain: [0, top], range: [height, 0] });
  return (
    <figure className={`chart chart-${size}`}>
      <div className="chart-values" aria-hidden="true">
        {ticks.map(({ value, label }) => (
          <span key={value} style={{ insetBlockStart: percent(y(value), height) }}>
            {label}
          </span>
        ))}
      </div>
      <div className="chart-box">
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={summary}>
          {ticks.map(({ value }) => (
            <line key={value} className="chart-grid" x1={0} x2={width} y1={y(value)} y2={y(value)} />
          ))}
          {series.map((each) => (
            <SeriesShape key={each.key} series={each} x={x} y={y} />
          ))}
          {limit !== undefined && <line className="chart-limit" x1={0} x2={width} y1={y(limit)} y2={y(limit)} />}
        </svg>
        <Reading {...reading} xShare={(at) => percent(x(at), width)} from={from} to={to} />
      </div>
      <div className="chart-times" aria-hidden="true">
        {clockTicks(from, to).map(({ at, label, isMinor }) => (
          <span key={at} data-minor={isMinor || undefined} style={{ insetInlineStart: percent(x(at), width) }}>
            {label}
          </span>
        ))}
      </div>
    </figure>
  );
}

type Scale = (value: number) => number;

function SeriesShape({ series, x, y }: { readonly series: ChartSeries; readonly x: Scale; readonly y: Scale }) {
  const { look, isStepped = false, points } = series;
  const drawing = {
    data: [...points],
    x: ({ at }: ChartPoint) => x(at),
    defined: ({ value }: ChartPoint) => value !== null,
    curve: isStepped ? curveStepAfter : curveLinear,
  };
  const yOf = ({ value }: ChartPoint) => y(value ?? 0);
  return (
    <>
      <Area className={`chart-area chart-${look}`} {...drawing} y0={height} y1={yOf} />
      {look === 'taken' && <LinePath className="chart-line" {...drawing} y={yOf} />}
    </>
  );
}

interface ReadingProps extends Pick<TimeChartProps, 'moments' | 'readingLabel' | 'from' | 'to'> {
  readonly xShare: (at: number) => string;
}

/** Nothing is read until a pointer or the keyboard asks for it. */
function Reading({ moments, readingLabel, from, to, xShare }: ReadingProps) {
  const [isRead, setRead] = useState(false);
  const [chosen, setChosen] = useState<number | null>(null);
  const last = moments.length - 1;
  const index = Math.min(chosen ?? last, last);
  const moment = moments[index];
  if (!moment) return null;
  const follow = ({ currentTarget, clientX }: PointerEvent<HTMLInputElement>) => {
    const { left, width: wide } = currentTarget.getBoundingClientRect();
    const at = from + ((clientX - left) / wide) * (to - from);
    setChosen(nearest(moments, at));
    setRead(true);
  };
  return (
    <>
      <input
        className="chart-reader"
        type="range"
        aria-label={readingLabel}
        aria-valuetext={moment.words}
        min={0}
        max={last}
        value={index}
        onChange={(event) => {
          setChosen(event.target.valueAsNumber);
          setRead(true);
        }}
        onPointerMove={follow}
        onPointerLeave={({ currentTarget }) => setRead(currentTarget.matches(':focus-visible'))}
        onFocus={({ currentTarget }) => setRead(currentTarget.matches(':focus-visible'))}
        onBlur={() => setRead(false)}
      />
      {isRead && (
        <>
          <i className="chart-cursor" style={{ insetInlineStart: xShare(moment.at) }} />
          <output className="chart-words" aria-hidden="true">
            {moment.words}
          </output>
        </>
      )}
    </>
  );
}

function nearest(moments: TimeChartProps['moments'], at: number): number {
  const distance = (index: number) => Math.abs((moments[index]?.at ?? 0) - at);
  return moments.reduce((best, _, index) => (distance(index) < distance(best) ? index : best), 0);
}

function percent(part: number, whole: number): string {
  return `${(part / whole) * 100}%`;
}
