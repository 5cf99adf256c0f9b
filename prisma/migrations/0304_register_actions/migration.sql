-- What is decided about papers after they were issued: prepared by one person, approved by another, then carried out.
CREATE TABLE "register_action" (
  "id" UUID NOT NULL,
  "agency_id" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "decision_number" TEXT NOT NULL,
  "decision_date" DATE NOT NULL,
  "authority" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "changes" JSONB NOT NULL,
  "state" TEXT NOT NULL,
  "prepared_by" TEXT NOT NULL,
  "approved_by" TEXT,
  "batch_id" UUID,
  "prepared_at" TIMESTAMPTZ(3) NOT NULL,
  "finished_at" TIMESTAMPTZ(3),
  CONSTRAINT "register_action_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "register_action_agency_id_prepared_at_idx" ON "register_action" ("agency_id", "prepared_at" DESC);

CREATE TABLE "register_action_entry" (
  "action_id" UUID NOT NULL,
  "entry_id" UUID NOT NULL,
  "position" INTEGER NOT NULL,
  "outcome" TEXT,
  CONSTRAINT "register_action_entry_pkey" PRIMARY KEY ("action_id", "entry_id"),
  CONSTRAINT "register_action_entry_action_id_fkey" FOREIGN KEY ("action_id") REFERENCES "register_action" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "register_action_entry_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "register_entry" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);

ALTER TABLE "issue_batch" ADD COLUMN "action_id" UUID;
ALTER TABLE "issue_item" ADD COLUMN "replaces" UUID;
