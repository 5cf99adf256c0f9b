-- What a scrub found damaged, until it is mended; and how far the round through the log has come.
CREATE TABLE "damaged_object" (
  "key" TEXT NOT NULL,
  "what" TEXT NOT NULL,
  "found_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "damaged_object_pkey" PRIMARY KEY ("key")
);
CREATE TABLE "log_scrub" (
  "id" INTEGER NOT NULL,
  "next_bundle" BIGINT NOT NULL,
  "round_began_at" TIMESTAMPTZ(3) NOT NULL,
  "round_ended_at" TIMESTAMPTZ(3),
  CONSTRAINT "log_scrub_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "log_scrub_single" CHECK ("id" = 1)
);
CREATE INDEX "stored_object_checked_at_id_idx" ON "stored_object" ("checked_at", "id");
