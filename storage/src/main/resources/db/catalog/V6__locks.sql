-- Which points are locked, for lists; the locks themselves are blobs in the repository.
CREATE TABLE point_lock (
    repository uuid        NOT NULL REFERENCES repository,
    point      uuid        NOT NULL,
    until      timestamptz NOT NULL,
    -- The store itself keeps everything that the point needs until then.
    kept_until timestamptz,
    PRIMARY KEY (repository, point)
);

-- Until when the store refuses to delete the pack.
ALTER TABLE pack ADD COLUMN retained_until timestamptz;
