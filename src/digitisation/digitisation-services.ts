/** The use cases of digitisation, put together once for the API, the pages, the duties and the imports. */
import type { AgencySeals, Sealing } from '../documents/index.ts';
import type { Report } from '../verification/index.ts';
import { AccessionService } from './accession-service.ts';
import { AttestationService } from './attestation-service.ts';
import { CaptureService } from './capture-service.ts';
import { ExtractionService } from './extraction-service.ts';
import { OpeningService } from './opening-service.ts';
import { ReadingService } from './reading-service.ts';
import { type DeskParts, ScanDesk } from './scan-desk.ts';
import { ScanView } from './scan-view.ts';
import { type OfficerSigners, ScannerSignature } from './scanner-signature.ts';
import { shippedExaminationRules } from './shipped-rules.ts';

export interface DigitisationOptions extends DeskParts {
  readonly sealing: Sealing;
  readonly seals: AgencySeals;
  readonly officers: OfficerSigners;
  readonly verify: (bytes: Uint8Array) => Promise<Report | 'busy'>;
  readonly acceptInventedNumbers: boolean;
  readonly codeTemplate: string;
  readonly spoolFolder: string;
}

export interface DigitisationServices {
  readonly desk: ScanDesk;
  readonly opening: OpeningService;
  readonly capture: CaptureService;
  readonly signature: ScannerSignature;
  readonly reading: ReadingService;
  readonly extraction: ExtractionService;
  readonly attestation: AttestationService;
  readonly accession: AccessionService;
  readonly view: ScanView;
  readonly spoolFolder: string;
}

export function createDigitisation(options: DigitisationOptions): DigitisationServices {
  const desk = new ScanDesk(options);
  const rules = shippedExaminationRules();
  const { readers, limits } = options;
  return {
    desk,
    opening: new OpeningService(desk, options),
    capture: new CaptureService(desk, {
      rules,
      tools: { readers, verify: options.verify, maxPages: limits.maxPages },
    }),
    signature: new ScannerSignature(desk, { sealing: options.sealing, signers: options.officers }),
    reading: new ReadingService(desk),
    extraction: new ExtractionService(desk),
    attestation: new AttestationService(desk, { ...options, rules }),
    accession: new AccessionService(desk, options),
    view: new ScanView(desk),
    spoolFolder: options.spoolFolder,
  };
}
