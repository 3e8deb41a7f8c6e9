package dev.nightjar.service.repository;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.storage.blob.s3.S3Credentials;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The repositories that this service knows. Thread-safe; every method is a transaction. */
@Component
class RepositoryRows {

    private static final String ALL = "SELECT * FROM nightjar.repository";

    private final JdbcClient jdbc;
    private final SealedSecrets secrets;

    RepositoryRows(JdbcClient jdbc, SealedSecrets secrets) {
        this.jdbc = jdbc;
        this.secrets = secrets;
    }

    /** All of them, the primary first, then as they were added. */
    List<RepositoryRow> all() {
        return jdbc.sql(ALL + " ORDER BY role, created_at")
                .query(RepositoryRows::row)
                .list();
    }

    Optional<RepositoryRow> find(UUID id) {
        return jdbc.sql(ALL + " WHERE id = :id")
                .param("id", id)
                .query(RepositoryRows::row)
                .optional();
    }

    Optional<RepositoryRow> primary() {
        return jdbc.sql(ALL + " WHERE role = 'PRIMARY'")
                .query(RepositoryRows::row)
                .optional();
    }

    Optional<RepositoryRow> at(Place place) {
        return jdbc.sql(ALL + " WHERE place = :place")
                .param("place", place.address())
                .query(RepositoryRows::row)
                .optional();
    }

    /**
     * Writes a repository down; a primary takes the place of the one before, which becomes a target.
     *
     * @throws NightjarException REPOSITORY_NAME_TAKEN, REPOSITORY_KNOWN
     */
    @Transactional
    public void add(UUID id, String name, RepositoryRole role, Place place, Instant createdAt) {
        if (role == RepositoryRole.PRIMARY) {
            demote();
        }
        S3Credentials credentials = place.credentials();
        try {
            jdbc.sql("""
                            INSERT INTO nightjar.repository (id, name, role, kind, place, access_key, secret_key, created_at)
                            VALUES (:id, :name, :role, :kind, :place, :access_key, :secret_key, :created_at)""")
                    .param("id", id)
                    .param("name", name)
                    .param("role", role.name())
                    .param("kind", place.kind().name())
                    .param("place", place.address())
                    .param("access_key", credentials == null ? null : credentials.accessKeyId())
                    .param("secret_key", sealed(id, credentials))
                    .param("created_at", createdAt.atOffset(ZoneOffset.UTC))
                    .update();
        } catch (DuplicateKeyException e) {
            throw String.valueOf(e.getMessage()).contains("repository_name") ? nameTaken(name) : known(place);
        }
    }

    /** A repository whose files were moved. */
    void move(UUID id, Place place) {
        jdbc.sql("UPDATE nightjar.repository SET kind = :kind, place = :place WHERE id = :id")
                .param("id", id)
                .param("kind", place.kind().name())
                .param("place", place.address())
                .update();
    }

    @Transactional
    public void makePrimary(UUID id) {
        demote();
        jdbc.sql("UPDATE nightjar.repository SET role = 'PRIMARY' WHERE id = :id")
                .param("id", id)
                .update();
    }

    /**
     * The access key that was written down with a repository.
     *
     * @throws NightjarException SECRETS_KEY_UNUSABLE
     */
    @Nullable
    S3Credentials credentials(UUID id) {
        return jdbc.sql(
                        "SELECT access_key, secret_key FROM nightjar.repository WHERE id = :id AND secret_key IS NOT NULL")
                .param("id", id)
                .query((row, _) -> new S3Credentials(
                        row.getString("access_key"), secrets.open(row.getBytes("secret_key"), purpose(id))))
                .optional()
                .orElse(null);
    }

    void setCredentials(UUID id, @Nullable S3Credentials credentials) {
        jdbc.sql("UPDATE nightjar.repository SET access_key = :access_key, secret_key = :secret_key WHERE id = :id")
                .param("id", id)
                .param("access_key", credentials == null ? null : credentials.accessKeyId())
                .param("secret_key", sealed(id, credentials))
                .update();
    }

    void remove(UUID id) {
        jdbc.sql("DELETE FROM nightjar.repository WHERE id = :id")
                .param("id", id)
                .update();
    }

    static NightjarException known(Place place) {
        return new NightjarException(
                HttpStatus.CONFLICT,
                "REPOSITORY_KNOWN",
                "the repository in " + place.text() + " is in the list already",
                "Use the one in the list, or choose another place.");
    }

    private static NightjarException nameTaken(String name) {
        return new NightjarException(
                        HttpStatus.CONFLICT,
                        "REPOSITORY_NAME_TAKEN",
                        "there is a repository named " + name + " already",
                        "Choose another name.")
                .at("name");
    }

    private void demote() {
        jdbc.sql("UPDATE nightjar.repository SET role = 'TARGET' WHERE role = 'PRIMARY'")
                .update();
    }

    private byte @Nullable [] sealed(UUID id, @Nullable S3Credentials credentials) {
        return credentials == null ? null : secrets.seal(credentials.secretAccessKey(), purpose(id));
    }

    private static RepositoryRow row(ResultSet row, int number) throws SQLException {
        return new RepositoryRow(
                row.getObject("id", UUID.class),
                row.getString("name"),
                RepositoryRole.valueOf(row.getString("role")),
                Place.of(RepositoryKind.valueOf(row.getString("kind")), row.getString("place"), null),
                row.getString("access_key"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    private static String purpose(UUID id) {
        return "the access key of repository " + id;
    }
}
