/**
 * The digitisation statement: who digitised what, with which device, what was checked against which thresholds, what was
 * let pass and why, and the digests of every file. JSON in canonical form (RFC 8785), signed by the agency with a
 * detached CMS signature (RFC 5652), so that `openssl cms -verify -binary -inform DER` accepts it without this vault.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../ledger/index.ts';
import { markTime, type Signer, signCms } from '../signing/index.ts';
import type { Scan, ScanFile, ScanPage } from './scan.ts';

/** Words of conversion; the law asks for them and fixes none (Luật Giao dịch điện tử 2023 Điều 12). */
export const CONVERSION_WORDS = 'BẢN ĐIỆN TỬ ĐƯỢC CHUYỂN ĐỔI TỪ VĂN BẢN GIẤY';

export interface StatementFacts {
  readonly scan: Scan;
  readonly agencyName: string;
  readonly operatorName: string;
  readonly attestedBy: readonly { readonly name: string; readonly at: string }[];
  readonly files: readonly ScanFile[];
  readonly pages: readonly ScanPage[];
  readonly sealedSha256: string;
  readonly thresholds: Readonly<Record<string, number>>;
  readonly at: Date;
}

/** Everything a later reader needs to judge the copy; no picture and no value read from the paper. */
export function writeStatement(facts: StatementFacts): Buffer {
  const { scan } = facts;
  const officer = scan.signing.find(({ purpose }) => purpose === 'officer-scan');
  const statement = {
    format: 'mot-lan/digitisation-statement/1',
    document: scan.id,
    documentType: scan.typeCode,
    conversion: {
      words: CONVERSION_WORDS,
      time: markTime(facts.at),
      converter: facts.agencyName,
      agency: scan.agencyId,
    },
    operator: {
      name: facts.operatorName,
      signedAt: officer?.at ?? null,
      certificateSha256: officer?.certificateSha256 ?? null,
    },
    device: scan.device,
    station: scan.station,
    declaredSheets: scan.declaredSheets,
    againBecause: scan.againBecause,
    examination: {
      rules: scan.examination?.rules ?? null,
      at: scan.examination?.at ?? null,
      thresholds: facts.thresholds,
      findings: (scan.examination?.findings ?? []).map((finding) => ({ ...finding })),
      pages: facts.pages.map(({ number, measures }) => ({
        number,
        dpi: measures.dpi,
        colour: measures.colour,
        sharpness: measures.sharpness,
        skew: measures.skew,
        seal: measures.seal > 0,
      })),
    },
    attestedBy: facts.attestedBy.map((each) => ({ ...each })),
    originals: facts.files.map(({ position, mediaType, sha256, size }) => ({
      position,
      mediaType,
      sha256,
      size,
    })),
    sealed: { mediaType: 'application/pdf', sha256: facts.sealedSha256 },
  };
  return Buffer.from(canonicalJson(JSON.parse(JSON.stringify(statement))), 'utf8');
}

/** Detached CMS over the statement's bytes. @throws SigningError from the signer */
export function signStatement(statement: Uint8Array, signer: Signer): Promise<Buffer> {
  const digest = createHash(signer.scheme.digest ?? 'sha256')
    .update(statement)
    .digest();
  return signCms(signer, digest);
}
