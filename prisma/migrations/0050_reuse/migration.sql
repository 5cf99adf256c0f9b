-- Requests to reuse papers, consents, reliance, and paper asked for all the same.
-- CreateTable
CREATE TABLE "reuse_request" (
    "id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "procedure_code" TEXT NOT NULL,
    "dossier_id" UUID NOT NULL,
    "owner_id" UUID,
    "basis" TEXT NOT NULL,
    "article" TEXT,
    "purpose" TEXT NOT NULL,
    "view" TEXT NOT NULL,
    "conditions" JSONB NOT NULL,
    "match" JSONB NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reuse_request_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reuse_item" (
    "request_id" UUID NOT NULL,
    "component_key" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "document_id" UUID,
    "answered_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reuse_item_pkey" PRIMARY KEY ("request_id","component_key")
);

-- CreateTable
CREATE TABLE "consent_grant" (
    "id" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "component_key" TEXT NOT NULL,
    "owner_id" UUID NOT NULL,
    "document_id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "dossier_id" UUID NOT NULL,
    "view" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "single_use" BOOLEAN NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "valid_until" TIMESTAMPTZ(3) NOT NULL,
    "answered_at" TIMESTAMPTZ(3),
    "withdrawn_at" TIMESTAMPTZ(3),
    "used_at" TIMESTAMPTZ(3),
    "method" TEXT,
    "answered_by" UUID,
    "text_version" TEXT NOT NULL,
    "text_sha256" TEXT NOT NULL,
    "language" TEXT,

    CONSTRAINT "consent_grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reliance" (
    "dossier_id" UUID NOT NULL,
    "component_key" TEXT NOT NULL,
    "document_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "grant_id" UUID,
    "relied_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reliance_pkey" PRIMARY KEY ("dossier_id","component_key","version_id")
);

-- CreateTable
CREATE TABLE "paper_request" (
    "id" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "component_key" TEXT NOT NULL,
    "agency_id" TEXT NOT NULL,
    "reason_code" TEXT NOT NULL,
    "note" TEXT,
    "actor_id" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "paper_request_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "reuse_request_dossier_id_idx" ON "reuse_request"("dossier_id");

-- CreateIndex
CREATE INDEX "consent_grant_owner_id_state_asked_at_idx" ON "consent_grant"("owner_id", "state", "asked_at" DESC);

-- CreateIndex
CREATE INDEX "consent_grant_request_id_component_key_idx" ON "consent_grant"("request_id", "component_key");

-- CreateIndex
CREATE INDEX "consent_grant_document_id_idx" ON "consent_grant"("document_id");

-- CreateIndex
CREATE INDEX "reliance_document_id_idx" ON "reliance"("document_id");

-- CreateIndex
CREATE INDEX "paper_request_agency_id_asked_at_idx" ON "paper_request"("agency_id", "asked_at");

-- AddForeignKey
ALTER TABLE "reuse_item" ADD CONSTRAINT "reuse_item_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "reuse_request"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "consent_grant" ADD CONSTRAINT "consent_grant_request_id_fkey" FOREIGN KEY ("request_id") REFERENCES "reuse_request"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
