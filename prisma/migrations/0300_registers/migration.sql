-- Registers (sổ gốc). A book's counter is raised in the transaction that writes the entry, under the lock of the book's
-- row: an entry that does not commit leaves no gap. Entries, annotations and closed pages are append-only by trigger.
CREATE TABLE "register_book" (
  "id" UUID NOT NULL,
  "agency_id" TEXT NOT NULL,
  "document_type" TEXT NOT NULL,
  "year" INTEGER NOT NULL,
  "kind" TEXT NOT NULL,
  "series" TEXT NOT NULL,
  "number_format" TEXT NOT NULL,
  "entries_per_page" INTEGER NOT NULL,
  "state" TEXT NOT NULL,
  "last_number" INTEGER NOT NULL,
  "opened_at" TIMESTAMPTZ(3) NOT NULL,
  "closed_at" TIMESTAMPTZ(3),
  CONSTRAINT "register_book_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "register_book_counts" CHECK ("last_number" >= 0 AND "entries_per_page" > 0)
);
CREATE UNIQUE INDEX "register_book_agency_id_document_type_year_kind_series_key" ON "register_book" ("agency_id", "document_type", "year", "kind", "series");

CREATE TABLE "register_entry" (
  "id" UUID NOT NULL,
  "book_id" UUID NOT NULL,
  "number" INTEGER NOT NULL,
  "label" TEXT NOT NULL,
  "page" INTEGER NOT NULL,
  "entered_on" DATE NOT NULL,
  "holder_id" UUID,
  "document_id" UUID,
  "copy_of" UUID,
  "fields" JSONB NOT NULL,
  "search_name" TEXT,
  "digest" TEXT NOT NULL,
  "entered_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "register_entry_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "register_entry_book_id_fkey" FOREIGN KEY ("book_id") REFERENCES "register_book" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "register_entry_copy_of_fkey" FOREIGN KEY ("copy_of") REFERENCES "register_entry" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX "register_entry_book_id_number_key" ON "register_entry" ("book_id", "number");
CREATE UNIQUE INDEX "register_entry_book_id_label_key" ON "register_entry" ("book_id", "label");
CREATE UNIQUE INDEX "register_entry_document_id_key" ON "register_entry" ("document_id");
CREATE INDEX "register_entry_holder_id_idx" ON "register_entry" ("holder_id");
CREATE INDEX "register_entry_copy_of_idx" ON "register_entry" ("copy_of");
CREATE INDEX "register_entry_search_name_idx" ON "register_entry" ("search_name");

CREATE TABLE "register_annotation" (
  "id" UUID NOT NULL,
  "entry_id" UUID NOT NULL,
  "number" INTEGER NOT NULL,
  "kind" TEXT NOT NULL,
  "decision_number" TEXT,
  "decision_date" DATE,
  "authority" TEXT,
  "reason" TEXT NOT NULL,
  "changes" JSONB NOT NULL,
  "new_entry_id" UUID,
  "on_date" DATE NOT NULL,
  "digest" TEXT NOT NULL,
  "written_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "register_annotation_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "register_annotation_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "register_entry" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX "register_annotation_entry_id_number_key" ON "register_annotation" ("entry_id", "number");

CREATE TABLE "register_page" (
  "book_id" UUID NOT NULL,
  "page" INTEGER NOT NULL,
  "digest" TEXT NOT NULL,
  "previous" TEXT,
  "entries" INTEGER NOT NULL,
  "signature" BYTEA NOT NULL,
  "closed_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "register_page_pkey" PRIMARY KEY ("book_id", "page"),
  CONSTRAINT "register_page_book_id_fkey" FOREIGN KEY ("book_id") REFERENCES "register_book" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);

CREATE FUNCTION refuse_register_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "register_entry_append_only" BEFORE UPDATE OR DELETE ON "register_entry" FOR EACH ROW EXECUTE FUNCTION refuse_register_change();
CREATE TRIGGER "register_annotation_append_only" BEFORE UPDATE OR DELETE ON "register_annotation" FOR EACH ROW EXECUTE FUNCTION refuse_register_change();
CREATE TRIGGER "register_page_append_only" BEFORE UPDATE OR DELETE ON "register_page" FOR EACH ROW EXECUTE FUNCTION refuse_register_change();

-- A book's counter only grows and a closed book stays closed, whatever the code asks.
CREATE FUNCTION guard_register_book() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.last_number < OLD.last_number OR (OLD.state <> 'open' AND NEW IS DISTINCT FROM OLD) THEN
    RAISE EXCEPTION 'a register book only grows' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "register_book_guard" BEFORE UPDATE OR DELETE ON "register_book" FOR EACH ROW EXECUTE FUNCTION guard_register_book();
