-- Rows of a table that were not taken: kept beside the good ones until they are mended or left out.
ALTER TABLE "issue_batch" ADD COLUMN "decision_number" TEXT;
ALTER TABLE "issue_batch" ADD COLUMN "heading" JSONB NOT NULL DEFAULT '[]';
ALTER TABLE "issue_batch" ADD COLUMN "mended_by" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];
CREATE TABLE "issue_faulty_row" (
  "batch_id" UUID NOT NULL,
  "row" INTEGER NOT NULL,
  "cells" JSONB NOT NULL,
  "faults" JSONB NOT NULL,
  CONSTRAINT "issue_faulty_row_pkey" PRIMARY KEY ("batch_id", "row"),
  CONSTRAINT "issue_faulty_row_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "issue_batch" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
