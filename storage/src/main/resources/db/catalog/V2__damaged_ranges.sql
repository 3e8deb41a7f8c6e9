-- Where the disk could not be read: offset and length of each range, in turn. Empty for almost every point.
ALTER TABLE point ADD COLUMN damaged bigint[] NOT NULL DEFAULT '{}';
