-- The instance that holds a claim: what a dead one left is taken over at once instead of after its lease.
ALTER TABLE "idempotency_key" ADD COLUMN "instance" INTEGER;
