-- Reuse in full: whose papers, previews, statements of what is missing, counter sessions, ways to consent, rights of
-- data subjects and their clocks, and who was told when a paper changed.

ALTER TABLE "reuse_request"
  ADD COLUMN "components" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
  ADD COLUMN "parties" JSONB NOT NULL DEFAULT '[]',
  ADD COLUMN "hints" JSONB NOT NULL DEFAULT '{}',
  ADD COLUMN "given" JSONB NOT NULL DEFAULT '{}',
  ADD COLUMN "preview" TEXT NOT NULL DEFAULT 'none',
  ADD COLUMN "full_view_reason" TEXT,
  ADD COLUMN "needed_until" TIMESTAMPTZ(3),
  ADD COLUMN "session_id" UUID;
ALTER TABLE "reuse_request" ADD CONSTRAINT "reuse_request_preview" CHECK ("preview" IN ('none', 'offered', 'required'));

ALTER TABLE "consent_grant"
  ADD COLUMN "representation_id" UUID,
  ADD COLUMN "assisted_by" TEXT,
  ADD COLUMN "session_id" UUID,
  ADD COLUMN "evidence_id" UUID,
  ADD COLUMN "erase_by" TIMESTAMPTZ(3),
  ADD COLUMN "withdrawn_by" TEXT;
CREATE INDEX "consent_grant_representation_id_idx" ON "consent_grant"("representation_id");

ALTER TABLE "paper_request" ADD COLUMN "owner_id" UUID, ADD COLUMN "procedure_code" TEXT;
CREATE INDEX "paper_request_owner_id_asked_at_idx" ON "paper_request"("owner_id", "asked_at" DESC);

CREATE TABLE "reuse_preview" (
    "request_id" UUID NOT NULL,
    "component_key" TEXT NOT NULL,
    "document_id" UUID NOT NULL,
    "decision" TEXT NOT NULL,
    "decided_by" TEXT NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "reuse_preview_pkey" PRIMARY KEY ("request_id","component_key","document_id"),
    CONSTRAINT "reuse_preview_decision" CHECK ("decision" IN ('use', 'refuse'))
);

