-- When points are copied to a repository; one without a row is copied to by hand.
CREATE TABLE copy_target (
    repository_id uuid PRIMARY KEY REFERENCES repository ON DELETE CASCADE,
    copy_when     text NOT NULL CHECK (copy_when IN ('BY_HAND', 'AFTER_BACKUP', 'DAILY'))
);
