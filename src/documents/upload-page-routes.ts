/** The pages of self-uploading: the form, its faults on the same page with 422, and the removal with its question. */
import { z } from 'zod';
import { asFailure, NO_CLAIM, type Route, readUpload, route } from '../http/index.ts';
import { Failure } from '../platform/failure.ts';
import { type CitizenPageParts, citizenPage, type PageInput, seeOther } from '../web/citizen-page.ts';
import { type Fault, formatBytes, paths, renderPage } from '../web/index.ts';
import { content } from './content.ts';
import type { OwnDocuments } from './own-documents.ts';
import { RemovePage } from './remove-page.tsx';
import { nothingHere } from './retrieval-service.ts';
import type { SelfUploads } from './self-uploads.ts';
import { UploadPage } from './upload-page.tsx';

export interface UploadPageParts extends CitizenPageParts {
  readonly uploads: SelfUploads;
  readonly own: OwnDocuments;
  readonly spoolFolder: string;
  readonly maximumBytes: number;
}

const page = { page: true } as const;
const common = {
  ...citizenPage,
  auth: { kind: 'citizen', assurance: 2 },
  tag: 'documents',
} as const;
const byId = z.object({ id: z.uuid() });

export function uploadPageRoutes(parts: UploadPageParts): Route[] {
  const { citizen, uploads, own, spoolFolder, maximumBytes } = parts;
  const form = async (input: PageInput, values?: { ten?: string }, faults?: readonly Fault[]) => ({
    status: faults ? 422 : 200,
    body: renderPage(UploadPage({ ...(await citizen(input)), maximumBytes, values, faults })),
  });

  return [
    route(
      {
        ...common,
        method: 'get',
        path: paths.upload,
        operationId: 'showUpload',
        summary: 'The form to upload a paper of one’s own',
        responses: { 200: page, 422: page },
      },
      (input) => form(input),
    ),
    route(
      {
        ...common,
        method: 'post',
        path: paths.upload,
        operationId: 'uploadMyPaper',
        summary: 'Uploads a paper of one’s own; faults come back on the same page',
        upload: { contentTypes: ['multipart/form-data'] },
        ratePerMinute: 30,
        responses: { 303: null, 422: page },
      },
      async (input) => {
        const t = content[input.language].upload.fault;
        const received = await readUpload(input.request, spoolFolder, {
          maxFileBytes: maximumBytes,
          maxFiles: 50,
        }).catch((error: unknown) => error);
        if (received instanceof Failure && received.kind === 'too-large')
          return form(input, undefined, [
            { field: 'tep', text: t.tooLarge(formatBytes(maximumBytes, input.language)) },
          ]);
        if (received instanceof Error || !isUpload(received)) throw received;
        try {
          const name = (received.fields.ten ?? '').normalize('NFC').trim().slice(0, 200);
          // A browser sends an empty part for a file field that was left empty.
          const files = received.files.filter(({ field, size }) => field === 'tep' && size > 0);
          const faults: Fault[] = [
            ...(name === '' ? [{ field: 'ten', text: t.noName }] : []),
            ...(files.length === 0 ? [{ field: 'tep', text: t.noFile }] : []),
          ];
          if (faults.length > 0) return form(input, { ten: name }, faults);
          const { actor, requestId } = input;
          const done = await uploads
            .upload({ actor, name, files, requestId, claim: NO_CLAIM })
            .catch((error: unknown) => asFailure(error) ?? error);
          if (done instanceof Failure && done.kind !== 'unavailable')
            return form(input, { ten: name }, [
              { field: 'tep', text: input.language === 'vi' ? done.vi : done.message },
            ]);
          if (done instanceof Error) throw done;
          return seeOther(paths.paper((done as { documentId: string }).documentId));
        } finally {
          await received.dispose();
        }
      },
    ),
    route(
      {
        ...common,
        method: 'get',
        path: `${paths.papers}/{id}/xoa`,
        operationId: 'askRemoveMyUpload',
        summary: 'The question before a self-uploaded paper is removed',
        params: byId,
        responses: { 200: page },
      },
      async (input) => {
        const { actor, requestId } = input;
        const document = await own.show({ actor, documentId: input.params.id, requestId });
        if (document.provenance !== 'self-upload') throw nothingHere();
        const props = {
          ...(await citizen(input)),
          paper: { id: document.id, title: document.abstract ?? '', uploadedAt: document.depositedAt },
        };
        return { status: 200, body: renderPage(RemovePage(props)) };
      },
    ),
    route(
      {
        ...common,
        method: 'post',
        path: `${paths.papers}/{id}/xoa`,
        operationId: 'removeMyPaper',
        summary: 'Removes a self-uploaded paper for good',
        params: byId,
        body: z.object({}),
        responses: { 303: null },
      },
      async ({ actor, params, requestId }) => {
        await uploads.remove({ actor, documentId: params.id, requestId });
        return seeOther(paths.papers);
      },
    ),
  ];
}

type Received = Awaited<ReturnType<typeof readUpload>>;
const isUpload = (value: unknown): value is Received =>
  typeof value === 'object' && value !== null && 'dispose' in value;
