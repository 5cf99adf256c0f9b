-- A corrected version says why it was made and which metadata it replaced; both are null for the deposit.
ALTER TABLE "document_version" ADD COLUMN "reason" TEXT;
ALTER TABLE "document_version" ADD COLUMN "metadata" JSONB;
