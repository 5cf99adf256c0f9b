/** The one error of the PDF reader: every refusal carries where it happened and why, in words for a report. */

/**
 * `syntax` and `structure` are faults of the file, `budget` means that reading was stopped before it cost too
 * much, `locked` that a password is needed.
 */
export type PdfFault = 'syntax' | 'structure' | 'budget' | 'locked';

export class PdfError extends Error {
  readonly fault: PdfFault;
  /** Byte offset in the file, or -1 where the fault is inside a decoded stream. */
  readonly offset: number;
  readonly reason: string;

  constructor(fault: PdfFault, reason: string, offset: number) {
    super(offset >= 0 ? `${reason} (at byte ${offset})` : reason);
    this.name = 'PdfError';
    this.fault = fault;
    this.reason = reason;
    this.offset = offset;
  }
}
