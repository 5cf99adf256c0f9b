// Fetches evidence of revocation status: OCSP first, then the revocation list, each from allow-listed hosts only,
// kept until it goes stale.
import { randomBytes } from 'node:crypto';
import { Asn1Error, type Certificate, ocspNonce, readOcspResponse, writeOcspRequest } from '../asn1/index.ts';
import { FetchError, type FetchSettings, fetchFromAllowedHost } from './allowed-fetch.ts';
import {
  evidenceFromCrl,
  evidenceFromOcsp,
  RevocationError,
  type RevocationEvidence,
} from './revocation-check.ts';
import { SigningError } from './signing-error.ts';

export interface RevocationClient {
  /**
   * Evidence about `certificate`, fresh now.
   * @throws SigningError `revocation-unavailable` with what each source said
   */
  evidence(certificate: Certificate, issuer: Certificate): Promise<RevocationEvidence>;
}

export interface RevocationClientSettings extends FetchSettings {
  readonly now: () => Date;
  /** Lists that are at hand without a network, such as those of the development authority. */
  readonly listsAtHand?: (issuer: Certificate) => readonly Uint8Array[];
}

const ocspLimit = 64 * 1024;
/** National lists reach tens of megabytes. */
const crlLimit = 32 * 1024 * 1024;
const cachedEntries = 1000;
const cachedLists = 8;

export function createRevocationClient(settings: RevocationClientSettings): RevocationClient {
  const answers = new Map<string, RevocationEvidence>();
  const lists = new Map<string, Uint8Array>();

  const fetchList = async (url: string): Promise<Uint8Array> => {
    const list = await fetchFromAllowedHost(settings, url, { maximumLength: crlLimit });
    remember(lists, { key: url, value: list, limit: cachedLists });
    return list;
  };
  const askOcsp = async (url: string, certificate: Certificate, issuer: Certificate) => {
    const nonce = randomBytes(16);
    const response = await fetchFromAllowedHost(settings, url, {
      body: writeOcspRequest(certificate, issuer, nonce),
      contentType: 'application/ocsp-request',
      maximumLength: ocspLimit,
    });
    refuseOtherNonce(response, nonce);
    return evidenceFromOcsp(response, { certificate, issuer, now: settings.now() });
  };
  const readList = async (url: string, certificate: Certificate, issuer: Certificate) => {
    const kept = lists.get(url);
    const question = { certificate, issuer, now: settings.now() };
    if (kept !== undefined) {
      try {
        return evidenceFromCrl(kept, question);
      } catch {
        lists.delete(url);
      }
    }
    return evidenceFromCrl(await fetchList(url), question);
  };

  return {
    evidence: async (certificate, issuer) => {
      const known = answers.get(certificate.fingerprint);
      if (known?.nextUpdate !== undefined && known.nextUpdate > settings.now()) return known;
      const now = settings.now();
      const sources: [name: string, ask: () => Promise<RevocationEvidence>][] = [
        ...(settings.listsAtHand?.(issuer) ?? []).map((list): [string, () => Promise<RevocationEvidence>] => [
          'list at hand',
          async () => evidenceFromCrl(list, { certificate, issuer, now }),
        ]),
        ...certificate.ocspUrls
          .slice(0, 3)
          .map((url): [string, () => Promise<RevocationEvidence>] => [
            'OCSP',
            () => askOcsp(url, certificate, issuer),
          ]),
        ...certificate.crlUrls
          .slice(0, 3)
          .map((url): [string, () => Promise<RevocationEvidence>] => [
            'CRL',
            () => readList(url, certificate, issuer),
          ]),
      ];
      const failures: string[] = [];
      for (const [name, ask] of sources) {
        try {
          const evidence = await ask();
          remember(answers, { key: certificate.fingerprint, value: evidence, limit: cachedEntries });
          return evidence;
        } catch (error) {
          failures.push(`${name}: ${expectedReason(error)}`);
        }
      }
      const why =
        failures.length === 0 ? 'the certificate says nowhere where it is told' : failures.join('; ');
      throw new SigningError(
        'revocation-unavailable',
        `The revocation status of "${certificate.subject.text}" cannot be had: ${why}. Try later, or allow its host.`,
      );
    },
  };
}

function expectedReason(error: unknown): string {
  const expected =
    error instanceof RevocationError || error instanceof FetchError || error instanceof Asn1Error;
  if (expected) return error.message;
  throw error;
}

// Many responders sign ahead and leave the nonce out; one that answers with another nonce is replaying.
function refuseOtherNonce(response: Uint8Array, nonce: Uint8Array): void {
  const { basic } = readOcspResponse(response);
  const found = basic === undefined ? undefined : ocspNonce(basic);
  if (found !== undefined && Buffer.compare(found, nonce) !== 0)
    throw new RevocationError('the nonce is another one');
}

// The oldest entry goes first; a list at its limit holds what was asked last.
function remember<T>(
  map: Map<string, T>,
  entry: { readonly key: string; readonly value: T; readonly limit: number },
): void {
  map.delete(entry.key);
  map.set(entry.key, entry.value);
  for (const key of map.keys()) {
    if (map.size <= entry.limit) break;
    map.delete(key);
  }
}
