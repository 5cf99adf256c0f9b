/** A report as one JSON object: stable names, times in ISO 8601, `null` for what is not known. */
import type { Report, SignatureReport } from './report.ts';

/** @param file how the caller names the file. */
export function reportToJson(file: string, report: Report): Record<string, unknown> {
  const { verdict, indication, subIndication, malformed, signatures, warnings, validationTime } = report;
  return {
    file,
    verdict,
    indication,
    subIndication,
    ...(malformed === null ? {} : { malformed }),
    signatures: signatures.map(signatureToJson),
    warnings,
    validationTime: validationTime.toISOString(),
  };
}

function signatureToJson(signature: SignatureReport): Record<string, unknown> {
  return {
    ...signature,
    claimedTime: signature.claimedTime?.toISOString() ?? null,
    provenTime: signature.provenTime?.toISOString() ?? null,
  };
}
