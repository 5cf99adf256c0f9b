-- The ledger: append-only by trigger, so that not even the vault's own code rewrites what happened.
CREATE TABLE "ledger_event" (
  "id" UUID NOT NULL,
  "type" TEXT NOT NULL,
  "occurred_at" TIMESTAMPTZ(3) NOT NULL,
  "actor_kind" TEXT NOT NULL,
  "actor_id" TEXT,
  "agency_id" TEXT,
  "document_id" UUID,
  "dossier_id" UUID,
  "owner_id" UUID,
  "request_id" TEXT,
  "outcome" TEXT NOT NULL,
  "detail" JSONB NOT NULL,
  "salt" BYTEA NOT NULL,
  CONSTRAINT "ledger_event_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "ledger_event_document_id_occurred_at_id_idx" ON "ledger_event" ("document_id", "occurred_at" DESC, "id" DESC);
CREATE INDEX "ledger_event_agency_id_occurred_at_id_idx" ON "ledger_event" ("agency_id", "occurred_at" DESC, "id" DESC);

CREATE TABLE "event_subject" (
  "owner_id" UUID NOT NULL,
  "occurred_at" TIMESTAMPTZ(3) NOT NULL,
  "event_id" UUID NOT NULL,
  CONSTRAINT "event_subject_pkey" PRIMARY KEY ("owner_id", "occurred_at", "event_id"),
  CONSTRAINT "event_subject_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "ledger_event" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "event_subject_event_id_idx" ON "event_subject" ("event_id");

CREATE TRIGGER "ledger_event_append_only" BEFORE UPDATE OR DELETE ON "ledger_event" FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "event_subject_append_only" BEFORE UPDATE OR DELETE ON "event_subject" FOR EACH ROW EXECUTE FUNCTION refuse_change();
