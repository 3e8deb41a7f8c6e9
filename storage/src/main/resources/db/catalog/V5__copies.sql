-- A copy has its original's id, so an id is unique within a repository only.
ALTER TABLE point DROP CONSTRAINT point_pkey;
ALTER TABLE point ADD PRIMARY KEY (repository, id);
-- The repository that the point was copied from; null for one that was taken here.
ALTER TABLE point ADD COLUMN copied_from uuid;
