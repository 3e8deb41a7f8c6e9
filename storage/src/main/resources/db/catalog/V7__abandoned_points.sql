-- Who is making a point that is PENDING: the run whose lease it takes to complete it. Once that has ended, nobody ever will.
ALTER TABLE point ADD COLUMN writer uuid;
