-- Rows as narrow as they can be: the key without a length, frame and place in one number. The large table is what makes a catalog slow once it leaves memory.
ALTER TABLE chunk
    ALTER COLUMN key TYPE uuid USING encode(key, 'hex')::uuid,
    -- Sixteen places a frame, as many as it can have chunks.
    ALTER COLUMN frame TYPE integer USING frame * 16 + place,
    DROP COLUMN place;
ALTER TABLE chunk RENAME COLUMN frame TO slot;

ALTER TABLE damaged_chunk ALTER COLUMN key TYPE uuid USING encode(key, 'hex')::uuid;
