-- What operators set up, and what happened.

CREATE TABLE machine (
    id          uuid PRIMARY KEY,
    name        text        NOT NULL,
    description text,
    source      text        NOT NULL,
    created_at  timestamptz NOT NULL
);
CREATE UNIQUE INDEX machine_name ON machine (lower(name));

CREATE TABLE policy (
    id         uuid PRIMARY KEY,
    name       text        NOT NULL,
    schedule   text        NOT NULL,
    time_zone  text        NOT NULL,
    keep_last  integer     NOT NULL CHECK (keep_last >= 1),
    enabled    boolean     NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX policy_name ON policy (lower(name));

CREATE TABLE policy_machine (
    policy_id  uuid NOT NULL REFERENCES policy ON DELETE CASCADE,
    machine_id uuid NOT NULL REFERENCES machine ON DELETE CASCADE,
    PRIMARY KEY (policy_id, machine_id)
);
CREATE INDEX policy_machine_machine ON policy_machine (machine_id);

-- Runs outlive the machines and policies that they name.
CREATE TABLE run (
    id          uuid PRIMARY KEY,
    kind        text        NOT NULL,
    started_by  text        NOT NULL,
    state       text        NOT NULL,
    machine_id  uuid,
    policy_id   uuid,
    slot        timestamptz,
    created_at  timestamptz NOT NULL,
    finished_at timestamptz,
    document    text        NOT NULL
);
CREATE INDEX run_newest ON run (created_at DESC);
CREATE INDEX run_machine ON run (machine_id, created_at DESC);
-- The claims: whoever inserts first has the run.
CREATE UNIQUE INDEX run_one_backup_per_machine ON run (machine_id) WHERE kind = 'BACKUP' AND state IN ('QUEUED', 'RUNNING');
CREATE UNIQUE INDEX run_one_per_slot ON run (policy_id, machine_id, slot) WHERE slot IS NOT NULL;

-- Which repository was made where, so that a directory that is not mounted is not taken for a new one.
CREATE TABLE repository_location (
    directory     text PRIMARY KEY,
    repository_id uuid        NOT NULL,
    created_at    timestamptz NOT NULL
);
