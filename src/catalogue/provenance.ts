/**
 * Where an electronic copy comes from. The law gives each origin its own value (TT 01/2023/TT-VPCP art. 4,
 * NĐ 45/2020 art. 10 and 14), so this decides what may stand in for paper.
 */
import { z } from 'zod';
import type { Labels } from './labels.ts';

export const provenances = [
  /** The result itself, signed by the agency (NĐ 45/2020 art. 14). */
  'electronic-result',
  /** Electronic copy issued from the register (NĐ 45/2020 art. 10, NĐ 23/2015 art. 3). */
  'register-copy',
  /** Electronic copy certified against the original (NĐ 45/2020 art. 10(3)b). */
  'certified-copy',
  /** Scanned at the one-stop desk, compared with the original, signed by the officer (TT 01/2023 art. 8). */
  'counter-scan',
  /** Digital diploma or certificate, equal to paper (TT 10/2026/TT-BGDĐT). */
  'digital-diploma',
  /** A link into a national or sector database; the value is read live (TT 01/2023 art. 24(2)d). */
  'database-link',
  /** Uploaded by its owner and compared by nobody: never reusable. */
  'self-upload',
] as const;

export type Provenance = (typeof provenances)[number];
export const provenanceSchema = z.enum(provenances);
/** Origins that a rule may accept without seeing paper. */
export const acceptableProvenanceSchema = provenanceSchema.exclude(['self-upload']);

/** The words shown under “Nguồn”. A database link is followed by the database's name. */
export const provenanceLabels: Readonly<Record<Provenance, Labels>> = {
  'electronic-result': { vi: 'Kết quả điện tử', en: 'Electronic result' },
  'register-copy': { vi: 'Bản sao điện tử từ sổ gốc', en: 'Electronic copy from the register' },
  'certified-copy': { vi: 'Bản sao điện tử chứng thực', en: 'Certified electronic copy' },
  'counter-scan': { vi: 'Bản số hóa tại một cửa', en: 'Scanned and compared at the counter' },
  'digital-diploma': { vi: 'Văn bằng số', en: 'Digital diploma' },
  'database-link': { vi: 'Lấy từ cơ sở dữ liệu', en: 'Read from the database' },
  'self-upload': { vi: 'Tự tải lên, chưa đối chiếu', en: 'Uploaded by the owner, not compared' },
};
