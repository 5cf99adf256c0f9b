/**
 * The shapes that stand before status words: 20 px, `currentColor`, each with its own silhouette, so that a
 * state survives grey print and colour blindness. Decoration for a screen reader: the word carries the meaning.
 */
import type { ComponentChildren, VNode } from 'preact';

const disc = <circle cx="10" cy="10" r="9" fill="currentColor" />;
const ring = <circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2" />;
const line = { fill: 'none', stroke: 'currentColor', 'stroke-width': 2 } as const;
const question = 'M7.6 7.9a2.4 2.4 0 1 1 3.7 2c-.9.5-1.3.9-1.3 1.8';
const speech = 'M2 2h16v12h-6l-3.4 4v-4H2z';
const eye = 'M1.4 10c2-3.6 4.9-5.4 8.6-5.4s6.6 1.8 8.6 5.4c-2 3.6-4.9 5.4-8.6 5.4S3.4 13.6 1.4 10z';

const drawings = {
  tick: [disc, <path key="k" class="k" d="m5.8 10.2 2.9 2.9 5.5-5.9" stroke-width="2.3" />],
  half: [ring, <path key="h" d="M10 5.2a4.8 4.8 0 0 1 0 9.6z" fill="currentColor" />],
  bar: [ring, <path key="b" {...line} d="M6 10h8" stroke-width="2.4" />],
  unverified: [
    <circle key="c" cx="10" cy="10" r="8" {...line} stroke-dasharray="3.2 1.83" />,
    <path key="q" {...line} stroke-width="1.8" d={question} />,
    <circle key="d" cx="10" cy="14" r="1.1" fill="currentColor" />,
  ],
  dots: [
    <rect key="r" x="2" y="2" width="16" height="16" rx="1.5" {...line} />,
    <path key="d" d="M5 9h2.2v2.2H5zm3.9 0h2.2v2.2H8.9zm3.9 0H15v2.2h-2.2z" fill="currentColor" />,
  ],
  pause: [
    <rect key="r" x="1" y="1" width="18" height="18" rx="1.5" fill="currentColor" />,
    <path key="p" class="k" d="M7.5 5.5v9m5-9v9" stroke-width="2.4" />,
  ],
  sheets: [
    <path key="a" {...line} d="M6 15H2V2h9v3" />,
    <path key="b" d="M7 6h11v13H7z" fill="currentColor" />,
  ],
  octagon: [
    <path key="o" d="M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3z" fill="currentColor" />,
    <path key="x" class="k" d="m6.8 6.8 6.4 6.4m0-6.4-6.4 6.4" stroke-width="2.3" />,
  ],
  torn: [
    <path
      key="t"
      d="M3 1h14v8.3l-3-2.6-4 3.6-4-3.6-3 2.6zm0 11.6 3-2.6 4 3.6 4-3.6 3 2.6V19H3z"
      fill="currentColor"
    />,
  ],
  consent: [
    <path key="s" d="M1 1h18v14h-6.4L9 19v-4H1z" fill="currentColor" />,
    <path key="q" class="k" d="M7.8 5.8a2.2 2.2 0 1 1 3.4 1.8c-.8.5-1.2.9-1.2 1.7" stroke-width="1.8" />,
    <circle key="d" class="kf" cx="10" cy="11.8" r="1.1" />,
  ],
  eye: [<path key="e" {...line} d={eye} />, <circle key="p" cx="10" cy="10" r="2.6" fill="currentColor" />],
  hiddenEye: [<path key="e" {...line} d={eye} />, <path key="s" {...line} d="m3.5 17.5 13-15" />],
  more: [
    <path key="s" {...line} d={speech} />,
    <path key="d" d="M5 7h2v2H5zm4 0h2v2H9zm4 0h2v2h-2z" fill="currentColor" />,
  ],
  mismatch: [
    <path key="d" d="m10 .5 9.5 9.5-9.5 9.5L.5 10z" fill="currentColor" />,
    <path key="n" class="k" d="M5.8 8.2h8.4M5.8 11.8h8.4m-2.4-6-3.6 8.4" stroke-width="1.8" />,
  ],
  missing: [<path key="m" {...line} stroke-dasharray="3 2.2" d="M3 2h14v16H3z" />],
  warn: [
    <path key="t" d="M10 1 19.5 18.5H.5z" fill="currentColor" />,
    <path key="b" class="k" d="M10 7v5.5" stroke-width="2.2" />,
    <circle key="d" class="kf" cx="10" cy="15.3" r="1.3" />,
  ],
  refused: [ring, <path key="s" {...line} d="m4.5 15.5 11-11" />],
  broken: [
    <path key="l" {...line} d="M7 6H5.5a4 4 0 0 0 0 8H7m6-8h1.5a4 4 0 0 1 0 8H13M7 10h1m4 0h1" />,
    <path key="c" {...line} d="M10 2v3m0 10v3" />,
  ],
  info: [
    <rect key="r" x="1" y="1" width="18" height="18" rx="1.5" fill="currentColor" />,
    <path key="i" class="k" d="M10 9v6" stroke-width="2.4" />,
    <circle key="d" class="kf" cx="10" cy="5.8" r="1.4" />,
  ],
  download: [<path key="d" {...line} d="M10 2v9.5m-4-3.7 4 4 4-4M3 17h14" />],
  code: [
    <path key="c" {...line} d="M2 2h6v6H2zm10 0h6v6h-6zM2 12h6v6H2z" />,
    <path key="d" d="M11 11h3v3h-3zm4 4h4v4h-4zm-4 2h2v2h-2zm6-6h2v2h-2z" fill="currentColor" />,
  ],
  print: [
    <path key="p" {...line} d="M5 7V2h10v5M5 14H2V7h16v7h-3" />,
    <path key="s" {...line} d="M5 12h10v6H5z" />,
  ],
  pencil: [<path key="p" {...line} stroke-width="1.8" d="M3 17l1-4.5L14 2.5l3.5 3.5-10 10z" />],
} as const satisfies Record<string, readonly VNode[]>;

/** Name of a shape. */
export type ShapeName = keyof typeof drawings;

/** All names, for the gallery. */
export const shapeNames = Object.keys(drawings) as readonly ShapeName[];

/** One shape, hidden from assistive technology; write the word beside it. */
export function Shape({ name }: { name: ShapeName }) {
  return (
    <svg class="shape" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      {drawings[name] as ComponentChildren}
    </svg>
  );
}
