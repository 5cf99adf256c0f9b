-- Batches of papers to issue: the table a clerk sent, row by row, with how far each row is.
CREATE TABLE "issue_batch" (
  "id" UUID NOT NULL,
  "agency_id" TEXT NOT NULL,
  "document_type" TEXT NOT NULL,
  "template_code" TEXT NOT NULL,
  "template_version" INTEGER NOT NULL,
  "book_id" UUID NOT NULL,
  "state" TEXT NOT NULL,
  "issued_on" DATE NOT NULL,
  "place" TEXT NOT NULL,
  "signer_title" TEXT NOT NULL,
  "signer_name" TEXT NOT NULL,
  "decision_date" DATE,
  "total" INTEGER NOT NULL,
  "prepared_by" TEXT NOT NULL,
  "approved_by" TEXT,
  "prepared_at" TIMESTAMPTZ(3) NOT NULL,
  "approved_at" TIMESTAMPTZ(3),
  "finished_at" TIMESTAMPTZ(3),
  "problem" TEXT,
  CONSTRAINT "issue_batch_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "issue_batch_book_id_fkey" FOREIGN KEY ("book_id") REFERENCES "register_book" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "issue_batch_agency_id_prepared_at_idx" ON "issue_batch" ("agency_id", "prepared_at" DESC);

CREATE TABLE "issue_item" (
  "batch_id" UUID NOT NULL,
  "row" INTEGER NOT NULL,
  "state" TEXT NOT NULL,
  "fields" JSONB NOT NULL,
  "owner_id" UUID,
  "document_id" UUID,
  "entry_id" UUID,
  "verification_code" TEXT,
  "problem" TEXT,
  CONSTRAINT "issue_item_pkey" PRIMARY KEY ("batch_id", "row"),
  CONSTRAINT "issue_item_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "issue_batch" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "issue_item_batch_id_state_row_idx" ON "issue_item" ("batch_id", "state", "row");
