/** What a backup says of itself: written last, so that a folder without it is a backup that was not finished. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A file of the backup, by its path below the folder. */
export const partSchema = z.strictObject({ path: z.string(), bytes: z.int().min(0), sha256 });
export type Part = z.infer<typeof partSchema>;

export const manifestSchema = z.strictObject({
  format: z.literal('mot-lan-backup/1'),
  takenAt: z.iso.datetime(),
  /** Of the database when it was read, in order. */
  migrations: z.array(z.strictObject({ name: z.string(), checksum: sha256 })).min(1),
  /** In an order in which every row finds those it refers to. */
  tables: z.array(
    z.strictObject({
      name: z.string(),
      columns: z.array(z.string()).min(1),
      rows: z.int().min(0),
      part: partSchema,
    }),
  ),
  sequences: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  /** A line an object: key, version, size and SHA-256 of the bytes as the store keeps them. */
  objects: z.strictObject({ count: z.int().min(0), bytes: z.int().min(0), list: partSchema }),
  /** The newest signed checkpoint; null for a vault without one. */
  log: z.strictObject({ size: z.int().min(0), note: z.string(), list: partSchema }).nullable(),
  /** Sealed under a passphrase; null where the keys are kept elsewhere. */
  keys: partSchema.nullable(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** A line of the lists of objects. */
export const keptObjectSchema = z.strictObject({
  key: z.string(),
  /** Of the store it was read from; null for the log's objects. */
  versionId: z.string().nullable(),
  part: partSchema,
});
export type KeptObject = z.infer<typeof keptObjectSchema>;

export const MANIFEST_FILE = 'manifest.json';

/** @throws BackupError when there is none, or it is of another form */
export function readManifest(folder: string): Manifest {
  let text: string;
  try {
    text = readFileSync(join(folder, MANIFEST_FILE), 'utf8');
  } catch {
    throw new BackupError(`${folder} is no finished backup: it has no ${MANIFEST_FILE}.`);
  }
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    throw new BackupError(`${join(folder, MANIFEST_FILE)} is not a manifest of this release's form.`);
  }
}

/** Digest by which two people can agree that they speak of the same backup. */
export const manifestDigest = (folder: string): string =>
  createHash('sha256')
    .update(readFileSync(join(folder, MANIFEST_FILE)))
    .digest('hex');

/** A backup that cannot be taken or used; the message says what to do. */
export class BackupError extends Error {}
