-- Figures of settled dossiers are counted by agency and month.
CREATE INDEX "dossier_agency_id_finished_at_idx" ON "dossier" ("agency_id", "finished_at");
