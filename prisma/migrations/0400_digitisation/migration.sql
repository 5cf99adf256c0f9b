-- Scans on their way into the vault. A scan's id is the id of the document it becomes, so that its bytes are bound to
-- that document from the first page on.
CREATE TABLE "scan" (
  "id" UUID NOT NULL,
  "agency_id" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "revision" INTEGER NOT NULL,
  "operator_id" UUID NOT NULL,
  "station" TEXT,
  "device" TEXT,
  "type_code" TEXT NOT NULL,
  "sensitive" BOOLEAN NOT NULL,
  "owners" JSONB NOT NULL,
  "dossier_code" TEXT,
  "paper_group" TEXT NOT NULL,
  "component_key" TEXT,
  "declared_sheets" INTEGER,
  "again_because" TEXT,
  "examination" JSONB,
  "values" JSONB,
  "signing" JSONB NOT NULL,
  "attestations" JSONB NOT NULL,
  "result_code" TEXT,
  "reason" TEXT,
  "campaign_id" UUID,
  "signed_object_id" UUID,
  "sealed_object_id" UUID,
  "statement_object_id" UUID,
  "statement_signature_object_id" UUID,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "scan_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "scan_result_code_key" ON "scan"("result_code");
CREATE INDEX "scan_agency_id_state_updated_at_idx" ON "scan"("agency_id", "state", "updated_at" DESC);
CREATE INDEX "scan_dossier_code_idx" ON "scan"("dossier_code");
CREATE INDEX "scan_campaign_id_idx" ON "scan"("campaign_id");

CREATE TABLE "scan_file" (
  "scan_id" UUID NOT NULL,
  "position" INTEGER NOT NULL,
  "media_type" TEXT NOT NULL,
  "sha256" TEXT NOT NULL,
  "size" INTEGER NOT NULL,
  "object_id" UUID NOT NULL,
  CONSTRAINT "scan_file_pkey" PRIMARY KEY ("scan_id", "position")
);
CREATE UNIQUE INDEX "scan_file_object_id_key" ON "scan_file"("object_id");
CREATE INDEX "scan_file_sha256_idx" ON "scan_file"("sha256");

CREATE TABLE "scan_page" (
  "scan_id" UUID NOT NULL,
  "number" INTEGER NOT NULL,
  "file_position" INTEGER NOT NULL,
  "file_page" INTEGER NOT NULL,
  "measures" JSONB NOT NULL,
  "look" TEXT,
  "access_object_id" UUID,
  "thumbnail_object_id" UUID,
  "reading" JSONB,
  CONSTRAINT "scan_page_pkey" PRIMARY KEY ("scan_id", "number")
);
CREATE INDEX "scan_page_look_idx" ON "scan_page"("look");

-- Append-only: each state a scan came into, when, by whom.
CREATE TABLE "scan_step" (
  "scan_id" UUID NOT NULL,
  "number" INTEGER NOT NULL,
  "state" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "actor_kind" TEXT NOT NULL,
  "actor_id" TEXT,
  "detail" JSONB NOT NULL,
  CONSTRAINT "scan_step_pkey" PRIMARY KEY ("scan_id", "number")
);

-- What a rule proposed for a field and what the clerk kept: the measure of the rules.
CREATE TABLE "scan_reading" (
  "scan_id" UUID NOT NULL,
  "field" TEXT NOT NULL,
  "page" INTEGER,
  "proposed" TEXT,
  "confidence" DOUBLE PRECISION,
  "rule" TEXT,
  "box" JSONB,
  "kept" TEXT,
  "outcome" TEXT NOT NULL,
  CONSTRAINT "scan_reading_pkey" PRIMARY KEY ("scan_id", "field")
);

-- What was read on the pages of a document, for search; derived, made again from the bytes, gone with the document.
CREATE TABLE "document_text" (
  "document_id" UUID NOT NULL,
  "page" INTEGER NOT NULL,
  "text" TEXT NOT NULL,
  "folded" TEXT NOT NULL,
  CONSTRAINT "document_text_pkey" PRIMARY KEY ("document_id", "page")
);
CREATE INDEX "document_text_folded_idx" ON "document_text" USING GIN (to_tsvector('simple', "folded"));

CREATE TABLE "result_code_counter" (
  "prefix" TEXT NOT NULL,
  "last" INTEGER NOT NULL,
  CONSTRAINT "result_code_counter_pkey" PRIMARY KEY ("prefix")
);

ALTER TABLE "scan_file" ADD CONSTRAINT "scan_file_scan_id_fkey" FOREIGN KEY ("scan_id") REFERENCES "scan"("id") ON DELETE CASCADE ON UPDATE RESTRICT;
ALTER TABLE "scan_page" ADD CONSTRAINT "scan_page_scan_id_fkey" FOREIGN KEY ("scan_id") REFERENCES "scan"("id") ON DELETE CASCADE ON UPDATE RESTRICT;
ALTER TABLE "scan_step" ADD CONSTRAINT "scan_step_scan_id_fkey" FOREIGN KEY ("scan_id") REFERENCES "scan"("id") ON DELETE CASCADE ON UPDATE RESTRICT;
ALTER TABLE "scan_reading" ADD CONSTRAINT "scan_reading_scan_id_fkey" FOREIGN KEY ("scan_id") REFERENCES "scan"("id") ON DELETE CASCADE ON UPDATE RESTRICT;
