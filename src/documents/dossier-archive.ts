/** A dossier as one archive: which files it holds under which names, and the manifest that proves them. Pure. */
import type { Catalogue } from '../catalogue/index.ts';
import type { DocumentFacts, OwnerRef } from './document.ts';
import { toDocumentAnswer } from './document-answers.ts';
import { toDossierAnswer, toPaperAnswer } from './dossier-answers.ts';
import type { Dossier, DossierPaper } from './dossier-repository.ts';
import type { FileOfVersion } from './stored-object-repository.ts';

export interface ArchivedPaper {
  readonly paper: DossierPaper;
  readonly document: DocumentFacts;
  /** Of the newest version; empty where the document was erased. */
  readonly files: readonly FileOfVersion[];
}

/** `papers/02-result/original-1.pdf`: tells the group and nothing of whose it is. */
export const fileName = (at: number, { group }: DossierPaper, file: FileOfVersion): string =>
  `papers/${String(at + 1).padStart(3, '0')}-${group}/${file.kind}-${file.position + 1}.${extension(file.mediaType)}`;

const extension = (mediaType: string): string =>
  ({ 'image/jpeg': 'jpg', 'image/png': 'png', 'image/tiff': 'tiff', 'application/pdf': 'pdf' })[mediaType] ??
  'bin';

/**
 * `manifest.json`, format `mot-lan-dossier/1`: the dossier, each paper with its place, metadata, standing at the moment
 * of the export and owners by the vault's ids, and each file with size and SHA-256, so that the archive can be checked
 * without the vault. `event` is the entry of the ledger that tells of this export.
 */
export function manifestOf(
  dossier: Dossier,
  papers: readonly ArchivedPaper[],
  made: { readonly at: Date; readonly event: string; readonly catalogue: Catalogue },
): Buffer {
  const manifest = {
    format: 'mot-lan-dossier/1',
    exportedAt: made.at.toISOString(),
    event: made.event,
    dossier: toDossierAnswer(dossier),
    papers: papers.map((each, at) => {
      const { verificationCode: _, ...document } = toDocumentAnswer(each.document, made.catalogue, made.at);
      return {
        ...toPaperAnswer(each, made),
        document,
        owners: each.document.owners.map(({ kind, id }: OwnerRef) => ({ kind, id })),
        erased: each.document.erasedAt !== null,
        files: each.files.map((file) => ({
          path: fileName(at, each.paper, file),
          rendition: file.kind,
          mediaType: file.mediaType,
          bytes: file.size,
          sha256: file.sha256,
        })),
      };
    }),
  };
  return Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
}
