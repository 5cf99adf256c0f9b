-- Who: persons and organisations, those who act for them, accounts, roles, sessions, machine clients, OAuth state.
CREATE TABLE "person" (
  "id" UUID NOT NULL,
  "personal_number" TEXT,
  "full_name" TEXT NOT NULL,
  "birth_date" DATE,
  "gender" TEXT,
  "nationality" TEXT NOT NULL,
  "old_numbers" TEXT[] NOT NULL,
  "passport_number" TEXT,
  "deceased_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "person_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "person_personal_number_check" CHECK ("personal_number" ~ '^[0-9]{12}$'),
  CONSTRAINT "person_gender_check" CHECK ("gender" IN ('male', 'female', 'other'))
);
CREATE UNIQUE INDEX "person_personal_number_key" ON "person" ("personal_number");
CREATE INDEX "person_old_numbers_idx" ON "person" USING GIN ("old_numbers");
CREATE INDEX "person_passport_number_idx" ON "person" ("passport_number");

CREATE TABLE "organisation" (
  "id" UUID NOT NULL,
  "registration_number" TEXT NOT NULL,
  "tax_number" TEXT,
  "name" TEXT NOT NULL,
  "agency_id" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "closed_at" TIMESTAMPTZ(3),
  CONSTRAINT "organisation_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "organisation_registration_number_key" ON "organisation" ("registration_number");
CREATE INDEX "organisation_tax_number_idx" ON "organisation" ("tax_number");

CREATE TABLE "representation" (
  "id" UUID NOT NULL,
  "principal_kind" TEXT NOT NULL,
  "principal_id" UUID NOT NULL,
  "representative_id" UUID NOT NULL,
  "kind" TEXT NOT NULL,
  "document_types" TEXT[] NOT NULL,
  "valid_from" TIMESTAMPTZ(3) NOT NULL,
  "valid_until" TIMESTAMPTZ(3),
  "basis" TEXT NOT NULL,
  "appointed_by" UUID,
  "ended_at" TIMESTAMPTZ(3),
  "ended_because" TEXT,
  CONSTRAINT "representation_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "representation_principal_kind_check" CHECK ("principal_kind" IN ('person', 'organisation')),
  CONSTRAINT "representation_kind_check" CHECK ("kind" IN ('legal', 'delegate', 'guardian', 'parent', 'heir')),
  CONSTRAINT "representation_representative_id_fkey" FOREIGN KEY ("representative_id") REFERENCES "person" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "representation_appointed_by_fkey" FOREIGN KEY ("appointed_by") REFERENCES "representation" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "representation_representative_id_idx" ON "representation" ("representative_id");
CREATE INDEX "representation_principal_id_idx" ON "representation" ("principal_id");

CREATE TABLE "account" (
  "id" UUID NOT NULL,
  "issuer" TEXT NOT NULL,
  "subject" TEXT,
  "person_id" UUID NOT NULL,
  "status" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "last_sign_in_at" TIMESTAMPTZ(3),
  CONSTRAINT "account_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "account_status_check" CHECK ("status" IN ('active', 'disabled')),
  CONSTRAINT "account_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX "account_issuer_subject_key" ON "account" ("issuer", "subject");
CREATE INDEX "account_person_id_idx" ON "account" ("person_id");

CREATE TABLE "role_assignment" (
  "id" UUID NOT NULL,
  "account_id" UUID NOT NULL,
  "agency_id" TEXT NOT NULL,
  "role" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "covers_id" UUID,
  "valid_from" TIMESTAMPTZ(3) NOT NULL,
  "valid_until" TIMESTAMPTZ(3),
  "granted_by" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "ended_at" TIMESTAMPTZ(3),
  "ended_by" TEXT,
  CONSTRAINT "role_assignment_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "role_assignment_kind_check" CHECK ("kind" IN ('regular', 'leave-cover', 'break-glass')),
  CONSTRAINT "role_assignment_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "role_assignment_covers_id_fkey" FOREIGN KEY ("covers_id") REFERENCES "role_assignment" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "role_assignment_account_id_idx" ON "role_assignment" ("account_id");
CREATE INDEX "role_assignment_agency_id_idx" ON "role_assignment" ("agency_id");

CREATE TABLE "session" (
  "id" UUID NOT NULL,
  "token_sha256" BYTEA NOT NULL,
  "account_id" UUID NOT NULL,
  "assurance" INTEGER NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "session_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "session_assurance_check" CHECK ("assurance" IN (1, 2)),
  CONSTRAINT "session_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account" ("id") ON DELETE CASCADE ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX "session_token_sha256_key" ON "session" ("token_sha256");
CREATE INDEX "session_account_id_idx" ON "session" ("account_id");
CREATE INDEX "session_expires_at_idx" ON "session" ("expires_at");

CREATE TABLE "sign_in_attempt" (
  "token_sha256" BYTEA NOT NULL,
  "state" TEXT NOT NULL,
  "nonce" TEXT NOT NULL,
  "code_verifier" TEXT NOT NULL,
  "return_to" TEXT NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "sign_in_attempt_pkey" PRIMARY KEY ("token_sha256")
);
CREATE INDEX "sign_in_attempt_expires_at_idx" ON "sign_in_attempt" ("expires_at");

CREATE TABLE "machine_client" (
  "client_id" TEXT NOT NULL,
  "agency_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "jwks" JSONB NOT NULL,
  "scopes" TEXT[] NOT NULL,
  "dpop_required" BOOLEAN NOT NULL,
  "registered_by" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "disabled_at" TIMESTAMPTZ(3),
  CONSTRAINT "machine_client_pkey" PRIMARY KEY ("client_id")
);
CREATE INDEX "machine_client_agency_id_idx" ON "machine_client" ("agency_id");

CREATE TABLE "oidc_payload" (
  "model" TEXT NOT NULL,
  "id_sha256" BYTEA NOT NULL,
  "payload" JSONB NOT NULL,
  "grant_sha256" BYTEA,
  "uid_sha256" BYTEA,
  "user_code_sha256" BYTEA,
  "consumed_at" TIMESTAMPTZ(3),
  "expires_at" TIMESTAMPTZ(3),
  CONSTRAINT "oidc_payload_pkey" PRIMARY KEY ("model", "id_sha256")
);
CREATE INDEX "oidc_payload_grant_sha256_idx" ON "oidc_payload" ("grant_sha256");
CREATE INDEX "oidc_payload_uid_sha256_idx" ON "oidc_payload" ("uid_sha256");
CREATE INDEX "oidc_payload_user_code_sha256_idx" ON "oidc_payload" ("user_code_sha256");
CREATE INDEX "oidc_payload_expires_at_idx" ON "oidc_payload" ("expires_at");

CREATE TABLE "bootstrap_token" (
  "token_sha256" BYTEA NOT NULL,
  "agency_id" TEXT NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "bootstrap_token_pkey" PRIMARY KEY ("token_sha256")
);
