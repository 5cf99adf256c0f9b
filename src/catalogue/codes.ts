/**
 * The codes of Vietnamese administrative procedures, dossiers, results and agencies: read, checked, taken apart.
 * Every reader takes what a person or another system wrote (surrounding space and lower case are forgiven),
 * gives the canonical form, and otherwise says what is wrong and shows a right example. Reading proves the shape
 * only; whether a code exists is the catalogue's to say.
 */
import { canonicalString, type Parsed, parsed, unreadable } from './labels.ts';

/** Longest agency identifier, QĐ 20/2020/QĐ-TTg art. 4. */
const longestAgencyId = 35;
const agencyTree = /^[A-Y]\d{2}(\.[0-9A-Z]+)*$/;
const agencyScheme = /^Z\d{2}[0-9A-Z.]{1,32}$/;
const agencyLegacy = /^\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2}$/;

/** An agency identifier of QĐ 20/2020 (`H55.242`), or of its `Z` scheme for bodies outside the tree (art. 6). */
export function parseAgencyId(text: string): Parsed<string> {
  const code = canonical(text);
  if (code.length <= longestAgencyId && (agencyTree.test(code) || agencyScheme.test(code)))
    return parsed(code);
  return unreadable(
    `Mã định danh cơ quan “${clip(text)}” không đúng QĐ 20/2020/QĐ-TTg (ví dụ H55.242, tối đa 35 ký tự 0-9, A-Z và dấu chấm).`,
    `The agency identifier “${clip(text)}” does not follow Decision 20/2020/QĐ-TTg (for example H55.242; at most 35 characters 0-9, A-Z and dots).`,
  );
}

/** The right-to-left identifier of QCVN 102:2016 (`000.06.16.G09`), still found inside localised procedure codes. */
export function parseLegacyAgencyCode(text: string): Parsed<string> {
  const code = canonical(text);
  if (agencyLegacy.test(code)) return parsed(code);
  return unreadable(
    `Mã cơ quan cũ “${clip(text)}” không đúng QCVN 102:2016 (ví dụ 000.06.16.G09).`,
    `The old agency code “${clip(text)}” does not follow QCVN 102:2016 (for example 000.06.16.G09).`,
  );
}

export interface ProcedureCode {
  /** The national code, `1.001193`. */
  readonly code: string;
  /** The agency that localised the procedure, in the form it was written (`000.00.00.H55`), or null. */
  readonly localisedFor: string | null;
}

/** A procedure code, plain (`1.001193`) or localised (`1.001193.000.00.00.H55`). */
export function parseProcedureCode(text: string): Parsed<ProcedureCode> {
  const match = /^([1-9]\.\d{6})(?:\.(.+))?$/.exec(canonical(text));
  const code = match?.[1];
  const suffix = match?.[2];
  if (code !== undefined) {
    if (suffix === undefined) return parsed({ code, localisedFor: null });
    if (agencyLegacy.test(suffix) || parseAgencyId(suffix).ok) return parsed({ code, localisedFor: suffix });
  }
  return unreadable(
    `Mã thủ tục “${clip(text)}” không đúng dạng N.NNNNNN (ví dụ 1.001193).`,
    `The procedure code “${clip(text)}” is not of the form N.NNNNNN (for example 1.001193).`,
  );
}

export interface DossierCode {
  readonly code: string;
  /** The receiving unit as written: QĐ 20/2020 form or the older one. */
  readonly unit: string;
  /** The day of receipt, `YYYY-MM-DD`. */
  readonly receivedOn: string;
  /** The number of that day, as written (leading zeros kept). */
  readonly sequence: string;
}

/** A dossier code `<unit>-YYMMDD-XXXX`, TT 01/2018/TT-VPCP art. 19. */
export function parseDossierCode(text: string): Parsed<DossierCode> {
  const code = canonical(text);
  const match = /^([0-9A-Z.]+)-(\d{2})(\d{2})(\d{2})-(\d{4,6})$/.exec(code);
  const [, unit, year, month, date, sequence] = match ?? [];
  if (unit !== undefined && sequence !== undefined && (agencyLegacy.test(unit) || parseAgencyId(unit).ok)) {
    const receivedOn = `20${year}-${month}-${date}`;
    const day = new Date(`${receivedOn}T00:00:00Z`);
    if (!Number.isNaN(day.getTime()) && day.toISOString().startsWith(receivedOn)) {
      return parsed({ code, unit, receivedOn, sequence });
    }
  }
  return unreadable(
    `Mã hồ sơ “${clip(text)}” không đúng dạng <mã đơn vị>-NămThángNgày-Số (ví dụ H55.242-260115-0007).`,
    `The dossier code “${clip(text)}” is not of the form <unit>-YYMMDD-number (for example H55.242-260115-0007).`,
  );
}

