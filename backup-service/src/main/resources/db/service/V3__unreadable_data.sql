-- What a policy's backups do where a disk cannot be read.
ALTER TABLE policy ADD COLUMN on_unreadable text NOT NULL DEFAULT 'FAIL' CHECK (on_unreadable IN ('FAIL', 'RECORD'));
