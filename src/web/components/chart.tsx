/** Charts that live beside their numbers: a bar in a table cell, one line with direct labels. One hue, no legend. */
import { shared } from '../content.ts';
import { formatPercent } from '../i18n/format.ts';
import type { Language } from '../i18n/language.ts';

/** The pattern of a bar that misses its target. Once a page, before the first bar. */
export function Hatching() {
  return (
    <svg class="defs" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="3" height="6" fill="var(--act)" />
        </pattern>
      </defs>
    </svg>
  );
}

export interface MeasuredProps {
  readonly language: Language;
  /** Between 0 and 1. */
  readonly share: number;
  readonly target: number;
}

/** A share in a table cell: number, then bar. Solid where the target is met, hatched where not, a tick at it. */
export function Measured({ language, share, target }: MeasuredProps) {
  const met = share >= target;
  const width = `${(100 * Math.min(1, share)).toFixed(1)}%`;
  const t = shared[language].chart;
  return (
    <div class="measured">
      <span>{formatPercent(share, language)}</span>
      <span class="hidden">{met ? t.reached : t.missed}</span>
      <svg class="track" aria-hidden="true" focusable="false">
        <rect class="ground" y="2" width="100%" height="14" />
        {met ? (
          <rect class="full" y="2" width={width} height="14" />
        ) : (
          <rect x=".5" y="2.5" width={width} height="13" fill="url(#hatch)" stroke="currentColor" />
        )}
        <rect class="goal" x={`${(100 * target).toFixed(1)}%`} width="2" height="18" />
      </svg>
    </div>
  );
}

export interface LineChartProps {
  readonly language: Language;
  /** Says in one sentence what the line shows. */
  readonly label: string;
  /** Oldest first; shares between 0 and 1. */
  readonly points: readonly { readonly label: string; readonly share: number }[];
  readonly target: number;
  readonly targetLabel: string;
}

/** One line, its ends labelled, the target dashed. Put the same numbers in a table below it. */
export function LineChart({ language, label, points, target, targetLabel }: LineChartProps) {
  const top = Math.max(0.1, Math.ceil(Math.max(target, ...points.map((point) => point.share)) * 10) / 10);
  const x = (index: number): number => 40 + (index * 480) / Math.max(1, points.length - 1);
  const y = (share: number): number => 150 - (share / top) * 120;
  const first = points[0];
  const last = points[points.length - 1];
  if (first === undefined || last === undefined) return null;
  const path = points.map(
    (point, index) => `${index === 0 ? 'M' : 'L'}${x(index).toFixed(1)} ${y(point.share).toFixed(1)}`,
  );
  return (
    <svg class="line-chart" viewBox="0 0 580 180" role="img" aria-label={label}>
      {[0, top / 2].map((share) => (
        <g key={share}>
          <path class="grid" d={`M40 ${y(share)}H520`} />
          <text x="32" y={y(share) + 5} text-anchor="end">
            {Math.round(share * 100)}
          </text>
        </g>
      ))}
      <path class="goal" d={`M40 ${y(target)}H520`} />
      <text x="42" y={y(target) - 6}>
        {targetLabel}
      </text>
      <path class="curve" d={path.join('')} />
      <circle cx={x(points.length - 1)} cy={y(last.share)} r="5" />
      <text x="42" y={y(first.share) + 20}>
        {formatPercent(first.share, language)}
      </text>
      <text class="now" x="530" y={y(last.share) + 14}>
        {formatPercent(last.share, language)}
      </text>
      <text x="40" y="174">
        {first.label}
      </text>
      <text x="520" y="174" text-anchor="end">
        {last.label}
      </text>
    </svg>
  );
}
