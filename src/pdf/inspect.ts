/**
 * What a deposit must know about a PDF before it is kept: pages and sizes, encryption, and anything active or
 * hidden in it. Pure and bounded; for files from outside call `inspectPdfInChild`.
 */
import type { KillablePool, KillableTask } from '../platform/killable.ts';
import { Budget, type BudgetLimits } from './budget.ts';
import { isArray, isName, PdfDict, type PdfObject, PdfRef, PdfStream } from './objects.ts';
import { pageSize, readPages } from './page-tree.ts';
import { PdfError, type PdfFault } from './pdf-error.ts';
import { openPdf } from './pdf-file.ts';
import type { Revision } from './revision.ts';

export interface PdfInspection {
  readonly readable: true;
  readonly version: string;
  readonly pages: number;
  /** One a page, in points (1/72 inch), as seen on screen. */
  readonly pageSizes: readonly { readonly width: number; readonly height: number }[];
  /** Encrypted, though the empty password opens it. */
  readonly encrypted: boolean;
  readonly hasJavaScript: boolean;
  /** Launch, submit, import or rich-media actions. */
  readonly hasActions: boolean;
  readonly hasAttachments: boolean;
  /** Fields other than signatures, or an XFA form. */
  readonly hasForms: boolean;
  /** Signature fields that hold a value, document timestamps included. */
  readonly signatures: number;
  readonly revisions: number;
  /** False where matter stands behind the last `%%EOF`. */
  readonly endsCleanly: boolean;
}

export interface PdfUnreadable {
  readonly readable: false;
  /** `locked`: a password is needed. */
  readonly fault: PdfFault;
  readonly reason: string;
  /** Byte offset, or -1. */
  readonly offset: number;
}

const ACTIONS = [
  'Launch',
  'SubmitForm',
  'ImportData',
  'GoToR',
  'GoToE',
  'Rendition',
  'Movie',
  'Sound',
  'RichMediaExecute',
];

/** Never throws on any input. */
export function inspectPdf(
  bytes: Uint8Array,
  limits: Partial<BudgetLimits> = {},
): PdfInspection | PdfUnreadable {
  try {
    return inspect(bytes, new Budget(limits));
  } catch (error) {
    if (error instanceof PdfError) {
      return { readable: false, fault: error.fault, reason: error.reason, offset: error.offset };
    }
    if (error instanceof RangeError) {
      return { readable: false, fault: 'budget', reason: 'the file is nested too deeply', offset: -1 };
    }
    throw error;
  }
}

/** The same in a killable child: a file that kills it is unreadable by fault `budget`. */
export async function inspectPdfInChild(
  pool: KillablePool,
  bytes: Uint8Array,
): Promise<PdfInspection | PdfUnreadable> {
  const task: KillableTask<Uint8Array, PdfInspection | PdfUnreadable> = {
    module: import.meta.url,
    name: 'inspectPdf',
  };
  const outcome = await pool.run(task, bytes);
  if (outcome.kind === 'done') {
    return outcome.value;
  }
  const reason =
    outcome.kind === 'killed' ? `reading was stopped (${outcome.why})` : `reading failed (${outcome.kind})`;
  return { readable: false, fault: 'budget', reason, offset: -1 };
}

function inspect(bytes: Uint8Array, budget: Budget): PdfInspection {
  const file = openPdf(bytes, budget);
  const { last } = file;
  const pages = readPages(last);
  const found = survey(last);
  return {
    readable: true,
    version: file.version,
    pages: pages.length,
    pageSizes: pages.map((page) => pageSize(last, page)),
    encrypted: file.encrypted,
    ...found,
    revisions: file.revisions.length,
    endsCleanly: file.trailing.kind === 'none',
  };
}

type Survey = Pick<
  PdfInspection,
  'hasJavaScript' | 'hasActions' | 'hasAttachments' | 'hasForms' | 'signatures'
>;

/** Looks at every object that can be reached from the trailer. */
function survey(revision: Revision): Survey {
  const found = {
    hasJavaScript: false,
    hasActions: false,
    hasAttachments: false,
    hasForms: false,
    signatures: 0,
  };
  const seen = new Set<number>();
  const waiting: PdfObject[] = [revision.trailer];
  while (waiting.length > 0) {
    let value = waiting.pop() ?? null;
    revision.source.budget.tick(-1);
    if (value instanceof PdfRef) {
      if (seen.has(value.num)) {
        continue;
      }
      seen.add(value.num);
      value = revision.object(value);
    }
    if (isArray(value)) {
      for (const item of value) {
        waiting.push(item);
      }
    } else if (value instanceof PdfDict || value instanceof PdfStream) {
      const dict = value instanceof PdfStream ? value.dict : value;
      lookAt(revision, dict, found);
      for (const item of dict.entries.values()) {
        waiting.push(item);
      }
    }
  }
  return found;
}

function lookAt(
  revision: Revision,
  dict: PdfDict,
  found: { -readonly [K in keyof Survey]: Survey[K] },
): void {
  const action = revision.get(dict, 'S');
  found.hasJavaScript ||= dict.has('JS') || isName(action, 'JavaScript') || dict.has('JavaScript');
  found.hasActions ||= isName(action, ...ACTIONS) || dict.has('RichMediaContent');
  found.hasAttachments ||=
    dict.has('EmbeddedFiles') || (dict.has('EF') && revision.get(dict, 'EF') instanceof PdfDict);
  if (dict.has('FT')) {
    const isSignature = isName(revision.get(dict, 'FT'), 'Sig');
    found.hasForms ||= !isSignature;
  }
  found.hasForms ||= dict.has('XFA');
  if (dict.has('ByteRange') && dict.has('Contents')) {
    found.signatures += 1;
  }
}
