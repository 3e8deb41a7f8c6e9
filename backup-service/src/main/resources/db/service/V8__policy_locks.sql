-- For how many days the points that a policy's backups take are locked; null: not at all.
ALTER TABLE policy ADD COLUMN lock_days integer CHECK (lock_days BETWEEN 1 AND 36500);
