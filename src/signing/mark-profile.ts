// Visible marks as data: where a mark stands, what it says, in which letters. The catalogue keeps profiles; this
// module draws whatever a profile says. The four built in are what the regulations describe.
import { z } from 'zod';
import { SigningError } from './signing-error.ts';

const points = z.number().positive().max(2000);

/** All lengths in points (1/72 inch) as seen on the displayed page. */
export const markProfileSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/),
  page: z.enum(['first', 'last']),
  corner: z.enum(['top-left', 'top-right', 'bottom-left', 'bottom-right']),
  /** Distance from the two edges of the page. */
  margin: z.strictObject({ x: points, y: points }),
  text: z
    .strictObject({
      font: z.enum(['tinos', 'tinos-bold', 'tinos-italic']),
      size: z.number().min(4).max(72),
      /** Lines with `{placeholders}`; long ones are broken at spaces. */
      lines: z.array(z.string().max(500)).min(1).max(12),
      maximumWidth: points,
      /** Red, green, blue from 0 to 1. */
      colour: z.tuple([z.number().min(0).max(1), z.number().min(0).max(1), z.number().min(0).max(1)]),
    })
    .optional(),
  /** Room for a picture left of the text: an image that the caller gives, or a QR code of the caller's text. */
  picture: z.strictObject({ kind: z.enum(['image', 'qr']), width: points, height: points }).optional(),
});

export type MarkProfile = z.infer<typeof markProfileSchema>;

const black: [number, number, number] = [0, 0, 0];

export const markProfiles = {
  /** The person who scans: top left of page 1, name and time (TT 01/2023/TT-VPCP Điều 8). */
  officer: {
    id: 'officer',
    page: 'first',
    corner: 'top-left',
    margin: { x: 28, y: 18 },
    text: { font: 'tinos', size: 10, lines: ['{name}', '{time}'], maximumWidth: 200, colour: black },
  },
  /** The agency's e-copy: top right of page 1, text only, 10 pt black (NĐ 30/2020 Annex I). */
  agencyCopy: {
    id: 'agency-copy',
    page: 'first',
    corner: 'top-right',
    margin: { x: 28, y: 18 },
    text: {
      font: 'tinos',
      size: 10,
      lines: ['{form}', '{agency}', '{time}'],
      maximumWidth: 200,
      colour: black,
    },
  },
  /** Seal and signature as an image, for originals and the archive variant. */
  sealImage: {
    id: 'seal-image',
    page: 'last',
    corner: 'bottom-right',
    margin: { x: 60, y: 90 },
    picture: { kind: 'image', width: 150, height: 100 },
  },
  /** QR on exported papers: top left of page 1 (TCVN 7322:2009). */
  exportQr: {
    id: 'export-qr',
    page: 'first',
    corner: 'top-left',
    margin: { x: 28, y: 28 },
    picture: { kind: 'qr', width: 68, height: 68 },
    text: { font: 'tinos', size: 8, lines: ['{caption}'], maximumWidth: 130, colour: black },
  },
} as const satisfies Readonly<Record<string, MarkProfile>>;

/** Forms of a copy (NĐ 30/2020 Điều 25). */
export type CopyForm = 'SAO Y' | 'SAO LỤC' | 'TRÍCH SAO';

/** Lines of a profile with their values, composed to NFC. @throws SigningError `mark-incomplete` */
export function fillLines(profile: MarkProfile, values: Readonly<Record<string, string>>): string[] {
  return (profile.text?.lines ?? []).map((line) => {
    const filled = line.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value === undefined || value.trim() === '') {
        throw new SigningError('mark-incomplete', `The mark "${profile.id}" needs a value for "${name}".`);
      }
      return value;
    });
    // Control characters and line ends would break the layout that the profile fixes.
    return filled
      .normalize('NFC')
      .replace(/\p{C}+/gu, ' ')
      .trim();
  });
}

/** ISO 8601 in Vietnam's zone, as NĐ 30/2020 Annex I asks: `2026-11-24T14:05:09+07:00`. */
export function markTime(date: Date): string {
  return `${new Date(date.getTime() + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`;
}
