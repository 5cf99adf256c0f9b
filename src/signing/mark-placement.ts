// Where a mark lands on a page: from the corner as a reader sees it to the page's own coordinates, whatever its
// rotation, its origin and its unit.
import { isArray, isName, type Page, PdfDict, pageAttribute, type Revision } from '../pdf/index.ts';
import type { MarkProfile } from './mark-profile.ts';
import { SigningError } from './signing-error.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Placement {
  /** `/Rect` of the widget. */
  readonly rect: readonly [number, number, number, number];
  /** `/Matrix` of the appearance: turns it upright for the reader. */
  readonly matrix: readonly [number, number, number, number, number, number];
}

/** The rectangle of a mark on a page of our own making: upright, origin in the lower left corner. */
export function placeBox(
  page: { readonly width: number; readonly height: number },
  options: {
    readonly profile: MarkProfile;
    readonly size: { readonly width: number; readonly height: number };
  },
): [number, number, number, number] {
  const { profile, size } = options;
  const { margin, corner } = profile;
  const x = corner.endsWith('left') ? margin.x : page.width - margin.x - size.width;
  const y = corner.startsWith('top') ? page.height - margin.y - size.height : margin.y;
  if (x < 0 || y < 0 || x + size.width > page.width || y + size.height > page.height) {
    throw new SigningError('mark-does-not-fit', `The page is too small for the mark "${profile.id}".`);
  }
  return [x, y, x + size.width, y + size.height];
}

interface Geometry {
  readonly crop: readonly [number, number, number, number];
  readonly rotate: 0 | 90 | 180 | 270;
  readonly unit: number;
}

/**
 * Places a box of `size` (points as displayed) in the profile's corner. Signatures that stand there already are
 * not covered: the mark moves along the edge, away from the corner, while there is room.
 * @throws SigningError `mark-does-not-fit` when the page is smaller than the mark
 */
export function placeMark(
  revision: Revision,
  page: Page,
  options: {
    readonly profile: MarkProfile;
    readonly size: { readonly width: number; readonly height: number };
  },
): Placement {
  const geometry = readGeometry(revision, page);
  const { profile, size } = options;
  const visible = visibleSize(geometry);
  const roomX = visible.width - size.width;
  const roomY = visible.height - size.height;
  if (roomX < 0 || roomY < 0) {
    throw new SigningError('mark-does-not-fit', `The page is too small for the mark "${profile.id}".`);
  }
  const marginX = Math.min(profile.margin.x, roomX);
  const x = profile.corner.endsWith('left') ? marginX : roomX - marginX;
  const top = profile.corner.startsWith('top');
  const start = top ? roomY - Math.min(profile.margin.y, roomY) : Math.min(profile.margin.y, roomY);
  const taken = signatureBoxes(revision, page).map((rect) => toVisible(geometry, rect));
  let y = start;
  for (let tries = 0; tries <= taken.length; tries++) {
    const box = { x, y, ...size };
    const hit = taken.find((other) => overlaps(box, other));
    if (hit === undefined) break;
    y = top ? hit.y - size.height - 4 : hit.y + hit.height + 4;
  }
  if (y < 0 || y > roomY) y = start;
  return { rect: toRect(geometry, { x, y, ...size }), matrix: matrices[geometry.rotate] };
}

const matrices = {
  0: [1, 0, 0, 1, 0, 0],
  90: [0, 1, -1, 0, 0, 0],
  180: [-1, 0, 0, -1, 0, 0],
  270: [0, -1, 1, 0, 0, 0],
} as const;

function readGeometry(revision: Revision, page: Page): Geometry {
  const media = readBox(revision, pageAttribute(revision, page, 'MediaBox')) ?? [0, 0, 595.28, 841.89];
  const cut = readBox(revision, pageAttribute(revision, page, 'CropBox')) ?? media;
  const crop = [
    Math.max(media[0], cut[0]),
    Math.max(media[1], cut[1]),
    Math.min(media[2], cut[2]),
    Math.min(media[3], cut[3]),
  ] as const;
  const turn = pageAttribute(revision, page, 'Rotate');
  const degrees = typeof turn === 'number' ? ((turn % 360) + 360) % 360 : 0;
  const rotate = degrees === 90 || degrees === 180 || degrees === 270 ? degrees : 0;
  const unit = revision.get(page.dict, 'UserUnit');
  return { crop, rotate, unit: typeof unit === 'number' && unit > 0 ? unit : 1 };
}

function readBox(revision: Revision, value: unknown): [number, number, number, number] | undefined {
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const [a, b, c, d] = value.map((item) => revision.resolve(item));
  if (typeof a !== 'number' || typeof b !== 'number' || typeof c !== 'number' || typeof d !== 'number')
    return undefined;
  if (a === c || b === d) return undefined;
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

function visibleSize({ crop, rotate, unit }: Geometry) {
  const width = (crop[2] - crop[0]) * unit;
  const height = (crop[3] - crop[1]) * unit;
  return rotate === 90 || rotate === 270 ? { width: height, height: width } : { width, height };
}

// `Rotate` turns the page clockwise when it is shown (ISO 32000-2 §7.7.3.3).
function toRect(geometry: Geometry, box: Box): [number, number, number, number] {
  const { crop, rotate, unit } = geometry;
  const [x1, y1] = [box.x / unit, box.y / unit];
  const [x2, y2] = [(box.x + box.width) / unit, (box.y + box.height) / unit];
  switch (rotate) {
    case 0:
      return [crop[0] + x1, crop[1] + y1, crop[0] + x2, crop[1] + y2];
    case 90:
      return [crop[2] - y2, crop[1] + x1, crop[2] - y1, crop[1] + x2];
    case 180:
      return [crop[2] - x2, crop[3] - y2, crop[2] - x1, crop[3] - y1];
    case 270:
      return [crop[0] + y1, crop[3] - x2, crop[0] + y2, crop[3] - x1];
  }
}

function toVisible({ crop, rotate, unit }: Geometry, rect: readonly [number, number, number, number]): Box {
  const [a1, b1, a2, b2] = [rect[0] - crop[0], rect[1] - crop[1], rect[2] - crop[0], rect[3] - crop[1]];
  const width = crop[2] - crop[0];
  const height = crop[3] - crop[1];
  const corners = {
    0: [a1, b1, a2, b2],
    90: [b1, width - a2, b2, width - a1],
    180: [width - a2, height - b2, width - a1, height - b1],
    270: [height - b2, a1, height - b1, a2],
  } as const;
  const [x1, y1, x2, y2] = corners[rotate];
  return { x: x1 * unit, y: y1 * unit, width: (x2 - x1) * unit, height: (y2 - y1) * unit };
}

function signatureBoxes(revision: Revision, page: Page): [number, number, number, number][] {
  const annotations = revision.array(page.dict, 'Annots') ?? [];
  return annotations.flatMap((item) => {
    const annotation = revision.resolve(item);
    if (!(annotation instanceof PdfDict) || !isName(annotation.get('Subtype'), 'Widget')) return [];
    const rect = revision.get(annotation, 'Rect');
    const box = isArray(rect) ? readBox(revision, rect) : undefined;
    return box === undefined ? [] : [box];
  });
}

function overlaps(left: Box, right: Box): boolean {
  return (
    left.x < right.x + right.width &&
    right.x < left.x + left.width &&
    left.y < right.y + right.height &&
    right.y < left.y + left.height
  );
}
