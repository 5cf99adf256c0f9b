// An OCSP responder for development and tests (RFC 6960), answering for one certificate authority.
import { createHash, type KeyObject, sign } from 'node:crypto';
import { extension } from '../../asn1/certificate-writer.ts';
import { type Certificate, der, oids, readOcspRequest, writeSignatureAlgorithm } from '../../asn1/index.ts';
import { keyInput, schemeForKey } from '../key-signer.ts';
import type { CertificateAuthority } from './certificate-authority.ts';

export interface OcspResponderInput {
  readonly authority: CertificateAuthority;
  /** Delegated responder: issued by the authority with the OCSP profile. */
  readonly certificate: Certificate;
  readonly key: KeyObject;
  readonly now: () => Date;
  /** Minutes until the answer is stale. Default 60. */
  readonly minutes?: number;
}

/** Returns a function from an OCSPRequest's DER to an OCSPResponse's. @throws Asn1Error when the request is broken */
export function createOcspResponder(input: OcspResponderInput): (request: Uint8Array) => Buffer {
  const scheme = schemeForKey(input.key);
  return (request) => {
    const { ids, nonce } = readOcspRequest(request);
    const now = input.now();
    const nextUpdate = new Date(now.getTime() + (input.minutes ?? 60) * 60_000);
    const singles = ids.map((id) => {
      const revocation = input.authority.revocationOf(id.serialNumber);
      const known =
        id.issuerKeyHash ===
        createHash('sha1').update(input.authority.certificate.publicKeyBytes).digest('hex');
      const revoked = revocation !== undefined && revocation.at <= now ? revocation : undefined;
      return der.sequence(
        id.der,
        certStatus(known, revoked),
        der.generalizedTime(now),
        der.explicit(0, der.generalizedTime(nextUpdate)),
      );
    });
    const nonceExtension =
      nonce === undefined ? [] : [der.explicit(1, der.sequence(extension(oids.ocspNonce, nonce)))];
    const tbs = der.sequence(
      der.explicit(2, der.octetString(createHash('sha1').update(input.certificate.publicKeyBytes).digest())),
      der.generalizedTime(now),
      der.sequence(...singles),
      ...nonceExtension,
    );
    const basic = der.sequence(
      tbs,
      writeSignatureAlgorithm(scheme),
      der.bitString(sign(scheme.digest, tbs, keyInput(input.key, scheme))),
      der.explicit(0, der.sequence(input.certificate.der)),
    );
    const body = der.sequence(der.oid(oids.ocspBasic), der.octetString(basic));
    return der.sequence(der.enumerated(0), der.explicit(0, body));
  };
}

function certStatus(
  known: boolean,
  revoked: { readonly at: Date; readonly reason?: number } | undefined,
): Buffer {
  if (!known) return der.encode(0x82);
  if (revoked === undefined) return der.encode(0x80);
  const reason = revoked.reason === undefined ? [] : [der.explicit(0, der.enumerated(revoked.reason))];
  return der.encode(0xa1, der.generalizedTime(revoked.at), ...reason);
}
