package dev.nightjar.storage.catalog;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.chunk.ChunkKind;
import dev.nightjar.storage.pack.PackId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;

/** The pack rows of one repository. Holds no state; every call runs on the caller's connection. */
public final class PackTable {

    private final UUID repository;

    /** The packs of this repository. */
    public PackTable(UUID repository) {
        this.repository = repository;
    }

    /**
     * Records a stored pack as LIVE, or finds it recorded. The same chunks in the same order make the same pack, so a condemned one
     * can be written again: its file is still there, and it lives on.
     *
     * @return its number
     * @throws StorageException with PACK_NOT_LIVE if the very same pack is being deleted
     */
    public int record(Connection connection, PackId id, ChunkKind kind, long storedBytes, int chunks)
            throws SQLException {
        String sql = """
                INSERT INTO catalog.pack AS known (repository, sha256, kind, stored_bytes, chunks) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (repository, sha256) DO UPDATE
                    SET state = CASE known.state WHEN 'CONDEMNED' THEN 'LIVE' ELSE known.state END
                RETURNING id, state""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            statement.setBytes(2, id.toBytes());
            statement.setShort(3, kind.code());
            statement.setLong(4, storedBytes);
            statement.setInt(5, chunks);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                if (PackState.valueOf(rows.getString(2)) != PackState.LIVE) {
                    throw new StorageException(
                            StorageErrorCode.PACK_NOT_LIVE,
                            "Pack " + id + " is being deleted and was written again meanwhile",
                            "Run the backup again in a few minutes.");
                }
                return rows.getInt(1);
            }
        }
    }

    /** The name of the pack of this number; empty if it is not the repository's. */
    public Optional<PackId> name(Connection connection, int number) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT sha256 FROM catalog.pack WHERE id = ? AND repository = ?")) {
            statement.setInt(1, number);
            statement.setObject(2, repository);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(PackId.of(rows.getBytes(1))) : Optional.empty();
            }
        }
    }

    /** How many of these packs are LIVE. */
    public long countLive(Connection connection, Collection<Integer> numbers) throws SQLException {
        String sql = "SELECT count(*) FROM catalog.pack WHERE id = ANY (?) AND repository = ? AND state = 'LIVE'";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("integer", numbers.toArray()));
            statement.setObject(2, repository);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /** How much the repository's packs hold, deleted ones apart. */
    public PackTotals totals(Connection connection) throws SQLException {
        String sql = """
                SELECT count(*), coalesce(sum(stored_bytes), 0), coalesce(sum(chunks), 0)
                FROM catalog.pack WHERE repository = ? AND state <> 'DELETED'""";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, repository);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return new PackTotals(rows.getLong(1), rows.getLong(2), rows.getLong(3));
            }
        }
    }

    /** Forgets every pack of the repository; the chunk rows must be gone before. */
    public void clear(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM catalog.pack WHERE repository = ?")) {
            statement.setObject(1, repository);
            statement.executeUpdate();
        }
    }
}