CREATE TABLE "not_found_statement" (
    "id" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "dossier_id" UUID NOT NULL,
    "owner_id" UUID,
    "body" JSONB NOT NULL,
    "sha256" TEXT NOT NULL,
    "event_id" UUID NOT NULL,
    "stated_at" TIMESTAMPTZ(3) NOT NULL,
    "sealed" BYTEA,
    "sealed_sha256" TEXT,
    CONSTRAINT "not_found_statement_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "not_found_statement_request_id_idx" ON "not_found_statement"("request_id");
CREATE INDEX "not_found_statement_owner_id_idx" ON "not_found_statement"("owner_id");

CREATE TABLE "digitisation_task" (
    "id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "dossier_id" UUID NOT NULL,
    "owner_id" UUID,
    "component_key" TEXT NOT NULL,
    "type_codes" TEXT[] NOT NULL,
    "statement_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "expected_at" TIMESTAMPTZ(3),
    "document_id" UUID,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "digitisation_task_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "digitisation_task_state" CHECK ("state" IN ('open', 'in-work', 'done', 'cancelled'))
);
CREATE UNIQUE INDEX "digitisation_task_dossier_id_component_key_key" ON "digitisation_task"("dossier_id", "component_key");
CREATE INDEX "digitisation_task_agency_id_state_opened_at_idx" ON "digitisation_task"("agency_id", "state", "opened_at");

CREATE TABLE "counter_session" (
    "id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "dossier_id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "officer_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "identity_checked_at" TIMESTAMPTZ(3) NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "closes_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "ended_because" TEXT,
    CONSTRAINT "counter_session_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "counter_session_officer_id_ended_at_idx" ON "counter_session"("officer_id", "ended_at");
CREATE INDEX "counter_session_dossier_id_idx" ON "counter_session"("dossier_id");

CREATE TABLE "consent_secret" (
    "id" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "request_id" UUID,
    "secret_sha256" BYTEA NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    CONSTRAINT "consent_secret_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "consent_secret_purpose" CHECK ("purpose" IN ('one-time-code', 'qr'))
);
CREATE INDEX "consent_secret_person_id_purpose_made_at_idx" ON "consent_secret"("person_id", "purpose", "made_at" DESC);

CREATE TABLE "consent_evidence" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "request_id" UUID NOT NULL,
    "object_id" UUID NOT NULL,
    "sha256" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "witness_name" TEXT,
    "witness_number" TEXT,
    "taken_by" TEXT NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "consent_evidence_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "consent_evidence_witness" CHECK ("kind" <> 'thumbprint' OR "witness_name" IS NOT NULL)
);

CREATE TABLE "reliance_notice" (
    "id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "dossier_id" UUID NOT NULL,
    "component_key" TEXT NOT NULL,
    "document_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "change" TEXT NOT NULL,
    "successor_id" UUID,
    "event_id" UUID NOT NULL,
    "noticed_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "reliance_notice_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "reliance_notice_agency_id_id_idx" ON "reliance_notice"("agency_id", "id");

CREATE TABLE "data_request" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "on_behalf_of" UUID,
    "kind" TEXT NOT NULL,
    "addressee_id" TEXT NOT NULL,
    "about_event_id" UUID,
    "about_document_id" UUID,
    "about_grant_id" UUID,
    "text" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "acknowledge_by" TIMESTAMPTZ(3) NOT NULL,
    "finish_by" TIMESTAMPTZ(3) NOT NULL,
    "acknowledged_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "answer" TEXT,
    "answered_by" TEXT,
    CONSTRAINT "data_request_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "data_request_kind" CHECK ("kind" IN ('view', 'correct', 'restrict', 'object', 'delete', 'withdraw', 'complain')),
    CONSTRAINT "data_request_state" CHECK ("state" IN ('received', 'acknowledged', 'done', 'refused'))
);
CREATE UNIQUE INDEX "data_request_code_key" ON "data_request"("code");
CREATE INDEX "data_request_person_id_received_at_idx" ON "data_request"("person_id", "received_at" DESC);
CREATE INDEX "data_request_addressee_id_state_received_at_idx" ON "data_request"("addressee_id", "state", "received_at");

-- Days on which offices are closed although they are no weekend, and weekends that were exchanged for working days.
CREATE TABLE "working_calendar" (
    "day" DATE NOT NULL,
    "kind" TEXT NOT NULL,
    "name_vi" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "verified" BOOLEAN NOT NULL,
    CONSTRAINT "working_calendar_pkey" PRIMARY KEY ("day"),
    CONSTRAINT "working_calendar_kind" CHECK ("kind" IN ('holiday', 'working'))
);
INSERT INTO "working_calendar" VALUES
  ('2026-01-01', 'holiday', 'Tết Dương lịch', 'New Year', 'Bộ luật Lao động 2019 Đ.112', true),
  ('2026-02-16', 'holiday', 'Tết Nguyên đán', 'Lunar New Year', 'Bộ luật Lao động 2019 Đ.112; ngày cụ thể cần đối chiếu thông báo', false),
  ('2026-02-17', 'holiday', 'Tết Nguyên đán', 'Lunar New Year', 'Bộ luật Lao động 2019 Đ.112; ngày cụ thể cần đối chiếu thông báo', false),
  ('2026-02-18', 'holiday', 'Tết Nguyên đán', 'Lunar New Year', 'Bộ luật Lao động 2019 Đ.112; ngày cụ thể cần đối chiếu thông báo', false),
  ('2026-02-19', 'holiday', 'Tết Nguyên đán', 'Lunar New Year', 'Bộ luật Lao động 2019 Đ.112; ngày cụ thể cần đối chiếu thông báo', false),
  ('2026-02-20', 'holiday', 'Tết Nguyên đán', 'Lunar New Year', 'Bộ luật Lao động 2019 Đ.112; ngày cụ thể cần đối chiếu thông báo', false),
  ('2026-04-27', 'holiday', 'Nghỉ bù Giỗ Tổ Hùng Vương', 'Hung Kings, day in lieu', 'Bộ luật Lao động 2019 Đ.111, 112', false),
  ('2026-04-30', 'holiday', 'Ngày Chiến thắng', 'Reunification Day', 'Bộ luật Lao động 2019 Đ.112', true),
  ('2026-05-01', 'holiday', 'Ngày Quốc tế lao động', 'Labour Day', 'Bộ luật Lao động 2019 Đ.112', true),
  ('2026-09-01', 'holiday', 'Quốc khánh', 'National Day', 'Bộ luật Lao động 2019 Đ.112; ngày liền kề do Thủ tướng quyết định', false),
  ('2026-09-02', 'holiday', 'Quốc khánh', 'National Day', 'Bộ luật Lao động 2019 Đ.112', true),
  ('2027-01-01', 'holiday', 'Tết Dương lịch', 'New Year', 'Bộ luật Lao động 2019 Đ.112', true),
  ('2027-02-05', 'holiday', 'Tết Nguyên đán', 'Lunar New Year', 'Bộ luật Lao động 2019 Đ.112; ngày cụ thể cần đối chiếu thông báo', false),
  ('2027-02-08', 'holiday', 'Tết Nguyên đán', 'Lunar New Year', 'Bộ luật Lao động 2019 Đ.112; ngày cụ thể cần đối chiếu thông báo', false),
  ('2027-02-09', 'holiday', 'Tết Nguyên đán', 'Lunar New Year', 'Bộ luật Lao động 2019 Đ.112; ngày cụ thể cần đối chiếu thông báo', false),
  ('2027-02-10', 'holiday', 'Tết Nguyên đán', 'Lunar New Year', 'Bộ luật Lao động 2019 Đ.112; ngày cụ thể cần đối chiếu thông báo', false),
  ('2027-04-16', 'holiday', 'Giỗ Tổ Hùng Vương', 'Hung Kings', 'Bộ luật Lao động 2019 Đ.112; ngày cụ thể cần đối chiếu thông báo', false),
  ('2027-04-30', 'holiday', 'Ngày Chiến thắng', 'Reunification Day', 'Bộ luật Lao động 2019 Đ.112', true),
  ('2027-05-03', 'holiday', 'Nghỉ bù Ngày Quốc tế lao động', 'Labour Day, day in lieu', 'Bộ luật Lao động 2019 Đ.111, 112', true),
  ('2027-09-02', 'holiday', 'Quốc khánh', 'National Day', 'Bộ luật Lao động 2019 Đ.112', true),
  ('2027-09-03', 'holiday', 'Quốc khánh', 'National Day', 'Bộ luật Lao động 2019 Đ.112; ngày liền kề do Thủ tướng quyết định', false);
