-- Systems that ask people: where answers go, and requests that wait for a person's answer.
ALTER TABLE "machine_client" ADD COLUMN "asks_people" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "machine_client" ADD COLUMN "redirect_uris" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];

CREATE TABLE "access_request" (
  "id" UUID NOT NULL,
  "auth_req_id" TEXT NOT NULL,
  "client_id" TEXT NOT NULL,
  "person_id" UUID NOT NULL,
  "binding_message" TEXT,
  "scope" TEXT NOT NULL,
  "details" JSONB NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "access_request_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "access_request_client_id_fkey" FOREIGN KEY ("client_id") REFERENCES "machine_client" ("client_id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "access_request_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "access_request_person_id_idx" ON "access_request" ("person_id");
CREATE INDEX "access_request_expires_at_idx" ON "access_request" ("expires_at");

-- What a person has allowed, and what a client holds, are looked up by these.
CREATE INDEX "oidc_payload_grant_account_idx" ON "oidc_payload" ((payload->>'accountId')) WHERE model = 'Grant';
CREATE INDEX "oidc_payload_token_client_idx" ON "oidc_payload" ((payload->>'clientId')) WHERE model IN ('ClientCredentials', 'AccessToken');
