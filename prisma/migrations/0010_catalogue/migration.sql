-- The catalogue: versions of entries by code and first day. What is looked for stands in columns; what belongs to an
-- entry alone (fields, components, successors) stands in "definition", whose shape the module checks.
CREATE TABLE "administrative_unit" (
  "code" TEXT NOT NULL,
  "valid_from" DATE NOT NULL,
  "valid_to" DATE,
  "name_vi" TEXT NOT NULL,
  "name_en" TEXT NOT NULL,
  "code_verified" BOOLEAN NOT NULL,
  "source" TEXT NOT NULL,
  "definition" JSONB NOT NULL,
  CONSTRAINT "administrative_unit_pkey" PRIMARY KEY ("code", "valid_from"),
  CONSTRAINT "administrative_unit_period" CHECK ("valid_to" >= "valid_from")
);

CREATE TABLE "agency" (
  "code" TEXT NOT NULL,
  "valid_from" DATE NOT NULL,
  "valid_to" DATE,
  "name_vi" TEXT NOT NULL,
  "name_en" TEXT NOT NULL,
  "code_verified" BOOLEAN NOT NULL,
  "source" TEXT NOT NULL,
  "definition" JSONB NOT NULL,
  CONSTRAINT "agency_pkey" PRIMARY KEY ("code", "valid_from"),
  CONSTRAINT "agency_period" CHECK ("valid_to" >= "valid_from")
);

CREATE TABLE "document_type" (
  "code" TEXT NOT NULL,
  "valid_from" DATE NOT NULL,
  "valid_to" DATE,
  "name_vi" TEXT NOT NULL,
  "name_en" TEXT NOT NULL,
  "code_verified" BOOLEAN NOT NULL,
  "source" TEXT NOT NULL,
  "definition" JSONB NOT NULL,
  CONSTRAINT "document_type_pkey" PRIMARY KEY ("code", "valid_from"),
  CONSTRAINT "document_type_period" CHECK ("valid_to" >= "valid_from")
);

CREATE TABLE "procedure" (
  "code" TEXT NOT NULL,
  "valid_from" DATE NOT NULL,
  "valid_to" DATE,
  "name_vi" TEXT NOT NULL,
  "name_en" TEXT NOT NULL,
  "code_verified" BOOLEAN NOT NULL,
  "source" TEXT NOT NULL,
  "definition" JSONB NOT NULL,
  CONSTRAINT "procedure_pkey" PRIMARY KEY ("code", "valid_from"),
  CONSTRAINT "procedure_period" CHECK ("valid_to" >= "valid_from")
);

-- One row: how many imports there were. Importers lock it, readers compare it with what they hold in memory.
CREATE TABLE "catalogue_revision" (
  "id" INTEGER NOT NULL,
  "revision" INTEGER NOT NULL,
  "changed_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "catalogue_revision_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "catalogue_revision_single" CHECK ("id" = 1)
);
INSERT INTO "catalogue_revision" ("id", "revision", "changed_at") VALUES (1, 0, now());
