-- The catalog is a cache of the repository: every row below can be made again from pack directories and point records.
-- It lives in a schema of its own and can hold several repositories.

CREATE TABLE repository (
    id            uuid PRIMARY KEY,
    -- Raised by every rebuild; a writer that began under an older generation is turned away.
    generation    bigint      NOT NULL DEFAULT 1,
    registered_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE pack (
    id           integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    repository   uuid        NOT NULL REFERENCES repository,
    sha256       bytea       NOT NULL CHECK (octet_length(sha256) = 32),
    kind         smallint    NOT NULL,
    state        text        NOT NULL DEFAULT 'LIVE' CHECK (state IN ('LIVE', 'CONDEMNED', 'DELETED')),
    stored_bytes bigint      NOT NULL,
    chunks       integer     NOT NULL,
    recorded_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (repository, sha256)
);

-- The one large table. The key is the first 16 bytes of the chunk id; the full id stands in pack and map and is checked on
-- reading. Columns are ordered to waste no padding; there is no foreign key on pack because it would cost a look-up a row.
CREATE TABLE chunk (
    pack  integer  NOT NULL,
    frame integer  NOT NULL,
    place smallint NOT NULL,
    key   bytea    NOT NULL PRIMARY KEY
);

CREATE TABLE lease (
    run        uuid PRIMARY KEY,
    repository uuid        NOT NULL REFERENCES repository,
    epoch      bigint      NOT NULL,
    state      text        NOT NULL CHECK (state IN ('ACTIVE', 'ENDED')),
    began_at   timestamptz NOT NULL DEFAULT now(),
    ended_at   timestamptz
);

-- Maps that a run in progress builds on: marked by reclaim even if their point is deleted meanwhile.
CREATE TABLE protected_root (
    run         uuid   NOT NULL REFERENCES lease ON DELETE CASCADE,
    point       uuid   NOT NULL,
    root        bytea,
    chunk_count bigint NOT NULL,
    PRIMARY KEY (run, point)
);

CREATE TABLE point (
    id                  uuid PRIMARY KEY,
    repository          uuid        NOT NULL REFERENCES repository,
    -- PENDING: its record may exist, its run has not committed. DELETING: its record is being removed.
    state               text        NOT NULL CHECK (state IN ('PENDING', 'COMPLETE', 'DELETING')),
    set_id              uuid        NOT NULL,
    run                 uuid        NOT NULL,
    machine_id          uuid        NOT NULL,
    machine_name        text        NOT NULL,
    disk_name           text        NOT NULL,
    instant             timestamptz NOT NULL,
    size_bytes          bigint      NOT NULL,
    root                bytea CHECK (octet_length(root) = 32), -- null: every chunk is zero
    chunk_count         bigint      NOT NULL,
    consistency         text        NOT NULL,
    mode                text        NOT NULL,
    checkpoint_name     text,
    checkpoint_identity text,
    parent_id           uuid,
    read_bytes          bigint      NOT NULL,
    zero_bytes          bigint      NOT NULL,
    new_bytes           bigint      NOT NULL,
    deduplicated_bytes  bigint      NOT NULL,
    stored_bytes        bigint      NOT NULL,
    format_version      integer     NOT NULL
);

CREATE INDEX point_of_machine ON point (repository, machine_id, instant);

-- Point records that a rebuild found and could not take, so that the next opening does not ask for another rebuild.
CREATE TABLE left_out_point (
    repository uuid NOT NULL REFERENCES repository,
    point      uuid NOT NULL,
    reason     text NOT NULL,
    PRIMARY KEY (repository, point)
);
