-- What the reuse check reads: one row an owner and paper, with everything an outcome is judged by, so that a check reads
-- one stretch of one index however many documents there are. Kept by triggers in the transaction of what changes.

CREATE TABLE "owned_paper" (
    "owner_id" UUID NOT NULL,
    "type_code" TEXT NOT NULL,
    "document_id" UUID NOT NULL,
    "facts" JSONB NOT NULL,
    CONSTRAINT "owned_paper_pkey" PRIMARY KEY ("owner_id","type_code","document_id")
);
CREATE INDEX "owned_paper_document_id_idx" ON "owned_paper"("document_id");

CREATE FUNCTION owned_paper_refresh(ids uuid[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO owned_paper (owner_id, type_code, document_id, facts)
  SELECT w.owner_id, w.type_code, d.id, jsonb_build_object(
    'id', d.id, 'typeCode', d.type_code, 'issuerId', d.issuer_id, 'depositorId', d.depositor_id, 'provenance', d.provenance,
    'symbol', d.symbol, 'abstract', d.abstract, 'issuedOn', d.issued_on, 'metadata', d.metadata, 'sensitive', d.sensitive,
    'verificationCode', d.verification_code, 'depositedAt', d.deposited_at,
    'owners', (SELECT jsonb_agg(jsonb_build_object('kind', o.owner_kind, 'id', o.owner_id) ORDER BY o.owner_id)
               FROM document_owner o WHERE o.document_id = d.id),
    'status', jsonb_build_object('number', s.number, 'status', s.status, 'at', s.at, 'reason', s.reason,
      'decisionNumber', s.decision_number, 'decisionDate', s.decision_date, 'successorId', s.successor_id),
    'version', jsonb_build_object('id', v.id, 'number', v.number, 'sha256', v.sha256, 'pages', v.pages, 'createdAt', v.created_at))
  FROM document d
  JOIN document_owner w ON w.document_id = d.id
  CROSS JOIN LATERAL (SELECT * FROM status_event e WHERE e.document_id = d.id ORDER BY e.number DESC LIMIT 1) s
  CROSS JOIN LATERAL (SELECT * FROM document_version e WHERE e.document_id = d.id ORDER BY e.number DESC LIMIT 1) v
  WHERE d.id = ANY (ids) AND d.erased_at IS NULL
  ON CONFLICT (owner_id, type_code, document_id) DO UPDATE SET facts = excluded.facts
$$;

CREATE FUNCTION owned_paper_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM owned_paper_refresh(ARRAY(SELECT DISTINCT document_id FROM fresh));
  RETURN NULL;
END $$;
CREATE FUNCTION owned_paper_follow_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM owned_paper WHERE document_id = NEW.id AND NEW.erased_at IS NOT NULL;
  PERFORM owned_paper_refresh(ARRAY[NEW.id]);
  RETURN NULL;
END $$;

CREATE TRIGGER owned_paper_status AFTER INSERT ON status_event
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION owned_paper_follow();
CREATE TRIGGER owned_paper_version AFTER INSERT ON document_version
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION owned_paper_follow();
CREATE TRIGGER owned_paper_owner AFTER INSERT ON document_owner
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION owned_paper_follow();
CREATE TRIGGER owned_paper_document AFTER UPDATE ON document
  FOR EACH ROW EXECUTE FUNCTION owned_paper_follow_document();

SELECT owned_paper_refresh(ARRAY(SELECT id FROM document));
