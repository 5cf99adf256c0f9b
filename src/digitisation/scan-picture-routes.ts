/** Pictures for the pages of a scan under way, whole or the part a value was read from. */
import sharp from 'sharp';
import { z } from 'zod';
import { type Route, route } from '../http/index.ts';
import { SCAN_ROLES } from './digitisation-policy.ts';
import type { DigitisationServices } from './digitisation-services.ts';

const params = z.object({ scanId: z.uuid() });

export const scanPictureRoutes = ({ view }: Pick<DigitisationServices, 'view'>): Route[] => [
  ...(['anh', 'anh-nho'] as const).map((name) =>
    route(
      {
        tag: 'digitisation',
        auth: { kind: 'office', roles: SCAN_ROLES },
        method: 'get',
        path: `/so-hoa/{scanId}/${name}/{page}`,
        operationId: name === 'anh' ? 'showScanPicture' : 'showScanThumbnail',
        summary: 'The access picture of a page while it is under way; a part of it where one is asked for',
        params: params.extend({ page: z.coerce.number().int().min(1).max(2000) }),
        query: z.object({
          vung: z
            .string()
            .regex(/^\d{1,5}-\d{1,5}-\d{1,5}-\d{1,5}$/)
            .optional(),
        }),
        responses: { 200: { bytes: 'image/jpeg' } },
      },
      async (input) => {
        const bytes = await view.picture({
          actor: input.actor,
          scanId: input.params.scanId,
          requestId: input.requestId,
          page: input.params.page,
          kind: name === 'anh' ? 'access' : 'thumbnail',
        });
        const body = input.query.vung ? await cut(bytes, input.query.vung) : bytes;
        return { status: 200, body, headers: { 'Cache-Control': 'private, no-store' } };
      },
    ),
  ),
];

/** A part of a page with a margin around it, from a picture that the vault itself made. */
async function cut(jpeg: Uint8Array, region: string): Promise<Buffer> {
  const [left = 0, top = 0, right = 0, bottom = 0] = region
    .split('-')
    .map((value) => Math.min(10_000, Number(value)));
  const { width, height } = await sharp(jpeg).metadata();
  const x = Math.max(0, Math.floor(((left - 150) * width) / 10_000));
  const y = Math.max(0, Math.floor(((top - 60) * height) / 10_000));
  return sharp(jpeg)
    .extract({
      left: Math.min(x, width - 2),
      top: Math.min(y, height - 2),
      width: Math.max(1, Math.min(width - x, Math.ceil(((right - left + 300) * width) / 10_000))),
      height: Math.max(1, Math.min(height - y, Math.ceil(((bottom - top + 120) * height) / 10_000))),
    })
    .jpeg({ quality: 82 })
    .toBuffer();
}
