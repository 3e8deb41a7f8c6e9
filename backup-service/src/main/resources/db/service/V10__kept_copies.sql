-- For how many days a copy stays after its original was deleted; null: for ever.
ALTER TABLE copy_target ADD COLUMN keep_days integer DEFAULT 30 CHECK (keep_days BETWEEN 0 AND 36500);

-- Points that somebody, or retention, deleted. One that is only missing was not.
CREATE TABLE deleted_original (
    repository_id uuid        NOT NULL REFERENCES repository ON DELETE CASCADE,
    point_id      uuid        NOT NULL,
    deleted_at    timestamptz NOT NULL,
    PRIMARY KEY (repository_id, point_id)
);
