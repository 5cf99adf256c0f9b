/** All that one verification shares: the file, the pool of certificates, revocation data, the instant, warnings. */
import type { PdfFile } from '../pdf/index.ts';
import { CertificatePool } from './certificate-pool.ts';
import { readSecurityStore, type ValidationMaterial } from './document-security-store.ts';
import type { Warning, WarningCode } from './report.ts';
import type { TrustSet } from './trust.ts';

export class FileContext {
  readonly file: PdfFile;
  readonly at: Date;
  readonly trust: readonly TrustSet[];
  readonly pool: CertificatePool;
  readonly data: { readonly crls: ValidationMaterial['crls']; readonly ocsps: ValidationMaterial['ocsps'] };
  /** What the file's own DSS holds today. */
  readonly store: ValidationMaterial;
  readonly warnings: Warning[] = [];

  constructor(file: PdfFile, how: { trust: readonly TrustSet[]; at: Date }) {
    this.file = file;
    this.at = how.at;
    this.trust = how.trust;
    this.pool = new CertificatePool(how.trust);
    this.store = readSecurityStore(file.last);
    this.data = {
      crls: [...how.trust.flatMap((set) => set.crls), ...this.store.crls],
      ocsps: [...this.store.ocsps],
    };
    for (const der of this.store.certificates) {
      this.pool.add(der);
    }
  }

  /** Material found in a signature. */
  learn(material: ValidationMaterial): void {
    for (const der of material.certificates) {
      this.pool.add(der);
    }
    this.data.crls.push(...material.crls);
    this.data.ocsps.push(...material.ocsps);
  }

  warn(code: WarningCode, detail: string, field?: string): void {
    if (!this.warnings.some((w) => w.code === code && w.field === field && w.detail === detail)) {
      this.warnings.push(field === undefined ? { code, detail } : { code, field, detail });
    }
  }
}
