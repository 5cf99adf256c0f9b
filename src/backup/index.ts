/** The face of backups: what the command uses. */
export { type BackupOrder, takeBackup } from './backup.ts';
export { openKeys, PASSPHRASE_MIN, placeKeyFiles, readKeyFiles } from './escrow.ts';
export { BackupError, type Manifest, manifestDigest, readManifest } from './manifest.ts';
export { wholePart } from './parts.ts';
export { type RestoreOrder, restoreBackup } from './restore.ts';
