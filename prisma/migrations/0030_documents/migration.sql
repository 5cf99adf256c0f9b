-- Documents, their bytes and status, and the dossiers they stand in.
CREATE TABLE "document" (
  "id" UUID NOT NULL,
  "type_code" TEXT NOT NULL,
  "issuer_id" TEXT,
  "depositor_id" TEXT,
  "provenance" TEXT NOT NULL,
  "symbol" TEXT,
  "abstract" TEXT,
  "issued_on" DATE,
  "metadata" JSONB NOT NULL,
  "sensitive" BOOLEAN NOT NULL,
  "verification_code" TEXT NOT NULL,
  "external_id" TEXT,
  "deposited_at" TIMESTAMPTZ(3) NOT NULL,
  "erased_at" TIMESTAMPTZ(3),
  CONSTRAINT "document_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "document_verification_code_key" ON "document" ("verification_code");
CREATE UNIQUE INDEX "document_depositor_id_external_id_key" ON "document" ("depositor_id", "external_id");
CREATE INDEX "document_depositor_id_deposited_at_id_idx" ON "document" ("depositor_id", "deposited_at" DESC, "id" DESC);

CREATE TABLE "document_owner" (
  "document_id" UUID NOT NULL,
  "owner_kind" TEXT NOT NULL,
  "owner_id" UUID NOT NULL,
  "type_code" TEXT NOT NULL,
  "issued_on" DATE,
  CONSTRAINT "document_owner_pkey" PRIMARY KEY ("document_id", "owner_id"),
  CONSTRAINT "document_owner_document_id_fkey" FOREIGN KEY ("document_id") REFERENCES "document" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "document_owner_owner_id_type_code_issued_on_document_id_idx" ON "document_owner" ("owner_id", "type_code", "issued_on" DESC, "document_id");

CREATE TABLE "document_version" (
  "id" UUID NOT NULL,
  "document_id" UUID NOT NULL,
  "number" INTEGER NOT NULL,
  "sha256" TEXT NOT NULL,
  "pages" INTEGER NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "document_version_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "document_version_document_id_fkey" FOREIGN KEY ("document_id") REFERENCES "document" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX "document_version_document_id_number_key" ON "document_version" ("document_id", "number");

CREATE TABLE "stored_object" (
  "id" UUID NOT NULL,
  "key" TEXT NOT NULL,
  "store_version_id" TEXT NOT NULL,
  "sha256" TEXT NOT NULL,
  "size" BIGINT NOT NULL,
  "wrapped_key" BYTEA,
  "master_key_id" TEXT NOT NULL,
  "format" TEXT NOT NULL,
  "bound_to" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "destroyed_at" TIMESTAMPTZ(3),
  "checked_at" TIMESTAMPTZ(3),
  CONSTRAINT "stored_object_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "stored_object_key_key" ON "stored_object" ("key");
CREATE INDEX "stored_object_master_key_id_idx" ON "stored_object" ("master_key_id");

CREATE TABLE "rendition" (
  "version_id" UUID NOT NULL,
  "kind" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  "media_type" TEXT NOT NULL,
  "object_id" UUID NOT NULL,
  CONSTRAINT "rendition_pkey" PRIMARY KEY ("version_id", "kind", "position"),
  CONSTRAINT "rendition_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "document_version" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "rendition_object_id_fkey" FOREIGN KEY ("object_id") REFERENCES "stored_object" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX "rendition_object_id_key" ON "rendition" ("object_id");

CREATE TABLE "status_event" (
  "document_id" UUID NOT NULL,
  "number" INTEGER NOT NULL,
  "status" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "actor_kind" TEXT NOT NULL,
  "actor_id" TEXT,
  "agency_id" TEXT,
  "reason" TEXT,
  "decision_number" TEXT,
  "decision_date" DATE,
  "successor_id" UUID,
  CONSTRAINT "status_event_pkey" PRIMARY KEY ("document_id", "number"),
  CONSTRAINT "status_event_document_id_fkey" FOREIGN KEY ("document_id") REFERENCES "document" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE TRIGGER "status_event_append_only" BEFORE UPDATE OR DELETE ON "status_event" FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE "signing_intent" (
  "id" UUID NOT NULL,
  "purpose" TEXT NOT NULL,
  "document_id" UUID NOT NULL,
  "unsigned_sha256" TEXT NOT NULL,
  "certificate_sha256" TEXT NOT NULL,
  "opened_at" TIMESTAMPTZ(3) NOT NULL,
  "closed_at" TIMESTAMPTZ(3),
  "outcome" TEXT,
  CONSTRAINT "signing_intent_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "signing_intent_opened_at_idx" ON "signing_intent" ("opened_at");

CREATE TABLE "signature_record" (
  "version_id" UUID NOT NULL,
  "field_name" TEXT NOT NULL,
  "purpose" TEXT NOT NULL,
  "intent_id" UUID NOT NULL,
  "certificate_sha256" TEXT NOT NULL,
  "level" TEXT NOT NULL,
  "upgrade" TEXT NOT NULL,
  "signed_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "signature_record_pkey" PRIMARY KEY ("version_id", "field_name"),
  CONSTRAINT "signature_record_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "document_version" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX "signature_record_intent_id_key" ON "signature_record" ("intent_id");
CREATE INDEX "signature_record_upgrade_idx" ON "signature_record" ("upgrade");

CREATE TABLE "dossier" (
  "id" UUID NOT NULL,
  "code" TEXT NOT NULL,
  "agency_id" TEXT NOT NULL,
  "procedure_code" TEXT NOT NULL,
  "owner_kind" TEXT NOT NULL,
  "owner_id" UUID NOT NULL,
  "state" TEXT NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL,
  "due_at" TIMESTAMPTZ(3),
  "finished_at" TIMESTAMPTZ(3),
  "revision" INTEGER NOT NULL,
  CONSTRAINT "dossier_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "dossier_code_key" ON "dossier" ("code");
CREATE INDEX "dossier_agency_id_received_at_id_idx" ON "dossier" ("agency_id", "received_at" DESC, "id" DESC);
CREATE INDEX "dossier_owner_id_received_at_idx" ON "dossier" ("owner_id", "received_at" DESC);

CREATE TABLE "dossier_paper" (
  "dossier_id" UUID NOT NULL,
  "document_id" UUID NOT NULL,
  "group" TEXT NOT NULL,
  "component_key" TEXT,
  "result_code" TEXT,
  "added_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "dossier_paper_pkey" PRIMARY KEY ("dossier_id", "document_id"),
  CONSTRAINT "dossier_paper_dossier_id_fkey" FOREIGN KEY ("dossier_id") REFERENCES "dossier" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX "dossier_paper_result_code_key" ON "dossier_paper" ("result_code");
CREATE INDEX "dossier_paper_document_id_idx" ON "dossier_paper" ("document_id");
