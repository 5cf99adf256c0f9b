/**
 * First look at one signature, before any question of trust: its structure, its bytes, its CMS. What is found here
 * feeds the pool of certificates that later questions are answered from.
 */
import {
  Asn1Error,
  type Certificate,
  oids,
  readDer,
  readOctets,
  readSignedData,
  type SignedData,
} from '../asn1/index.ts';
import { isName, PdfDict, PdfName, PdfRef, PdfString } from '../pdf/index.ts';
import { type CoveredBytes, coveredBytes, coveredData, digestOf } from './byte-range.ts';
import { type CmsCheck, checkBareRsa, checkCms, fail, hash, unsure } from './cms-check.ts';
import { readArchivedRevocation, readEmbeddedCrls } from './document-security-store.ts';
import type { FileContext } from './file-context.ts';
import type { Finding } from './report.ts';
import { readSignatureFields, type SignatureField } from './signature-fields.ts';

export interface InspectedSignature {
  readonly field: SignatureField;
  readonly subFilter: string;
  readonly isTimestamp: boolean;
  readonly covered: CoveredBytes | undefined;
  readonly signed: SignedData | undefined;
  readonly cms: CmsCheck | undefined;
  readonly signer: Certificate | undefined;
  /** The worst of structure and cryptography. */
  readonly finding: Finding;
}

const PASSED: Finding = {
  indication: 'TOTAL-PASSED',
  subIndication: null,
  cause: 'passed',
  reason: 'digest and signature are right',
};

/** @throws PdfError when the signed revision cannot be read. */
export function inspectSignature(context: FileContext, field: SignatureField): InspectedSignature {
  context.file.source.budget.checkTime(field.signature.start);
  const name = field.signature.get('SubFilter');
  const subFilter = name instanceof PdfName ? name.value : '';
  const isTimestamp = subFilter === 'ETSI.RFC3161' || isName(field.signature.get('Type'), 'DocTimeStamp');
  const base = { field, subFilter, isTimestamp, signed: undefined, cms: undefined, signer: undefined };
  const covered = coveredBytes(context.file, field.signature);
  if (typeof covered === 'string') {
    return { ...base, covered: undefined, finding: fail('FORMAT_FAILURE', 'byte-range', covered) };
  }
  const spoofed = spoofing(context, field, covered);
  if (spoofed !== undefined) {
    return { ...base, covered, finding: spoofed };
  }
  try {
    return subFilter === 'adbe.x509.rsa_sha1'
      ? { ...base, covered, ...inspectBare(context, field, covered) }
      : { ...base, covered, ...inspectCms(context, { field, covered, subFilter, isTimestamp }) };
  } catch (error) {
    if (error instanceof Asn1Error) {
      return {
        ...base,
        covered,
        finding: fail(
          'FORMAT_FAILURE',
          'signature-structure',
          `the signature cannot be read: ${error.message}`,
        ),
      };
    }
    throw error;
  }
}

/** The dictionary a reader shows today must be the one that stood in the signed revision. */
function spoofing(context: FileContext, field: SignatureField, covered: CoveredBytes): Finding | undefined {
  const { revision } = covered;
  if (field.value instanceof PdfRef) {
    const then = revision.object(field.value);
    const { signature } = field;
    if (!(then instanceof PdfDict) || then.start !== signature.start || then.end !== signature.end) {
      return fail(
        'FORMAT_FAILURE',
        'byte-range',
        'the signature dictionary is not the one that stood in the signed revision',
      );
    }
  }
  const name = field.name;
  const known = readSignatureFields(revision).some(
    (other) => other.signature.start === field.signature.start && other.name === name,
  );
  return known || revision === context.file.last
    ? undefined
    : fail(
        'FORMAT_FAILURE',
        'byte-range',
        'the signature did not stand in this field in the signed revision',
      );
}

