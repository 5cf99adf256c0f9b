/** `POST /api/v1/verifications`: anyone's file, verified in a killable child; no account, nothing kept. */
import { z } from 'zod';
import { type Route, route } from '../http/route.ts';
import { readUpload } from '../http/upload.ts';
import { Failure } from '../platform/failure.ts';
import { explain } from './explain.ts';
import { reportToJson } from './report-json.ts';
import type { ChildVerification } from './verify-child.ts';

export interface VerificationApiParts {
  readonly spoolFolder: string;
  readonly maximumBytes: number;
  readonly verify: (bytes: Uint8Array) => Promise<ChildVerification>;
}

export function verificationApiRoutes(parts: VerificationApiParts): Route[] {
  return [
    route(
      {
        method: 'post',
        path: '/api/v1/verifications',
        operationId: 'verifyDocument',
        summary: 'Verify a signed PDF from anywhere: verdict, signatures, what changed, and plain words',
        description:
          'multipart/form-data with one "file" part. The answer has the shape of `motlan verify --json`, with the advice of the signature doctor.',
        tag: 'verification',
        auth: { kind: 'public' },
        upload: { contentTypes: ['multipart/form-data'] },
        ratePerMinute: 20,
        responses: {
          200: z.looseObject({
            verdict: z.string(),
            indication: z.string(),
            subIndication: z.string().nullable(),
            signatures: z.array(z.looseObject({ field: z.string(), verdict: z.string() })),
            headline: z.string(),
            advice: z.array(z.string()),
          }),
        },
      },
      async ({ request, language }) => {
        const upload = await readUpload(request, parts.spoolFolder, {
          maxFileBytes: parts.maximumBytes,
          maxFiles: 1,
        });
        try {
          const [file] = upload.files;
          if (!file || file.size === 0) throw nothingSent();
          const outcome = await parts.verify(await file.read());
          if (outcome.kind === 'busy') throw busy();
          const { headline, advice } = explain(outcome.report, language);
          return {
            status: 200,
            body: { ...reportToJson(file.sha256, outcome.report), headline, advice: [advice].flat() },
          };
        } finally {
          await upload.dispose();
        }
      },
    ),
  ];
}

const nothingSent = (): Failure =>
  new Failure(
    'invalid',
    { en: 'Send one PDF as the "file" part.', vi: 'Hãy gửi một tệp PDF trong phần "file".' },
    { code: 'no-file' },
  );

const busy = (): Failure =>
  new Failure(
    'unavailable',
    {
      en: 'Many files are waiting to be checked. Try again in a minute.',
      vi: 'Đang có nhiều tệp chờ kiểm tra. Hãy thử lại sau một phút.',
    },
    { code: 'busy', retryAfter: 30 },
  );
