/**
 * Templates of issued papers: layouts as data, versioned; a published version never changes, because every paper made
 * from it is compared with it for ever. Pure: a template and a record give the page.
 */
import { z } from 'zod';
import { type DocumentType, documentTypeCodeSchema, inWords, labelsSchema } from '../catalogue/index.ts';
import { loadFont, type PageElement, type PdfaPage, textWidth } from '../pdf/index.ts';
import { type BulkElement, LEAST_SIZE, sizeInRoom } from '../signing/index.ts';
import type { IssuedRecord } from './issued-record.ts';

/** Millimetres from the page's upper left corner; text stands on its baseline. */
const place = { x: z.number().min(0).max(2000), y: z.number().min(0).max(2000) };

const elementSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('text'),
    ...place,
    /** `{field}`, `{field|upper}`, `{field|date}`, `{field|longDate}`, `{field|label}`; anything else as it is. */
    text: z.string().min(1).max(500),
    /** Points. */
    size: z.number().min(5).max(72),
    font: z.enum(['tinos', 'tinos-bold', 'tinos-italic']).default('tinos'),
    align: z.enum(['left', 'center', 'right']).default('left'),
    /** Millimetres; longer text is set smaller, down to 60 %. */
    width: z.number().min(5).optional(),
    /** Leave it out when a placeholder has no value. */
    optional: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('line'),
    from: z.tuple([z.number(), z.number()]),
    to: z.tuple([z.number(), z.number()]),
    /** Points. */
    weight: z.number().min(0.1).max(10),
  }),
  z.strictObject({
    kind: z.literal('rectangle'),
    ...place,
    width: z.number().positive(),
    height: z.number().positive(),
    weight: z.number().min(0.1).max(10),
  }),
  /** The verification address as a QR code. */
  z.strictObject({ kind: z.literal('qr'), ...place, size: z.number().min(15).max(60) }),
]);

export const templateSchema = z.strictObject({
  code: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/),
  version: z.int().min(1),
  documentType: documentTypeCodeSchema,
  names: labelsSchema,
  /** Millimetres. */
  page: z.strictObject({ width: z.number().min(50).max(1000), height: z.number().min(50).max(1000) }),
  elements: z.array(elementSchema).min(1).max(200),
});
export type IssueTemplate = z.infer<typeof templateSchema>;
type TextElement = Extract<IssueTemplate['elements'][number], { kind: 'text' }>;

/** A text that does not fit, a letter the font lacks, or a value that is missing. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly vi: string;

  constructor(vi: string, en: string) {
    super(en);
    this.vi = vi;
  }
}

const point = 72 / 25.4;

/**
 * The page of a record: what all papers of a batch share first, then what differs, so that the bulk path draws the
 * same. @throws TemplateError
 */
export function layOut(
  template: IssueTemplate,
  record: IssuedRecord,
  type: Pick<DocumentType, 'fields'>,
): PdfaPage {
  const height = template.page.height * point;
  const values = valuesOf(record, type);
  const elements = inOrder(template).flatMap((element) => elementsOf(element, values, height));
  return { width: template.page.width * point, height, elements };
}

/** The page with a placeholder for each thing that differs from paper to paper, and the values of one paper. */
export interface BulkPage {
  readonly width: number;
  readonly height: number;
  readonly elements: readonly BulkElement[];
  /** @throws TemplateError for a value that is missing */
  valuesOf(record: IssuedRecord): Record<string, string>;
}

/** @param record any paper of the batch; undefined where a text that all share looks like a placeholder */
export function layOutBulk(
  template: IssueTemplate,
  record: IssuedRecord,
  type: Pick<DocumentType, 'fields'>,
): BulkPage | undefined {
  const height = template.page.height * point;
  const shared = valuesOf(record, type);
  const fixed = template.elements.filter(isFixed).flatMap((each) => elementsOf(each, shared, height));
  if (fixed.some((element) => element.kind === 'text' && /[{}]/.test(element.text))) return undefined;
  const changing = template.elements.filter(isChanging);
  const drawn = changing.map((element, index): BulkElement => {
    if (element.kind === 'qr') {
      return {
        kind: 'qr',
        text: `{e${index}}`,
        ...boxOf(element, element.size, height),
        size: element.size * point,
      };
    }
    const { x, y, size, font, align, width } = element;
    const room = width === undefined ? undefined : width * point;
    return {
      kind: 'text',
      text: `{e${index}}`,
      x: x * point,
      y: height - y * point,
      size,
      font,
      align,
      room,
    };
  });
  return {
    width: template.page.width * point,
    height,
    elements: [...fixed, ...drawn],
    valuesOf: (each) => {
      const values = valuesOf(each, type);
      const texts = changing.map((element) =>
        element.kind === 'qr' ? each.verificationUrl : (fill(element, values) ?? ''),
      );
      return Object.fromEntries(texts.map((text, index) => [`e${index}`, text]));
    },
  };
}

type TemplateElement = IssueTemplate['elements'][number];
type Changing = Extract<TemplateElement, { kind: 'text' | 'qr' }>;

/** The same on every paper of a batch. */
const shared = new Set(['issuerName', 'place', 'issuedOn', 'signerTitle', 'signerName']);

