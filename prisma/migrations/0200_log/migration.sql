-- The Merkle log: leaves that wait, leaves in their place, roots decided, and the reasons to stop.
CREATE TABLE "log_queue" (
  "position" BIGSERIAL NOT NULL,
  "event_id" UUID NOT NULL,
  "leaf" BYTEA NOT NULL,
  CONSTRAINT "log_queue_pkey" PRIMARY KEY ("position")
);

CREATE TABLE "log_leaf" (
  "leaf_index" BIGINT NOT NULL,
  "event_id" UUID NOT NULL,
  "leaf" BYTEA NOT NULL,
  CONSTRAINT "log_leaf_pkey" PRIMARY KEY ("leaf_index")
);
CREATE UNIQUE INDEX "log_leaf_event_id_key" ON "log_leaf" ("event_id");

-- One row. `fence` grows with each sequencer, so that one that lost its lock can change nothing any more.
CREATE TABLE "log_state" (
  "origin" TEXT NOT NULL,
  "fence" BIGINT NOT NULL,
  "size" BIGINT NOT NULL,
  "root" BYTEA NOT NULL,
  CONSTRAINT "log_state_pkey" PRIMARY KEY ("origin")
);
CREATE UNIQUE INDEX "log_state_single" ON "log_state" ((true));

-- A row is the intent to sign this root for this size; the key makes a second root of one size impossible.
CREATE TABLE "log_checkpoint" (
  "size" BIGINT NOT NULL,
  "root" BYTEA NOT NULL,
  "decided_at" TIMESTAMPTZ(3) NOT NULL,
  "note" TEXT,
  "cosignatures" TEXT NOT NULL DEFAULT '',
  CONSTRAINT "log_checkpoint_pkey" PRIMARY KEY ("size")
);

CREATE TABLE "log_refusal" (
  "id" UUID NOT NULL,
  "raised_at" TIMESTAMPTZ(3) NOT NULL,
  "kind" TEXT NOT NULL,
  "detail" TEXT NOT NULL,
  CONSTRAINT "log_refusal_pkey" PRIMARY KEY ("id")
);

-- No event, hence no answer, while the log is in doubt.
CREATE FUNCTION refuse_while_log_in_doubt() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  reason TEXT;
BEGIN
  SELECT "kind" || ': ' || "detail" INTO reason FROM "log_refusal" ORDER BY "raised_at" LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'the log refuses writes: %', reason USING ERRCODE = 'MLLOG';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "log_queue_in_doubt" BEFORE INSERT ON "log_queue" FOR EACH STATEMENT EXECUTE FUNCTION refuse_while_log_in_doubt();

CREATE FUNCTION refuse_log_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "log_leaf_append_only" BEFORE UPDATE OR DELETE ON "log_leaf" FOR EACH ROW EXECUTE FUNCTION refuse_log_change();
CREATE FUNCTION refuse_other_root() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."size" <> OLD."size" OR NEW."root" <> OLD."root" OR (OLD."note" IS NOT NULL AND NEW."note" IS DISTINCT FROM OLD."note") THEN
    RAISE EXCEPTION 'a checkpoint of size % is decided', OLD."size" USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "log_checkpoint_one_root" BEFORE UPDATE ON "log_checkpoint" FOR EACH ROW EXECUTE FUNCTION refuse_other_root();
CREATE TRIGGER "log_checkpoint_no_delete" BEFORE DELETE ON "log_checkpoint" FOR EACH ROW EXECUTE FUNCTION refuse_log_change();
