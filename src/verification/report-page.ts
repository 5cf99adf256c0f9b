/**
 * From the report of a verification to the page that shows it. What the file alone proves is integrity and signer;
 * whether the paper still holds is known only to its issuer. Without that standing the page is never green.
 */
import * as web from '../web/index.ts';
import { content } from './content.ts';
import { doctorWordsEn } from './doctor-words.en.ts';
import { doctorWordsVi } from './doctor-words.vi.ts';
import { explain } from './explain.ts';
import type { Change, Report, SignatureReport } from './report.ts';
import type { PageVerdict, VerdictPageProps } from './verification-pages.tsx';

/** What the vault knows of the paper whose file this is. */
export interface KnownPaper {
  readonly state: web.State;
  readonly since?: Date;
  readonly paper: NonNullable<VerdictPageProps['paper']>;
}

export interface ReportPageInput {
  readonly frame: web.Frame;
  readonly report: Report;
  /** Lower-case hexadecimal digest and size of the file. */
  readonly file: { readonly sha256: string; readonly bytes: number };
  /** Only when the file is byte for byte a version of the vault, or its signed revision is. */
  readonly known?: KnownPaper;
  readonly worth?: readonly string[];
}

/** The page's props; nothing of the file's own text is interpreted, the renderer escapes it. */
export function verdictPageProps(input: ReportPageInput): VerdictPageProps {
  const { frame, report, known, worth } = input;
  const explanation = explain(report, frame.language);
  const verdict = pageVerdict(report, known?.state);
  const changes = changedPlaces(report, frame.language);
  return {
    frame,
    verdict,
    checkedAt: report.validationTime,
    checks: checkFacts(input),
    test: report.signatures.some((signature) => signature.testCertificate),
    summary: verdict === 'valid' || verdict === 'changed' ? undefined : explanation.summary,
    paper: known?.paper,
    changes: changes.length > 0 ? changes : undefined,
    worth,
    signatures: explanation.signatures,
    repairs: explanation.repairWords,
    technical: technicalRows(input),
  };
}

/** The worst of what the file shows and what the vault knows. */
export function pageVerdict(report: Report, state?: web.State): PageVerdict {
  switch (report.verdict) {
    case 'modified-after-signing':
    case 'certification-violated':
      return 'changed';
    case 'malformed':
    case 'invalid-signature':
    case 'invalid-timestamp':
    case 'revoked':
      return 'broken';
    case 'unsigned':
      return 'unsigned';
    case 'expired':
    case 'indeterminate':
    case 'valid-with-untrusted-chain':
      return state === 'revoked' || state === 'annulled' ? state : 'indeterminate';
    case 'valid':
    case 'valid-with-permitted-changes':
      return standing(state);
  }
}

function standing(state: web.State | undefined): PageVerdict {
  switch (state) {
    case undefined:
      return 'intact';
    case 'valid':
    case 'expiring':
      return 'valid';
    case 'expired':
    case 'suspended':
    case 'superseded':
    case 'revoked':
    case 'annulled':
    case 'unverified':
      return state;
    default:
      return 'indeterminate';
  }
}

const signedTime = (signature: SignatureReport | undefined, report: Report): Date =>
  signature?.provenTime ?? signature?.claimedTime ?? report.validationTime;

const forbidden = (report: Report): Change[] =>
  report.signatures.flatMap((signature) => signature.changesAfter.filter((change) => !change.permitted));

function checkFacts({ frame, report, known }: ReportPageInput): web.CheckFacts {
  const { language } = frame;
  const explanation = explain(report, language);
  const signature = report.signatures.find(({ type }) => type !== 'document-timestamp');
  const signedAt = signedTime(signature, report);
  const verdict = pageVerdict(report, known?.state);
  const unsigned = verdict === 'unsigned';
  const sound = report.verdict.startsWith('valid');
  return {
    integrity: unsigned
      ? { kind: 'unsigned' }
      : verdict === 'changed'
        ? { kind: 'changed', signedAt, places: Math.max(1, forbidden(report).length) }
        : verdict === 'broken'
          ? { kind: 'broken' }
          : sound
            ? { kind: 'intact', signedAt }
            : { kind: 'unproven', why: explanation.summary },
    validity:
      verdict === 'changed' || verdict === 'broken'
        ? { state: 'none' }
        : known
          ? { state: known.state, since: known.state === 'valid' ? undefined : known.since }
          : { state: 'unknown' },
    issuer: issuerFact(signature, verdict, {
      sound: sound && report.verdict !== 'valid-with-untrusted-chain',
      language,
      known,
      summary: explanation.summary,
    }),
  };
}

function issuerFact(
  signature: SignatureReport | undefined,
  verdict: PageVerdict,
  context: { sound: boolean; language: web.Language; known?: KnownPaper; summary: string },
): web.CheckFacts['issuer'] {
  const words = context.language === 'vi' ? doctorWordsVi : doctorWordsEn;
  if (signature === undefined || verdict === 'unsigned' || verdict === 'broken') {
    return { kind: 'unproven', why: context.summary };
  }
  const signer = [signature.signer?.name, signature.signer?.organization].filter(Boolean).join(', ');
  if (verdict === 'changed') return { kind: 'signed_version_only', agency: signer || words.unknownSigner };
  if (!context.sound || signature.trustSet === null) return { kind: 'unproven', why: context.summary };
  const paper = context.known?.paper;
  if (paper) return { kind: 'right', agency: paper.issuer, keeper: paper.keeper };
  return { kind: 'signed_by', signer, trust: words.trustSets[signature.trustSet] ?? signature.trustSet };
}

function changedPlaces(report: Report, language: web.Language): NonNullable<VerdictPageProps['changes']> {
  const words = language === 'vi' ? doctorWordsVi : doctorWordsEn;
  const t = content[language].change;
  return forbidden(report).map((change) => {
    const place = change.page === undefined ? t.wholeFile : t.page(change.page);
    const added =
      change.kind.endsWith('added') || change.kind === 'trailing-data' || change.kind === 'hidden-objects';
    return {
      where: change.field ? `${place}, ${words.inField(change.field)}` : place,
      signed: added ? t.nothing : t.asSigned,
      file: words.changes[change.kind],
    };
  });
}

function technicalRows({ frame, report, file }: ReportPageInput): VerdictPageProps['technical'] {
  const t = content[frame.language].rows;
  const indication = [report.indication, report.subIndication].filter(Boolean).join(', ');
  const signatures = report.signatures.flatMap((signature, index) => {
    const facts = [
      signature.signer?.subject,
      signature.subFilter,
      signature.level,
      signature.digestAlgorithm,
      signature.signatureAlgorithm,
      signature.indication,
      signature.subIndication,
    ];
    const rows = [{ label: t.signature(index + 1), value: facts.filter(Boolean).join(', ') }];
    if (signature.provenTime) {
      rows.push({ label: `${t.time} (${index + 1})`, value: web.formatInstant(signature.provenTime) });
    } else if (signature.claimedTime) {
      rows.push({ label: `${t.claimed} (${index + 1})`, value: web.formatInstant(signature.claimedTime) });
    }
    return rows;
  });
  return [
    { label: t.conclusion, value: `${indication} (EN 319 102-1)` },
    ...signatures,
    { label: t.digest, value: file.sha256 },
    { label: t.size, value: web.formatBytes(file.bytes, frame.language) },
  ];
}
