-- Finds the paper whose very file somebody holds, for public verification.
CREATE INDEX "document_version_sha256_idx" ON "document_version" ("sha256");