function inspectBare(
  context: FileContext,
  field: SignatureField,
  covered: CoveredBytes,
): Partial<InspectedSignature> & { finding: Finding } {
  const { last } = context.file;
  const certificate = last.get(field.signature, 'Cert');
  const chain = Array.isArray(certificate) ? certificate.map((item) => last.resolve(item)) : [certificate];
  const [signer] = chain.map((item) =>
    item instanceof PdfString ? context.pool.add(item.bytes) : undefined,
  );
  const contents = cutToDer(covered.contents);
  const finding = checkBareRsa({ contents, data: coveredData(context.file, covered), signer });
  return { signer, finding };
}

function inspectCms(
  context: FileContext,
  what: { field: SignatureField; covered: CoveredBytes; subFilter: string; isTimestamp: boolean },
): Partial<InspectedSignature> & { finding: Finding } {
  const { covered, field, subFilter } = what;
  const signed = readSignedData(covered.contents);
  if (covered.contents.subarray(signed.der.length).some((byte) => byte !== 0)) {
    context.warn('padding-not-zero', 'other bytes follow the signature inside /Contents', field.name);
  }
  context.learn({ certificates: [...signed.certificates], crls: readEmbeddedCrls(signed.crls), ocsps: [] });
  const [info] = signed.signerInfos;
  if (info !== undefined) {
    context.learn(readArchivedRevocation(info));
  }
  if (what.isTimestamp) {
    return { signed, finding: PASSED };
  }
  const digest = (algorithm: string): Buffer => digestOf(context.file, covered, algorithm);
  if (subFilter === 'adbe.pkcs7.sha1') {
    return { signed, ...checkEncapsulated(context, signed, digest) };
  }
  if (!['adbe.pkcs7.detached', 'ETSI.CAdES.detached'].includes(subFilter)) {
    context.warn(
      'sub-filter-unusual',
      `the signature is of the kind "${subFilter.slice(0, 60)}"`,
      field.name,
    );
  }
  if (signed.contentType !== oids.data && signed.content === undefined) {
    return {
      signed,
      finding: unsure(
        'SIG_CONSTRAINTS_FAILURE',
        'signature-structure',
        'the signature is over another type of content',
      ),
    };
  }
  const cms = checkCms(
    {
      signed,
      digestOf: digest,
      data: () => coveredData(context.file, covered),
      contentType: oids.data,
      cause: 'cryptography',
    },
    context.pool,
  );
  if (signed.content !== undefined && cms.finding.indication === 'TOTAL-PASSED') {
    const finding = fail(
      'FORMAT_FAILURE',
      'signature-structure',
      'a detached signature carries content of its own',
    );
    return { signed, cms, signer: cms.signer, finding };
  }
  return { signed, cms, signer: cms.signer, finding: cms.finding };
}

/** `adbe.pkcs7.sha1`: the CMS signs the SHA-1 of the covered bytes, carried inside (ISO 32000-1 §12.8.3.3). */
function checkEncapsulated(
  context: FileContext,
  signed: SignedData,
  digest: (algorithm: string) => Buffer,
): Partial<InspectedSignature> & { finding: Finding } {
  const { content } = signed;
  if (content === undefined) {
    return {
      finding: fail('FORMAT_FAILURE', 'signature-structure', 'the digest that was signed is missing'),
    };
  }
  const cms = checkCms(
    {
      signed,
      digestOf: (algorithm) => hash(algorithm, content),
      data: () => content,
      contentType: signed.contentType,
      cause: 'cryptography',
    },
    context.pool,
  );
  const fits = Buffer.compare(content, digest('sha1')) === 0;
  const finding = fits
    ? cms.finding
    : fail('HASH_FAILURE', 'cryptography', 'the signed bytes are not those that were signed');
  return { cms: { ...cms, digest: 'sha1' }, signer: cms.signer, finding };
}

/** `/Contents` is padded: the value ends where its own length says. */
function cutToDer(contents: Uint8Array): Uint8Array {
  const first = contents[1] ?? 0;
  let length = first;
  let header = 2;
  if (first >= 0x80) {
    length = 0;
    header += first & 0x7f;
    for (let i = 2; i < header; i += 1) {
      length = length * 256 + (contents[i] ?? 0);
    }
  }
  const der = contents.subarray(0, header + length);
  readOctets(readDer(der));
  return der;
}
