-- Telling people: notices, messages, how they want to be told.
-- CreateTable
CREATE TABLE "notification" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "event_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "read_at" TIMESTAMPTZ(3),

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outgoing_message" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "notification_id" UUID,
    "channel" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "address" TEXT,
    "master_key_id" TEXT,
    "wrapped" BYTEA,
    "language" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "fault" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "outgoing_message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contact_preference" (
    "person_id" UUID NOT NULL,
    "language" TEXT NOT NULL,
    "email" TEXT,
    "phone" TEXT,
    "by_email" BOOLEAN NOT NULL,
    "by_sms" BOOLEAN NOT NULL,
    "by_app" BOOLEAN NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contact_preference_pkey" PRIMARY KEY ("person_id")
);

-- CreateTable
CREATE TABLE "contact_check" (
    "person_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "master_key_id" TEXT NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "tries_left" INTEGER NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contact_check_pkey" PRIMARY KEY ("person_id","channel")
);

-- CreateIndex
CREATE INDEX "notification_person_id_created_at_idx" ON "notification"("person_id", "created_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "notification_event_id_person_id_key" ON "notification"("event_id", "person_id");

-- CreateIndex
CREATE INDEX "outgoing_message_state_next_at_idx" ON "outgoing_message"("state", "next_at");

-- CreateIndex
CREATE INDEX "outgoing_message_notification_id_idx" ON "outgoing_message"("notification_id");

-- AddForeignKey
ALTER TABLE "outgoing_message" ADD CONSTRAINT "outgoing_message_notification_id_fkey" FOREIGN KEY ("notification_id") REFERENCES "notification"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
