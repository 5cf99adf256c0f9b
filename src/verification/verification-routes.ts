/**
 * The public pages of verification: a form, a code, a file. Nobody signs in, nothing of a file is kept; a code and a
 * file that are wrong come back on the same page with what to mend.
 */
import { z } from 'zod';
import { type Route, type RouteInput, type RouteReply, route } from '../http/route.ts';
import { readUpload, type Upload } from '../http/upload.ts';
import { Failure } from '../platform/failure.ts';
import { type Fault, type Frame, formatBytes, paths, renderPage } from '../web/index.ts';
import { content } from './content.ts';
import type { Report } from './report.ts';
import { type KnownPaper, verdictPageProps } from './report-page.ts';
import { readVerificationCode } from './verification-code.ts';
import { CodeNotFoundPage, VerdictPage, VerifyStartPage, verifyFields } from './verification-pages.tsx';
import type { ChildVerification } from './verify-child.ts';

type FrameInput = Pick<
  RouteInput<unknown, unknown, unknown>,
  'request' | 'actor' | 'language' | 'requestId' | 'signal'
>;

/** A paper found by its code: the file the vault keeps, verified now, and its standing now. */
export interface FoundByCode {
  readonly report: Report;
  readonly file: { readonly sha256: string; readonly bytes: number };
  readonly known: KnownPaper;
  readonly worth?: readonly string[];
}

export interface VerificationRouteParts {
  readonly frame: (input: FrameInput) => Frame;
  /** Folder of nameless spool files. */
  readonly spoolFolder: string;
  readonly maximumBytes: number;
  /** Verifies a file from outside in a killable child. */
  readonly verify: (bytes: Uint8Array) => Promise<ChildVerification>;
  /** The paper with this canonical code, or undefined; writes the event of the look. Names and numbers come masked. */
  readonly findByCode: (code: string, input: FrameInput) => Promise<FoundByCode | undefined>;
  /** The paper whose file has this digest, or undefined. */
  readonly findByDigest: (sha256: string, input: FrameInput) => Promise<KnownPaper | undefined>;
}

const page = { page: true } as const;
const common = { tag: 'verification', auth: { kind: 'public' }, page: true } as const;

export function verificationRoutes(parts: VerificationRouteParts): Route[] {
  const start = (input: FrameInput, status: number, code?: string, faults?: readonly Fault[]): RouteReply => {
    const body = VerifyStartPage({
      frame: parts.frame(input),
      maximumBytes: parts.maximumBytes,
      code,
      faults,
    });
    return { status, body: renderPage(body) };
  };
  return [
    route(
      {
        ...common,
        method: 'get',
        path: paths.verify,
        operationId: 'showVerification',
        summary: 'Where a check begins; a typed code leads to its page',
        query: z.object({ [verifyFields.code]: z.string().max(200).optional() }),
        responses: { 200: page, 303: null, 422: page },
      },
      async (input) => {
        const typed = input.query[verifyFields.code];
        if (typed === undefined) return start(input, 200);
        const code = readVerificationCode(typed);
        if (code !== undefined) return { status: 303, headers: { Location: paths.verifyCode(code) } };
        const { fault } = content[input.language].start;
        const text = typed.trim() === '' ? fault.empty : fault.shape;
        return start(input, 422, typed, [{ field: verifyFields.code, text }]);
      },
    ),
    route(
      {
        ...common,
        method: 'get',
        path: `${paths.verify}/{code}`,
        operationId: 'verifyByCode',
        summary: 'The paper that carries this code, verified now',
        params: z.object({ code: z.string().max(200) }),
        ratePerMinute: 60,
        responses: { 200: page, 404: page, 422: page },
      },
      async (input) => {
        const code = readVerificationCode(input.params.code);
        if (code === undefined) {
          const text = content[input.language].start.fault.shape;
          return start(input, 422, input.params.code, [{ field: verifyFields.code, text }]);
        }
        const frame = parts.frame(input);
        const found = await parts.findByCode(code, input);
        return found === undefined
          ? { status: 404, body: renderPage(CodeNotFoundPage({ frame, code })) }
          : { status: 200, body: renderPage(VerdictPage(verdictPageProps({ frame, ...found }))) };
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: paths.verifyFile,
        operationId: 'verifyFile',
        summary: 'A file from outside, verified; nothing of it is kept',
        upload: { contentTypes: ['application/pdf'] },
        ratePerMinute: 20,
        responses: { 200: page, 422: page },
      },
      async (input) => {
        const faulty = (text: string): RouteReply =>
          start(input, 422, undefined, [{ field: verifyFields.file, text }]);
        const { fault } = content[input.language].start;
        let upload: Upload;
        try {
          const limits = { maxFileBytes: parts.maximumBytes, maxFiles: 1 };
          upload = await readUpload(input.request, parts.spoolFolder, limits);
        } catch (error) {
          if (!(error instanceof Failure) || error.kind !== 'too-large') throw error;
          return faulty(fault.tooBig(formatBytes(parts.maximumBytes, input.language)));
        }
        try {
          const [file] = upload.files;
          if (file === undefined || file.size === 0) return faulty(fault.noFile);
          const bytes = await file.read();
          if (!looksLikePdf(bytes)) return faulty(fault.notPdf);
          const outcome = await parts.verify(bytes);
          if (outcome.kind === 'busy') return faulty(fault.busy);
          const known = await parts.findByDigest(file.sha256, input);
          const props = verdictPageProps({
            frame: parts.frame(input),
            report: outcome.report,
            file: { sha256: file.sha256, bytes: file.size },
            known,
          });
          return { status: 200, body: renderPage(VerdictPage(props)) };
        } finally {
          await upload.dispose();
        }
      },
    ),
  ];
}

/** ISO 32000-1 §7.5.2; readers forgive up to 1024 bytes before the header. */
const looksLikePdf = (bytes: Buffer): boolean => bytes.subarray(0, 1024 + 5).includes('%PDF-');
