-- When the pack was last read from its first byte to its last and compared with its name; null: not since it was written, or since the catalog was rebuilt.
ALTER TABLE pack ADD COLUMN checked_at timestamptz;
-- What is wrong with it, names joined by commas; null: nothing that is known.
ALTER TABLE pack ADD COLUMN damage text;
ALTER TABLE pack ADD COLUMN damage_found_at timestamptz;

-- A scrub of everything that has not come to its end: what was checked before this instant is still to be read.
ALTER TABLE repository ADD COLUMN scrub_before timestamptz;

-- Chunks that cannot be read where their rows say. Such a row counts only as long as the chunk's row names the same pack.
CREATE TABLE damaged_chunk (
    key  bytea   NOT NULL PRIMARY KEY,
    pack integer NOT NULL REFERENCES pack ON DELETE CASCADE
);

CREATE INDEX damaged_chunk_of_pack ON damaged_chunk (pack);

-- Complete points whose record is missing or is not what was written.
CREATE TABLE damaged_record (
    repository uuid        NOT NULL REFERENCES repository,
    point      uuid        NOT NULL,
    reason     text        NOT NULL,
    found_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (repository, point)
);

-- What lies in the trash, and since when.
CREATE TABLE trash_blob (
    repository uuid        NOT NULL REFERENCES repository,
    name       text        NOT NULL,
    seen_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (repository, name)
);
