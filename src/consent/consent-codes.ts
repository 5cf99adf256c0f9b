/**
 * Two secrets by which a person at a counter shows that it is they who answer: a code sent to them, and a code that
 * their own account shows as QR. Only digests are kept; a code is short-lived, used once, and tried five times at most.
 */
import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { Database, Sql } from '../platform/database.ts';
import { Failure } from '../platform/failure.ts';
import { newId } from '../platform/ids.ts';
import type { SecretSender, SecretSending } from './secret-sender.ts';

export type SecretPurpose = 'one-time-code' | 'qr';

const MINUTES: Readonly<Record<SecretPurpose, number>> = { 'one-time-code': 10, qr: 5 };
const ATTEMPTS = 5;
/** Codes sent to one person in an hour, so that nobody's phone is flooded from a desk. */
const PER_HOUR = 5;
/** Without letters and digits that are mistaken for each other when read out. */
const LETTERS = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';

/** Makes a code and hands it to whoever sends; it is in no answer. */
export async function sendCode(
  sql: Sql,
  sender: SecretSender,
  order: { personId: string; requestId: string; at: Date; language: 'vi' | 'en' },
): Promise<SecretSending & { expiresAt: Date }> {
  const [recent] = await sql.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM consent_secret
     WHERE person_id = $1::uuid AND purpose = 'one-time-code' AND made_at > $2::timestamptz`,
    [order.personId, new Date(order.at.getTime() - 3_600_000)],
  );
  if ((recent?.n ?? 0) >= PER_HOUR) throw tooManyCodes();
  const secret = String(randomInt(1_000_000)).padStart(6, '0');
  const expiresAt = await keep(sql, { ...order, purpose: 'one-time-code', secret });
  const sending = await sender.send(sql, {
    personId: order.personId,
    purpose: 'consent-code',
    secret,
    expiresAt,
    language: order.language,
  });
  return { ...sending, expiresAt };
}

/** Makes the code that the person's own page shows; it replaces the one before. */
export async function makeShownCode(
  sql: Sql,
  order: { personId: string; at: Date },
): Promise<{ secret: string; expiresAt: Date }> {
  const secret = Array.from({ length: 10 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  const expiresAt = await keep(sql, { ...order, requestId: null, purpose: 'qr', secret });
  return { secret, expiresAt };
}

async function keep(
  sql: Sql,
  made: { personId: string; requestId: string | null; purpose: SecretPurpose; secret: string; at: Date },
): Promise<Date> {
  await sql.query(
    `UPDATE consent_secret SET expires_at = $3::timestamptz
     WHERE person_id = $1::uuid AND purpose = $2::text AND used_at IS NULL AND expires_at > $3::timestamptz`,
    [made.personId, made.purpose, made.at],
  );
  const id = newId();
  const expiresAt = new Date(made.at.getTime() + MINUTES[made.purpose] * 60_000);
  await sql.query(
    `INSERT INTO consent_secret (id, purpose, person_id, request_id, secret_sha256, made_at, expires_at, attempts)
     VALUES ($1::uuid, $2::text, $3::uuid, $4::uuid, $5::bytea, $6::timestamptz, $7::timestamptz, 0)`,
    [id, made.purpose, made.personId, made.requestId, digest(id, made.secret), made.at, expiresAt],
  );
  return expiresAt;
}

/**
 * Compares a code with the newest of the person, counting the attempt in a transaction of its own: a refusal that rolls
 * the caller back does not give the attempt back.
 * @returns the id to be used up in the caller's transaction, or undefined
 */
export async function tryCode(
  database: Database,
  order: { purpose: SecretPurpose; personId: string; requestId: string; given: string; at: Date },
): Promise<string | undefined> {
  const [row] = await database.transactSql((sql) =>
    sql.query<{ id: string; secret_sha256: Uint8Array }>(
      `UPDATE consent_secret SET attempts = attempts + 1 WHERE id = (
         SELECT id FROM consent_secret
         WHERE person_id = $1::uuid AND purpose = $2::text AND used_at IS NULL AND expires_at > $3::timestamptz
           AND (request_id IS NULL OR request_id = $4::uuid)
         ORDER BY made_at DESC, id DESC LIMIT 1)
       AND attempts < $5::int RETURNING id::text, secret_sha256`,
      [order.personId, order.purpose, order.at, order.requestId, ATTEMPTS],
    ),
  );
  if (!row) return undefined;
  const given = digest(row.id, tidy(order.given));
  return timingSafeEqual(given, Buffer.from(row.secret_sha256)) ? row.id : undefined;
}

/** @returns false when another answer used it up meanwhile */
export async function useCode(sql: Sql, id: string, at: Date): Promise<boolean> {
  const rows = await sql.query(
    'UPDATE consent_secret SET used_at = $2::timestamptz WHERE id = $1::uuid AND used_at IS NULL RETURNING 1 AS one',
    [id, at],
  );
  return rows.length === 1;
}

/** People read codes with spaces and in lower case. */
const tidy = (given: string): string =>
  given
    .replace(/[\s.-]/g, '')
    .toUpperCase()
    .slice(0, 40);

const digest = (id: string, secret: string): Buffer =>
  createHash('sha256').update(`${id} ${secret}`, 'utf8').digest();

const tooManyCodes = (): Failure =>
  new Failure(
    'too-many',
    {
      en: 'Five codes were sent to this person in the last hour. Use another way: their account, a QR code or a signed form.',
      vi: 'Đã gửi năm mã cho người này trong một giờ qua. Hãy dùng cách khác: tài khoản, mã QR hoặc phiếu ký.',
    },
    { code: 'too-many-codes', retryAfter: 3600 },
  );

export const wrongCode = (): Failure =>
  new Failure(
    'forbidden',
    {
      en: 'The code is wrong, too old or was used. Ask for a new one; after five tries it is void.',
      vi: 'Mã sai, đã quá hạn hoặc đã dùng. Hãy lấy mã mới; thử sai năm lần thì mã bị hủy.',
    },
    { code: 'consent-code-wrong' },
  );
