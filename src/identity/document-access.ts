/**
 * What a system asks of a person: `authorization_details` of the type `document_access` (RFC 9396). One detail names
 * the dossier, the procedure, the purpose and the types of document; the person allows item by item. Pure.
 */
import { z } from 'zod';

export const DOCUMENT_ACCESS = 'document_access';

export const documentAccessSchema = z.strictObject({
  type: z.literal(DOCUMENT_ACCESS),
  /** Codes of document types. */
  datatypes: z
    .array(z.string().min(1).max(60))
    .min(1)
    .max(50)
    .refine((codes) => new Set(codes).size === codes.length, 'each type once'),
  actions: z
    .array(z.enum(['view', 'download']))
    .min(1)
    .max(2),
  procedure: z.string().min(1).max(60),
  dossier: z.string().min(1).max(80),
  /** Shown to the person word for word. */
  purpose: z.string().trim().min(5).max(300),
});
export type DocumentAccess = z.infer<typeof documentAccessSchema>;

const detailsSchema = z.array(documentAccessSchema).max(5);

/** Details as they were stored; what cannot be read gives nothing. */
export function readDocumentAccess(stored: unknown): DocumentAccess[] {
  const parsed = detailsSchema.safeParse(stored);
  return parsed.success ? parsed.data : [];
}

/** One thing to tick. */
export interface AccessItem {
  /** Stable within one request; the value of the box. */
  readonly key: string;
  readonly datatype: string;
}

export const itemsOf = (details: readonly DocumentAccess[]): AccessItem[] =>
  details.flatMap((detail, index) =>
    detail.datatypes.map((datatype) => ({ key: `${index}:${datatype}`, datatype })),
  );

/** What was asked, cut down to what was ticked; nothing that was not asked can come in. */
export const cutDown = (details: readonly DocumentAccess[], ticked: readonly string[]): DocumentAccess[] =>
  details
    .map((detail, index) => ({
      ...detail,
      datatypes: detail.datatypes.filter((datatype) => ticked.includes(`${index}:${datatype}`)),
    }))
    .filter(({ datatypes }) => datatypes.length > 0);

/** Whether a consent covers a paper of this type for this dossier. */
export const allowsDocument = (
  details: readonly DocumentAccess[],
  wish: {
    readonly dossier: string;
    readonly datatype: string;
    readonly action: 'view' | 'download';
  },
): boolean =>
  details.some(
    ({ dossier, datatypes, actions }) =>
      dossier === wish.dossier && datatypes.includes(wish.datatype) && actions.includes(wish.action),
  );