const isChanging = (element: TemplateElement): element is Changing =>
  element.kind === 'qr' ||
  (element.kind === 'text' &&
    [...element.text.matchAll(placeholder)].some((match) => !shared.has(match[1] ?? '')));

const isFixed = (element: TemplateElement): boolean => !isChanging(element);

const inOrder = ({ elements }: IssueTemplate): TemplateElement[] => [
  ...elements.filter(isFixed),
  ...elements.filter(isChanging),
];

function elementsOf(
  element: IssueTemplate['elements'][number],
  values: Values,
  height: number,
): PageElement[] {
  switch (element.kind) {
    case 'text':
      return layOutText(element, values, height);
    case 'line': {
      const [from, to] = [element.from, element.to].map(([x, y]) => [x * point, height - y * point] as const);
      return from && to ? [{ kind: 'line', from, to, width: element.weight }] : [];
    }
    case 'rectangle':
      return [
        {
          kind: 'rectangle',
          ...boxOf(element, element.height, height),
          width: element.width * point,
          height: element.height * point,
          lineWidth: element.weight,
        },
      ];
    case 'qr':
      return [
        {
          kind: 'qr',
          text: values.get('verificationUrl')?.text ?? '',
          ...boxOf(element, element.size, height),
          size: element.size * point,
        },
      ];
  }
}

/** The lower left corner, in points, of a box given by its upper left one. */
const boxOf = ({ x, y }: { x: number; y: number }, tall: number, height: number) => ({
  x: x * point,
  y: height - (y + tall) * point,
});

/** Placeholders that neither the type's fields nor the record know: a template with any cannot be published. */
export function unknownPlaceholders(template: IssueTemplate, type: Pick<DocumentType, 'fields'>): string[] {
  const known = new Set([...type.fields.map(({ name }) => name), ...recordNames]);
  const used = template.elements.flatMap((element) =>
    element.kind === 'text' ? [...element.text.matchAll(placeholder)].map((match) => match[1] ?? '') : [],
  );
  return [...new Set(used)].filter((name) => !known.has(name));
}

const placeholder = /\{([A-Za-z]+)(?:\|([A-Za-z]+))?\}/g;
const recordNames = [
  'issuerName',
  'place',
  'issuedOn',
  'label',
  'verificationCode',
  'verificationUrl',
  'signerTitle',
  'signerName',
];

type Values = ReadonlyMap<string, { readonly text: string; readonly label?: string }>;

function valuesOf(record: IssuedRecord, type: Pick<DocumentType, 'fields'>): Values {
  const values = new Map<string, { text: string; label?: string }>([
    ['issuerName', { text: record.issuer.names.vi }],
    ['place', { text: record.place }],
    ['issuedOn', { text: record.issuedOn }],
    ['label', { text: record.label }],
    ['verificationCode', { text: record.verificationCode }],
    ['verificationUrl', { text: record.verificationUrl }],
    ['signerTitle', { text: record.signer.title }],
    ['signerName', { text: record.signer.name }],
  ]);
  for (const field of type.fields) {
    const value = record.fields[field.name];
    // What the record itself says (who signs, the number) wins over a field of the same name.
    if (value === undefined || values.has(field.name)) continue;
    const option = field.kind === 'choice' ? field.options.find((each) => each.value === value) : undefined;
    values.set(field.name, { text: String(value), ...(option && { label: option.labels.vi }) });
  }
  return values;
}

function layOutText(element: TextElement, values: Values, height: number): PageElement[] {
  const text = fill(element, values);
  if (text === undefined) return [];
  const font = loadFont(element.font);
  const room = element.width === undefined ? undefined : element.width * point;
  const natural = textWidth(font, text, element.size);
  const size = sizeInRoom(element.size, natural, room);
  if (size < element.size * LEAST_SIZE) {
    throw new TemplateError(
      `“${text.slice(0, 60)}…” quá dài so với chỗ trên mẫu.`,
      `“${text.slice(0, 60)}…” is too long for its place on the template.`,
    );
  }
  const { x, y, font: name, align } = element;
  return [{ kind: 'text', text, x: x * point, y: height - y * point, size, font: name, align }];
}

function fill(element: TextElement, values: Values): string | undefined {
  let missing: string | undefined;
  const text = element.text.replace(placeholder, (_, name: string, filter?: string) => {
    const value = values.get(name);
    if (value === undefined) missing = name;
    return value === undefined ? '' : filtered(value, filter);
  });
  if (missing === undefined) return text;
  if (element.optional) return undefined;
  throw new TemplateError(
    `Mẫu cần “${missing}” mà chưa có.`,
    `The template needs “${missing}”, which is missing.`,
  );
}

function filtered({ text, label }: { text: string; label?: string }, filter: string | undefined): string {
  const [year, month, day] = text.split('-');
  switch (filter) {
    case 'upper':
      return text.toLocaleUpperCase('vi');
    case 'date':
      return inWords(text);
    case 'longDate':
      return day === undefined ? inWords(text) : `ngày ${day} tháng ${month} năm ${year}`;
    case 'label':
      return label ?? text;
    default:
      return text;
  }
}
