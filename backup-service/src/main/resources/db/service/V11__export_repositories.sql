-- Which repository has the point that an export shows; null: the primary one, for exports from before any other was served from.
ALTER TABLE export ADD COLUMN repository_id uuid;
