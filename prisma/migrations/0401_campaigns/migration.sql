-- Imports of existing scan archives. A row keeps the id of the scan it becomes from the plan on, so that an import that
-- was killed anywhere goes on without doing anything twice.
CREATE TABLE "campaign" (
  "id" UUID NOT NULL,
  "agency_id" TEXT NOT NULL,
  "operator_id" UUID NOT NULL,
  "station" TEXT NOT NULL,
  "folder" TEXT NOT NULL,
  "manifest_sha256" TEXT NOT NULL,
  "pass_because" TEXT,
  "attest" BOOLEAN NOT NULL,
  "planned_at" TIMESTAMPTZ(3) NOT NULL,
  "finished_at" TIMESTAMPTZ(3),
  CONSTRAINT "campaign_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "campaign_agency_id_manifest_sha256_key" ON "campaign"("agency_id", "manifest_sha256");

CREATE TABLE "campaign_row" (
  "campaign_id" UUID NOT NULL,
  "number" INTEGER NOT NULL,
  "scan_id" UUID NOT NULL,
  "entry" JSONB NOT NULL,
  "state" TEXT NOT NULL,
  "fault" TEXT,
  "pages" INTEGER,
  "changed_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "campaign_row_pkey" PRIMARY KEY ("campaign_id", "number")
);
CREATE UNIQUE INDEX "campaign_row_scan_id_key" ON "campaign_row"("scan_id");
CREATE INDEX "campaign_row_campaign_id_state_number_idx" ON "campaign_row"("campaign_id", "state", "number");

ALTER TABLE "campaign_row" ADD CONSTRAINT "campaign_row_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE RESTRICT;
