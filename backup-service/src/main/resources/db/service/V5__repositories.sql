-- The repositories that this service uses: one primary, where backups go, and any number of targets of copies.
CREATE TABLE repository (
    id         uuid PRIMARY KEY,
    name       text        NOT NULL,
    role       text        NOT NULL CHECK (role IN ('PRIMARY', 'TARGET')),
    kind       text        NOT NULL CHECK (kind IN ('DIRECTORY', 'S3')),
    place      text        NOT NULL,
    access_key text,
    secret_key bytea, -- sealed under a key in the data directory
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX repository_name ON repository (lower(name));
CREATE UNIQUE INDEX repository_place ON repository (place);
CREATE UNIQUE INDEX repository_one_primary ON repository (role) WHERE role = 'PRIMARY';

-- So far only the place was remembered; the newest one is in use.
INSERT INTO repository (id, name, role, kind, place, created_at)
SELECT repository_id, 'Repository', 'PRIMARY', 'DIRECTORY', directory, created_at
FROM repository_location ORDER BY created_at DESC LIMIT 1;

DROP TABLE repository_location;
