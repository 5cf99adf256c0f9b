-- Answers already given, and windows in which requests are counted.
CREATE TABLE "idempotency_key" (
  "caller" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "operation" TEXT NOT NULL,
  "request_sha256" BYTEA NOT NULL,
  "claim_token" UUID NOT NULL,
  "claimed_at" TIMESTAMPTZ(3) NOT NULL,
  "settled_at" TIMESTAMPTZ(3),
  "status" INTEGER,
  "body" JSONB,
  CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("caller", "key")
);
CREATE INDEX "idempotency_key_claimed_at_idx" ON "idempotency_key" ("claimed_at");

CREATE TABLE "rate_window" (
  "caller" TEXT NOT NULL,
  "starts_at" TIMESTAMPTZ(3) NOT NULL,
  "count" INTEGER NOT NULL,
  CONSTRAINT "rate_window_pkey" PRIMARY KEY ("caller", "starts_at")
);

-- For tables that only grow: not even the vault's own code rewrites what happened.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
