-- Scanned pages of paper registers, beside the entries that were read from them.
CREATE TABLE "register_scan" (
  "book_id" UUID NOT NULL,
  "page" INTEGER NOT NULL,
  "object_id" UUID NOT NULL,
  "media_type" TEXT NOT NULL,
  "added_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "register_scan_pkey" PRIMARY KEY ("book_id", "page"),
  CONSTRAINT "register_scan_book_id_fkey" FOREIGN KEY ("book_id") REFERENCES "register_book" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "register_scan_object_id_fkey" FOREIGN KEY ("object_id") REFERENCES "stored_object" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX "register_scan_object_id_key" ON "register_scan" ("object_id");
-- Who asked for a copy, and how they stand to the holder (NĐ 23/2015/NĐ-CP art. 16).
CREATE TABLE "register_copy_request" (
  "entry_id" UUID NOT NULL,
  "requester" TEXT NOT NULL,
  "relation" TEXT NOT NULL,
  "quantity" INTEGER NOT NULL,
  "asked_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "register_copy_request_pkey" PRIMARY KEY ("entry_id"),
  CONSTRAINT "register_copy_request_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "register_entry" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
