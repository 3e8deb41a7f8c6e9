-- Recovery points that are served. What is needed of the point stands here, for an export outlives its point.
CREATE TABLE export (
    id                  uuid PRIMARY KEY,
    name                text        NOT NULL UNIQUE,
    -- OPENING: not answered yet. CLOSING: being removed. Either is finished off at the next start.
    state               text        NOT NULL CHECK (state IN ('OPENING', 'OPEN', 'CLOSING')),
    writable            boolean     NOT NULL,
    overlay_limit_bytes bigint      NOT NULL,
    created_at          timestamptz NOT NULL,
    point_id            uuid        NOT NULL,
    machine_id          uuid        NOT NULL,
    machine_name        text        NOT NULL,
    disk_name           text        NOT NULL,
    instant             timestamptz NOT NULL,
    size_bytes          bigint      NOT NULL,
    root                bytea CHECK (octet_length(root) = 32), -- null: every chunk is zero
    chunk_count         bigint      NOT NULL
);