export interface ResultCode {
  readonly code: string;
  readonly dossier: DossierCode;
  /** 1 for the first result of the dossier. */
  readonly ordinal: number;
}

/** An electronic result `<dossier code>-KQn`, NĐ 45/2020 art. 14; the decree's own spelling `-KQ(n)` is read too. */
export function parseResultCode(text: string): Parsed<ResultCode> {
  const match = /^(.+)-KQ(?:([1-9]\d{0,3})|\(([1-9]\d{0,3})\))$/.exec(canonical(text));
  const dossier = match?.[1] === undefined ? undefined : parseDossierCode(match[1]);
  const ordinal = Number(match?.[2] ?? match?.[3]);
  if (dossier?.ok) {
    return parsed({ code: `${dossier.value.code}-KQ${ordinal}`, dossier: dossier.value, ordinal });
  }
  return unreadable(
    `Mã kết quả “${clip(text)}” không đúng dạng <mã hồ sơ>-KQ<số> (ví dụ H55.242-260115-0007-KQ1).`,
    `The result code “${clip(text)}” is not of the form <dossier code>-KQ<number> (for example H55.242-260115-0007-KQ1).`,
  );
}

/** The code of the n-th result of a dossier. */
export const resultCode = (dossier: DossierCode, ordinal: number): string => `${dossier.code}-KQ${ordinal}`;

/** A document-type code: national (`KQ.G15.000031`) or ours where none is known (`LOCAL.BIRTH-EXTRACT`). */
export function parseDocumentTypeCode(text: string): Parsed<string> {
  const code = canonical(text);
  if (/^KQ\.[A-Y]\d{2}\.\d{6}$/.test(code) || /^LOCAL\.[A-Z0-9]+(-[A-Z0-9]+)*$/.test(code))
    return parsed(code);
  return unreadable(
    `Mã loại giấy tờ “${clip(text)}” không đúng dạng (ví dụ KQ.G15.000031, hoặc LOCAL.TEN-GIAY-TO khi chưa có mã quốc gia).`,
    `The document-type code “${clip(text)}” is not of the form KQ.G15.000031, or LOCAL.SOME-NAME where no national code is known.`,
  );
}

/** An administrative unit: province 2 digits, district (until 30/6/2025) 3, commune 5. */
export function parseUnitCode(text: string): Parsed<string> {
  const code = canonical(text);
  if (/^(\d{2}|\d{3}|\d{5})$/.test(code) && !/^0+$/.test(code)) return parsed(code);
  return unreadable(
    `Mã đơn vị hành chính “${clip(text)}” phải có 2 chữ số (tỉnh) hoặc 5 chữ số (xã), ví dụ 31.`,
    `The administrative-unit code “${clip(text)}” must have 2 digits (province) or 5 (commune), for example 31.`,
  );
}

export const agencyIdSchema = canonicalString(parseAgencyId);
export const legacyAgencyCodeSchema = canonicalString(parseLegacyAgencyCode);
export const unitCodeSchema = canonicalString(parseUnitCode);
export const documentTypeCodeSchema = canonicalString(parseDocumentTypeCode);
/** The national code only: a localised one is refused, because the catalogue holds procedures, not places. */
export const procedureCodeSchema = canonicalString((text) => {
  const result = parseProcedureCode(text);
  if (!result.ok) return result;
  if (result.value.localisedFor === null) return parsed(result.value.code);
  return unreadable(
    `Chỉ ghi mã thủ tục quốc gia: ${result.value.code}.`,
    `Write the national procedure code only: ${result.value.code}.`,
  );
});

const canonical = (text: string): string => text.trim().toUpperCase();
const clip = (text: string): string => text.slice(0, 60);
