-- Results that agencies' own systems push: what each external id stands for, and papers that a correction concerns.
CREATE TABLE "issued_result" (
  "agency_id" TEXT NOT NULL,
  "external_id" TEXT NOT NULL,
  "document_id" UUID NOT NULL,
  "content_sha256" TEXT NOT NULL,
  "version" INTEGER NOT NULL,
  "pushed_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "issued_result_pkey" PRIMARY KEY ("agency_id", "external_id")
);
CREATE UNIQUE INDEX "issued_result_document_id_key" ON "issued_result" ("document_id");

CREATE TABLE "dependent_flag" (
  "document_id" UUID NOT NULL,
  "because_of" UUID NOT NULL,
  "field" TEXT NOT NULL,
  "procedure" TEXT,
  "flagged_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "dependent_flag_pkey" PRIMARY KEY ("document_id", "because_of", "field")
);
