-- A batch that is taken up again voids what its earlier run left open, found by the documents it had reserved.
CREATE INDEX "signing_intent_document_id_idx" ON "signing_intent" ("document_id");
