-- Processes of the service, the newest of each home, which is the data directory. Each start is a node of its own.
CREATE TABLE node (
    id         uuid PRIMARY KEY,
    name       text        NOT NULL,
    home       uuid        NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at    timestamptz NOT NULL DEFAULT now(),
    -- Ended nodes never come back: a process that was taken for dead goes on as another node.
    ended_at   timestamptz,
    -- Ended by others, because it was silent for too long.
    lost       boolean     NOT NULL DEFAULT false
);

-- Null: begun by a release that knew no nodes.
ALTER TABLE run ADD COLUMN node uuid;
ALTER TABLE run ADD COLUMN cancel_requested boolean NOT NULL DEFAULT false;
-- What one run does at a time, on whatever node. Null: anything else.
ALTER TABLE run ADD COLUMN sole text;
CREATE UNIQUE INDEX run_sole ON run (sole) WHERE state IN ('QUEUED', 'RUNNING');
CREATE INDEX run_active ON run (node) WHERE state IN ('QUEUED', 'RUNNING');
-- Every node asks for the newest rebuild every few seconds.
CREATE INDEX run_newest_of_kind ON run (kind, finished_at DESC);

-- Whose data directory has the overlay. Null: opened by a release that knew no nodes; the first node to start takes it.
ALTER TABLE export ADD COLUMN home uuid;
