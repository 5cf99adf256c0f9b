-- When a signature's proof of time ages, and when raising its level was last tried.
ALTER TABLE "signature_record" ADD COLUMN "renew_before" TIMESTAMPTZ(3);
ALTER TABLE "signature_record" ADD COLUMN "tried_at" TIMESTAMPTZ(3);
CREATE INDEX "signature_record_renew_before_idx" ON "signature_record" ("renew_before");
-- A file that was raised since is still found by its digest.
CREATE INDEX "stored_object_sha256_idx" ON "stored_object" ("sha256");
