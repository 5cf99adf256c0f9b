// Certificates made by another library (node-forge) as this reader sees them.
import { describe, expect, it } from '@jest/globals';
import forge from 'node-forge';
import {
  checkSignature,
  displayName,
  readCertificate,
  readCertificatesPem,
  signatureScheme,
} from '../../../src/asn1/index.ts';

function forgeCertificate() {
  const keys = forge.pki.rsa.generateKeyPair(1024);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = keys.publicKey;
  certificate.serialNumber = '00c0ffee';
  certificate.validity.notBefore = new Date('2026-01-01T00:00:00Z');
  certificate.validity.notAfter = new Date('2030-01-01T00:00:00Z');
  const attributes = [
    { name: 'countryName', value: 'VN' },
    {
      name: 'organizationName',
      value: 'Ủy ban nhân dân xã Thử',
      valueTagClass: forge.asn1.Type.UTF8 as never,
    },
    { name: 'commonName', value: 'Kho, thử', valueTagClass: forge.asn1.Type.UTF8 as never },
  ];
  certificate.setSubject(attributes);
  certificate.setIssuer(attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, digitalSignature: true, nonRepudiation: true, critical: true },
    { name: 'extKeyUsage', timeStamping: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  certificate.sign(keys.privateKey, forge.md.sha256.create());
  return certificate;
}

describe('a certificate made by node-forge', () => {
  const made = forgeCertificate();
  const pem = forge.pki.certificateToPem(made);
  const [certificate] = readCertificatesPem(pem);

  it('has its fields', () => {
    expect(certificate).toMatchObject({
      version: 3,
      serialNumber: '00c0ffee',
      isCa: true,
      selfIssued: true,
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.8'],
      extendedKeyUsageCritical: false,
      unknownCriticalExtensions: [],
    });
    expect(certificate?.notAfter.toISOString()).toBe('2030-01-01T00:00:00.000Z');
    expect([...(certificate?.keyUsage ?? [])]).toEqual(['digitalSignature', 'nonRepudiation', 'keyCertSign']);
    expect(certificate?.subjectKeyIdentifier).toBe(made.generateSubjectKeyIdentifier().toHex());
    expect(certificate && displayName(certificate.subject)).toBe('Kho, thử');
    expect(certificate?.subject.text).toBe('CN=Kho\\, thử,O=Ủy ban nhân dân xã Thử,C=VN');
  });

  it('verifies under its own key, and not once a bit is changed', () => {
    const scheme = signatureScheme(certificate!.signatureAlgorithm);
    const input = { key: certificate!.publicKey, scheme, signature: certificate!.signature };
    expect(checkSignature({ ...input, data: certificate!.tbs })).toBe('valid');
    const changed = Uint8Array.from(certificate!.tbs);
    changed[20]! ^= 1;
    expect(checkSignature({ ...input, data: changed })).toBe('invalid');
  });

  it('is refused when cut short', () => {
    expect(() => readCertificate(certificate!.der.subarray(0, -1))).toThrow('runs past the end');
  });
});
