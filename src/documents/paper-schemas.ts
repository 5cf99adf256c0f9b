/** The JSON in which papers, owners and places come in: shapes shared by single deposits and whole dossiers. */
import { z } from 'zod';
import {
  agencyIdSchema,
  calendarDateSchema,
  documentTypeCodeSchema,
  provenanceSchema,
} from '../catalogue/index.ts';
import { Failure } from '../platform/failure.ts';
import type { PaperOrder } from './deposit-order.ts';
import type { IntakeFile } from './intake.ts';
import type { OwnerClaim } from './owner-claims.ts';

export const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .transform((value) => value.normalize('NFC'));

export const instant = z.iso.datetime({ offset: true }).transform((value) => new Date(value));

const personClaim = z.strictObject({
  personalNumber: z.string().max(20).optional(),
  fullName: text(200).optional(),
  birthDate: calendarDateSchema.optional(),
  gender: z.enum(['male', 'female', 'other']).optional(),
  nationality: z.string().length(3).optional(),
  passportNumber: z.string().max(30).optional(),
});

const organisationClaim = z.strictObject({
  /** Enterprise, cooperative or household-business number; for an agency its identifier. */
  registrationNumber: z
    .string()
    .regex(/^[0-9A-Z.-]{5,35}$/, 'Digits, capital letters, dots and hyphens; an enterprise has 10 digits.')
    .optional(),
  taxNumber: z
    .string()
    .regex(/^\d{10}(-?\d{3})?$/, 'A tax number has 10 digits, or 13 for a dependent unit.')
    .optional(),
  name: text(300).optional(),
});

/** A person, or `{"organisation": {…}}`. */
export const ownerSchema = z
  .union([z.strictObject({ organisation: organisationClaim }), personClaim])
  .transform(
    (owner): OwnerClaim =>
      'organisation' in owner
        ? { kind: 'organisation', ...owner.organisation }
        : { kind: 'person', ...owner },
  );

const placeShape = {
  group: z.enum(['component', 'processing', 'result']),
  component: z.string().max(80).nullable().default(null),
  resultCode: z.string().max(70).nullable().default(null),
};

const paperShape = {
  type: documentTypeCodeSchema,
  issuer: agencyIdSchema,
  provenance: provenanceSchema,
  symbol: text(100).nullable().default(null),
  abstract: text(1000).nullable().default(null),
  issuedOn: calendarDateSchema.nullable().default(null),
  metadata: z.record(z.string().max(60), z.unknown()).default({}),
  owners: z.array(ownerSchema).min(1).max(10),
  externalId: z
    .string()
    .regex(/^[A-Za-z0-9._~-]{1,100}$/)
    .refine((value) => !/\d{12}/.test(value), 'An external id holds no personal number.')
    .nullable()
    .default(null),
};

/** The "metadata" field of a single deposit. */
export const depositSchema = z.strictObject({
  agency: agencyIdSchema,
  ...paperShape,
  dossier: z
    .strictObject({ code: z.string().max(60), ...placeShape })
    .nullable()
    .default(null),
});

/** One paper of a whole dossier; `files` names the parts that carry it. */
export const dossierPaperSchema = z.strictObject({
  files: z
    .array(z.string().regex(/^[\w.-]{1,60}$/))
    .min(1)
    .max(200),
  ...paperShape,
  ...placeShape,
});

type Paper = Pick<z.output<typeof depositSchema>, keyof typeof paperShape>;
type Place = Pick<z.output<typeof dossierPaperSchema>, keyof typeof placeShape>;

export const toPaperOrder = (
  paper: Paper,
  place: (Place & { readonly code: string }) | null,
  files: readonly IntakeFile[],
): PaperOrder => ({
  typeCode: paper.type,
  issuerId: paper.issuer,
  provenance: paper.provenance,
  symbol: paper.symbol,
  abstract: paper.abstract,
  issuedOn: paper.issuedOn,
  metadata: paper.metadata,
  owners: paper.owners,
  externalId: paper.externalId,
  place: place && {
    dossierCode: place.code,
    group: place.group,
    componentKey: place.component,
    resultCode: place.resultCode,
  },
  files,
});

/** The JSON field of a multipart request. @throws Failure `invalid` with every fault by its place */
export function parseField<T extends z.ZodType>(
  schema: T,
  raw: string | undefined,
  name = 'metadata',
): z.output<T> {
  let json: unknown;
  try {
    json = JSON.parse(raw ?? '');
  } catch {
    throw new Failure(
      'invalid',
      {
        en: `The "${name}" field is missing or not JSON.`,
        vi: `Thiếu trường "${name}", hoặc không phải JSON.`,
      },
      { code: `${name}-missing` },
    );
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Failure(
    'invalid',
    { en: 'The metadata need mending; see "errors".', vi: 'Dữ liệu đặc tả có chỗ cần sửa; xem "errors".' },
    {
      faults: parsed.error.issues.map(({ path, message }) => ({
        pointer: `/body/${path.join('/')}`,
        detail: message,
      })),
    },
  );
}
