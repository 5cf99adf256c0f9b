/** `POST /api/v1/verifications`: anyone's file, verified in a killable child; no account, nothing kept. */
import { Readable } from 'node:stream';
import { z } from 'zod';
import { type Route, route } from '../http/route.ts';
import { readUpload } from '../http/upload.ts';
import { Failure } from '../platform/failure.ts';
import { SigningError } from '../signing/index.ts';
import { explain } from './explain.ts';
import type { Report } from './report.ts';
import { reportToJson } from './report-json.ts';
import type { ChildVerification } from './verify-child.ts';

export interface VerificationApiParts {
  readonly spoolFolder: string;
  readonly maximumBytes: number;
  readonly verify: (bytes: Uint8Array) => Promise<ChildVerification>;
  /** Adds what is missing for a lasting signature; undefined where no authority is at hand. @throws SigningError */
  readonly repair: ((bytes: Uint8Array) => Promise<Repaired>) | undefined;
}

export interface Repaired {
  readonly bytes: Uint8Array;
  readonly added: readonly string[];
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
            repairs: z.array(z.string()),
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
          const { headline, advice, repairs } = explain(outcome.report, language);
          return {
            status: 200,
            body: {
              ...reportToJson(file.sha256, outcome.report),
              headline,
              advice: [advice].flat(),
              repairs,
            },
          };
        } finally {
          await upload.dispose();
        }
      },
    ),
    repairRoute(parts),
  ];
}

/** For people who are signed in, a few times a minute: each repair asks authorities that may be paid for. */
const repairRoute = (parts: VerificationApiParts): Route =>
  route(
    {
      method: 'post',
      path: '/api/v1/verifications/repairs',
      operationId: 'repairDocument',
      summary: 'Add what is missing for a lasting signature: timestamp, revocation data, archive timestamp',
      description:
        'multipart/form-data with one "file" part. The answer is the file with the additions behind everything that was signed; nothing is kept.',
      tag: 'verification',
      auth: { kind: 'citizen' },
      upload: { contentTypes: ['multipart/form-data'] },
      ratePerMinute: 6,
      responses: { 200: { bytes: 'application/pdf' } },
    },
    async ({ request }) => {
      const upload = await readUpload(request, parts.spoolFolder, {
        maxFileBytes: parts.maximumBytes,
        maxFiles: 1,
      });
      try {
        const [file] = upload.files;
        if (!file || file.size === 0) throw nothingSent();
        const bytes = await file.read();
        // Read in a child first: what is added to is a file that our own reader got through within its limits.
        const outcome = await parts.verify(bytes);
        if (outcome.kind === 'busy') throw busy();
        const { repairs } = explain(outcome.report, 'en');
        if (parts.repair === undefined) throw noAuthority();
        if (repairs.length === 0) throw nothingToRepair(outcome.report);
        const repaired = await parts.repair(bytes).catch((error: unknown) => {
          throw error instanceof SigningError ? notRepaired(error) : error;
        });
        return {
          status: 200,
          stream: Readable.from([Buffer.from(repaired.bytes)]),
          headers: { 'Content-Type': 'application/pdf', 'Repairs-Made': repaired.added.join(', ') },
        };
      } finally {
        await upload.dispose();
      }
    },
  );

const nothingToRepair = (report: Report): Failure =>
  new Failure(
    'unprocessable',
    {
      en: `Nothing can be added to this file lawfully: ${explain(report, 'en').headline}.`,
      vi: `Không bổ sung gì được cho tệp này: ${explain(report, 'vi').headline}.`,
    },
    { code: 'nothing-to-repair' },
  );

const notRepaired = (error: SigningError): Failure =>
  new Failure(
    'unprocessable',
    {
      en: `The file could not be raised: ${error.message}`,
      vi: 'Chưa bổ sung được: một nơi cấp dấu thời gian hoặc tình trạng chứng thư không trả lời. Hãy thử lại sau.',
    },
    { code: error.kind, cause: error },
  );

const noAuthority = (): Failure =>
  new Failure(
    'unavailable',
    {
      en: 'No timestamp authority or source of revocation data is configured here.',
      vi: 'Kho này chưa có nơi cấp dấu thời gian hoặc tình trạng chứng thư.',
    },
    { code: 'no-authority', retryAfter: 3600 },
  );

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
