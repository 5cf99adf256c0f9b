-- Links to other systems: state, questions that wait, cursors.
-- CreateTable
CREATE TABLE "link_state" (
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "last_answer_at" TIMESTAMPTZ(3),
    "fault" TEXT,
    "failures" INTEGER NOT NULL,
    "next_try_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "link_state_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "link_job" (
    "id" UUID NOT NULL,
    "link" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "ask" JSONB NOT NULL,
    "key" TEXT NOT NULL,
    "agency_id" TEXT,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "fault" TEXT,
    "answer" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "link_job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "link_cursor" (
    "name" TEXT NOT NULL,
    "cursor" TEXT,

    CONSTRAINT "link_cursor_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE INDEX "link_job_state_next_at_idx" ON "link_job"("state", "next_at");

-- CreateIndex
CREATE UNIQUE INDEX "link_job_link_key_key" ON "link_job"("link", "key");
