-- Erasure by decision: one officer orders it, another of the agency carries it out. Reasons are words of a closed list.
CREATE TABLE "erasure_order" (
  "id" UUID NOT NULL,
  "document_id" UUID NOT NULL,
  "agency_id" TEXT NOT NULL,
  "basis" TEXT NOT NULL,
  "decision_number" TEXT NOT NULL,
  "decision_date" DATE NOT NULL,
  "ordered_by" UUID NOT NULL,
  "ordered_at" TIMESTAMPTZ(3) NOT NULL,
  "state" TEXT NOT NULL,
  "decided_by" UUID,
  "decided_at" TIMESTAMPTZ(3),
  CONSTRAINT "erasure_order_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "erasure_order_document_id_fkey" FOREIGN KEY ("document_id") REFERENCES "document" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "erasure_order_document_id_idx" ON "erasure_order" ("document_id");
CREATE INDEX "erasure_order_agency_id_state_ordered_at_idx" ON "erasure_order" ("agency_id", "state", "ordered_at" DESC);

-- Standing stays append-only, but for one thing: the words of a reason may go when their document is erased.
CREATE FUNCTION refuse_change_but_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.reason IS NULL AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER "status_event_append_only" ON "status_event";
CREATE TRIGGER "status_event_append_only" BEFORE UPDATE OR DELETE ON "status_event" FOR EACH ROW EXECUTE FUNCTION refuse_change_but_erasure();
