-- Who wrote a pack: while that run lasts, nobody takes its packs for unused.
ALTER TABLE pack ADD COLUMN run uuid;
-- What began before this instant may still read the pack.
ALTER TABLE pack ADD COLUMN condemned_at timestamptz;

-- How often space was reclaimed. The repository keeps the same number; a catalog that is behind was restored from an old dump.
ALTER TABLE repository ADD COLUMN reclaim_epoch bigint NOT NULL DEFAULT 0;

-- Packs in the repository that the catalog does not know, and since when.
CREATE TABLE orphan_pack (
    repository uuid        NOT NULL REFERENCES repository,
    sha256     bytea       NOT NULL CHECK (octet_length(sha256) = 32),
    seen_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (repository, sha256)
);
