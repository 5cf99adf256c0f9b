/**
 * Finds the signatures of a revision by its form (ISO 32000-2 §12.7.5.5), never by searching bytes. One signature
 * dictionary may hang on several fields; `/Type` is optional.
 */
import {
  isArray,
  isName,
  PdfDict,
  type PdfObject,
  PdfRef,
  PdfString,
  type Revision,
  textOf,
} from '../pdf/index.ts';

export interface FieldNode {
  readonly dict: PdfDict;
  /** Object number, -1 for a field written directly. */
  readonly num: number;
  /** Fully qualified name (§12.7.4.2). */
  readonly name: string;
  /** `Sig`, `Tx`, `Btn`, `Ch`, inherited where not given. */
  readonly type: string | undefined;
  readonly flags: number;
}

export interface SignatureField extends FieldNode {
  /** The value as written: a reference as a rule. */
  readonly value: PdfObject;
  readonly signature: PdfDict;
}

/** Every terminal field and every node above it, in document order. @throws PdfError on loops. */
export function readFields(revision: Revision): FieldNode[] {
  const form = revision.dict(revision.catalog, 'AcroForm');
  const roots = form === undefined ? undefined : revision.array(form, 'Fields');
  const found: FieldNode[] = [];
  const seen = new Set<number>();
  const { budget } = revision.source;
  const visit = (item: PdfObject, above: FieldNode | undefined, depth: number): void => {
    const num = item instanceof PdfRef ? item.num : -1;
    if (num >= 0 && seen.has(num)) {
      return;
    }
    seen.add(num);
    budget.depth(depth, -1);
    budget.tick(-1);
    const dict = revision.resolve(item);
    if (!(dict instanceof PdfDict)) {
      return;
    }
    const node = fieldNode(revision, { dict, num }, above);
    found.push(node);
    const kids = revision.get(dict, 'Kids');
    if (isArray(kids)) {
      for (const kid of kids) {
        visit(kid, node, depth + 1);
      }
    }
  };
  for (const root of roots ?? []) {
    visit(root, undefined, 0);
  }
  return found;
}

/** Fields that hold a signature or timestamp. Kids that are mere widgets repeat nothing: they have no `/V`. */
export function readSignatureFields(
  revision: Revision,
  fields: readonly FieldNode[] = readFields(revision),
): SignatureField[] {
  const found: SignatureField[] = [];
  for (const field of fields) {
    const value = field.dict.get('V');
    const signature = revision.resolve(value);
    if (signature instanceof PdfDict && (field.type === 'Sig' || looksLikeSignature(signature))) {
      found.push({ ...field, value, signature });
    }
  }
  return found;
}

function looksLikeSignature(dict: PdfDict): boolean {
  return isName(dict.get('Type'), 'Sig', 'DocTimeStamp') || (dict.has('ByteRange') && dict.has('Contents'));
}

function fieldNode(
  revision: Revision,
  own: { dict: PdfDict; num: number },
  above: FieldNode | undefined,
): FieldNode {
  const partial = revision.get(own.dict, 'T');
  const part = partial instanceof PdfString ? textOf(partial) : undefined;
  const type = revision.get(own.dict, 'FT');
  const flags = revision.get(own.dict, 'Ff');
  return {
    ...own,
    name: [above?.name, part].filter((text) => text !== undefined && text !== '').join('.'),
    type: isName(type) ? type.value : above?.type,
    flags: typeof flags === 'number' ? flags : (above?.flags ?? 0),
  };
}
