-- Leaves in their place, a run a row: all that one step put into one bundle. One row for up to 256 leaves costs a
-- third of a row a leaf, and its bytes are those of the bundle.
CREATE TABLE "log_run" (
  "first" BIGINT NOT NULL,
  "count" INTEGER NOT NULL,
  "event_ids" UUID[] NOT NULL,
  "leaves" BYTEA NOT NULL,
  "newest" UUID NOT NULL,
  CONSTRAINT "log_run_pkey" PRIMARY KEY ("first"),
  CONSTRAINT "log_run_in_one_bundle" CHECK ("count" BETWEEN 1 AND 256 AND "first" / 256 = ("first" + "count" - 1) / 256)
);
-- Hashes do not compress, and a piece of them is read without the rest.
ALTER TABLE "log_run" ALTER COLUMN "event_ids" SET STORAGE EXTERNAL, ALTER COLUMN "leaves" SET STORAGE EXTERNAL;

INSERT INTO "log_run" ("first", "count", "event_ids", "leaves", "newest")
SELECT min("leaf_index"), count(*)::int, array_agg("event_id" ORDER BY "leaf_index"),
       string_agg(substring(int4send(length("leaf")) FROM 3) || "leaf", ''::bytea ORDER BY "leaf_index"),
       max("event_id"::text COLLATE "C")::uuid
FROM "log_leaf" GROUP BY "leaf_index" / 256;
DROP TABLE "log_leaf";

-- Event ids grow with time: the run of an event is among the first whose newest event is not older.
CREATE INDEX "log_run_newest_idx" ON "log_run" ("newest");
CREATE TRIGGER "log_run_append_only" BEFORE UPDATE OR DELETE ON "log_run" FOR EACH ROW EXECUTE FUNCTION refuse_log_change();
