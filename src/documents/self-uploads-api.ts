/** Uploading one's own papers over HTTP, and removing them. */
import { z } from 'zod';
import { type Route, readUpload, route } from '../http/index.ts';
import { parseField, text } from './paper-schemas.ts';
import type { SelfUploads } from './self-uploads.ts';

const tag = 'documents';
const id = z.uuid();

const uploadSchema = z.strictObject({
  name: text(200),
  /** An owner whom the caller represents. */
  of: z.strictObject({ kind: z.enum(['person', 'organisation']), id }).optional(),
});

const uploadAnswer = z.object({
  documentId: z.string(),
  sha256: z.string(),
  pages: z.int(),
  status: z.literal('unverified'),
  eventId: z.string(),
  uploadedAt: z.string(),
});

export interface SelfUploadsApiParts {
  readonly uploads: SelfUploads;
  readonly spoolFolder: string;
  readonly maxFileBytes: number;
}

export function selfUploadsRoutes({ uploads, spoolFolder, maxFileBytes }: SelfUploadsApiParts): Route[] {
  const upload = route(
    {
      method: 'post',
      path: '/api/v1/me/documents',
      operationId: 'uploadMyDocument',
      summary: 'Upload a paper of one’s own: kept unverified, never reused by a procedure',
      description:
        'multipart/form-data with a "metadata" field (JSON: name, and "of" for an owner whom one represents) and one PDF or page pictures as "file" parts.',
      tag,
      auth: { kind: 'citizen', assurance: 2 },
      upload: { contentTypes: ['multipart/form-data'] },
      idempotent: 'optional',
      ratePerMinute: 30,
      responses: { 201: uploadAnswer },
    },
    async ({ actor, request, requestId, claimKey }) => {
      const received = await readUpload(request, spoolFolder, { maxFileBytes, maxFiles: 50 });
      try {
        const fields = parseField(uploadSchema, received.fields.metadata);
        const claim = await claimKey([
          received.fields.metadata ?? '',
          ...received.files.map(({ sha256 }) => sha256),
        ]);
        if (claim.kind === 'answered') return claim.reply;
        const files = received.files.filter(({ field }) => field === 'file');
        const receipt = await uploads.upload({ actor, ...fields, files, requestId, claim: claim.claim });
        const headers = { Location: `/api/v1/documents/${receipt.documentId}` };
        return { status: 201, body: receipt, headers };
      } finally {
        await received.dispose();
      }
    },
  );

  const remove = route(
    {
      method: 'delete',
      path: '/api/v1/me/documents/{documentId}',
      operationId: 'removeMyUpload',
      summary: 'Remove a paper that one uploaded oneself, for good',
      tag,
      auth: { kind: 'citizen', assurance: 2 },
      params: z.object({ documentId: id }),
      responses: { 204: null },
    },
    async ({ actor, params, requestId }) => {
      await uploads.remove({ actor, ...params, requestId });
      return { status: 204 };
    },
  );

  return [upload, remove];
}
