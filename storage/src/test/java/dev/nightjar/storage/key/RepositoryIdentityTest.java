package dev.nightjar.storage.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.BlobStore;
import dev.nightjar.storage.blob.FaultyStore;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.chunk.ChunkSize;
import dev.nightjar.storage.chunk.IdKey;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryIdentityTest {

    private static final String ID = "0f0e0d0c-1111-4222-8333-444455556666";

    private final MemoryBlobStore store = new MemoryBlobStore();

    @Test
    void whatIsCreatedIsOpened() {
        RepositoryConfig config = RepositoryConfig.generate(new ChunkSize(128 * 1024), Encryption.NONE);
        RepositoryIdentity created = RepositoryIdentity.create(store, config, null, new SecureRandom());
        assertThat(created.config()).isEqualTo(config);
        assertThat(RepositoryIdentity.open(store, new Unlock.Nothing())).isEqualTo(created);
        assertThat(store.list("").map(BlobInfo::name)).containsExactly("config", "keys/" + config.repositoryId());
        assertThat(created.toString()).doesNotContain(text(created.idKey().toBytes()));
    }

    @Test
    void everyRepositoryHasItsOwnIdAndKey() {
        RepositoryIdentity one = create();
        RepositoryIdentity other = RepositoryIdentity.create(
                new MemoryBlobStore(),
                RepositoryConfig.generate(ChunkSize.DEFAULT, Encryption.NONE),
                null,
                new SecureRandom());
        assertThat(one.config().repositoryId()).isNotEqualTo(other.config().repositoryId());
        assertThat(one.idKey()).isNotEqualTo(other.idKey());
    }

    @Test
    void aRepositoryIsNotCreatedTwice() {
        RepositoryIdentity first = create();
        assertFails(StorageErrorCode.REPOSITORY_EXISTS, this::create);
        assertThat(RepositoryIdentity.open(store, new Unlock.Nothing())).isEqualTo(first);
        assertThat(store.list("keys/")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"packs/ab/abc", "points/p"})
    void aRepositoryThatLostItsConfigurationIsNotOverwritten(String name) {
        store.putIfAbsent(name, bytes("x"));
        assertFails(StorageErrorCode.REPOSITORY_CONFIG_INVALID, this::create);
        assertThat(store.list("")).hasSize(1);
    }

    @Test
    void aKeyThatACrashLeftDoesNotStopANewAttempt() {
        store.putIfAbsent("keys/" + UUID.randomUUID(), bytes("x"));
        RepositoryIdentity created = create();
        assertThat(RepositoryIdentity.open(store, new Unlock.Nothing())).isEqualTo(created);
    }

    @Test
    void aConfigurationThatWasStoredAlthoughNoAnswerCameHasItsKey() {
        failAtTheConfiguration(FaultyStore.Fault.TIME_OUT_AFTERWARDS);
        assertThat(RepositoryIdentity.open(store, new Unlock.Nothing()).dataKey())
                .isNull();
        assertFails(StorageErrorCode.REPOSITORY_EXISTS, this::create);
    }

    @Test
    void aConfigurationThatWasNotStoredDoesNotStopANewAttempt() {
        failAtTheConfiguration(FaultyStore.Fault.TIME_OUT);
        RepositoryIdentity created = create();
        assertThat(RepositoryIdentity.open(store, new Unlock.Nothing())).isEqualTo(created);
    }

    @Test
    void whoeverIsOvertakenByAnotherTakesHisKeyBack() {
        BlobStore overtaken = (BlobStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {BlobStore.class}, (_, method, arguments) -> {
                    if (method.getName().equals("putIfAbsent") && arguments[0].equals("config")) {
                        create();
                    }
                    return method.invoke(store, arguments);
                });
        assertFails(StorageErrorCode.REPOSITORY_EXISTS, () -> createIn(overtaken));
        assertThat(store.list("keys/")).hasSize(1);
        assertThat(RepositoryIdentity.open(store, new Unlock.Nothing()).dataKey())
                .isNull();
    }

    private void failAtTheConfiguration(FaultyStore.Fault fault) {
        FaultyStore faulty = new FaultyStore(store);
        // Three looks and the key come before.
        faulty.arm(5, fault);
        assertFails(StorageErrorCode.STORE_UNAVAILABLE, () -> createIn(faulty));
        assertThat(faulty.disarm()).isEqualTo("put config");
    }

    @Test
    void anEmptyStoreIsNoRepository() {
        assertFails(StorageErrorCode.REPOSITORY_NOT_FOUND, () -> RepositoryIdentity.open(store, new Unlock.Nothing()));
    }

    @Test
    void theConfigurationOfTheFormatIsRead() {
        store.putIfAbsent("config", bytes(config("1", "65536", "33554432", "none")));
        store.putIfAbsent("keys/" + ID, bytes(key("1", ID, "none", KEY, CHECK)));
        RepositoryIdentity identity = RepositoryIdentity.open(store, new Unlock.Nothing());
        assertThat(identity.config())
                .isEqualTo(new RepositoryConfig(
                        1, UUID.fromString(ID), ChunkSize.DEFAULT, 32L * 1024 * 1024, Encryption.NONE));
        byte[] expected = new byte[32];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (byte) i;
        }
        assertThat(identity.idKey()).isEqualTo(IdKey.of(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "2, 65536, 33554432, none, FORMAT_UNSUPPORTED",
        "1, 65536, 33554432, aes-512-gcm, FORMAT_UNSUPPORTED",
        "0, 65536, 33554432, none, REPOSITORY_CONFIG_INVALID",
        "1, 65535, 33554432, none, REPOSITORY_CONFIG_INVALID",
        "1, -1, 33554432, none, REPOSITORY_CONFIG_INVALID",
        "1, null, 33554432, none, REPOSITORY_CONFIG_INVALID",
        "1, 65536, 1, none, REPOSITORY_CONFIG_INVALID",
        "1, 65536, 99999999999999999999, none, REPOSITORY_CONFIG_INVALID",
    })
    void configurationsThatAreNotUnderstoodAreRefused(
            String version, String chunkSize, String target, String encryption, StorageErrorCode code) {
        store.putIfAbsent("config", bytes(config(version, chunkSize, target, encryption)));
        store.putIfAbsent("keys/" + ID, bytes(key("1", ID, "none", KEY, CHECK)));
        assertFails(code, () -> RepositoryIdentity.open(store, new Unlock.Nothing()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "[]",
                "null",
                "{}",
                "{\"format\":\"nightjar-repository\"}",
                "{\"format\":\"nightjar-key\",\"formatVersion\":1}",
                "{\"format\":\"nightjar-repository\",\"formatVersion\":1}",
                "{\"format\":\"nightjar-repository\",\"formatVersion\":1,"
            })
    void whatIsNoConfigurationIsRefused(String text) {
        store.putIfAbsent("config", bytes(text));
        assertFails(
                StorageErrorCode.REPOSITORY_CONFIG_INVALID, () -> RepositoryIdentity.open(store, new Unlock.Nothing()));
    }

    @Test
    void aMissingKeyIsSaidToBeMissing() {
        RepositoryIdentity created = create();
        store.delete("keys/" + created.config().repositoryId());
        assertFails(StorageErrorCode.KEY_NOT_FOUND, () -> RepositoryIdentity.open(store, new Unlock.Nothing()));
    }

    @Test
    void aKeyThatIsNotTheRightOneIsRefused() {
        store.putIfAbsent("config", bytes(config("1", "65536", "33554432", "none")));
        String other = "00000000-1111-4222-8333-444455556666";
        assertKeyFails(StorageErrorCode.KEY_INVALID, key("1", other, "none", KEY, CHECK));
        assertKeyFails(StorageErrorCode.KEY_INVALID, key("1", ID, "argon2id", KEY, CHECK));
        assertKeyFails(StorageErrorCode.KEY_INVALID, key("1", ID, "none", KEY.replace('A', 'B'), CHECK));
        assertKeyFails(StorageErrorCode.KEY_INVALID, key("1", ID, "none", KEY.substring(4), CHECK));
        assertKeyFails(StorageErrorCode.KEY_INVALID, key("1", ID, "none", "?" + KEY.substring(1), CHECK));
        assertKeyFails(StorageErrorCode.KEY_INVALID, key("1", ID, "none", KEY, "539418c481b9e3ce"));
        assertKeyFails(StorageErrorCode.FORMAT_UNSUPPORTED, key("2", ID, "none", KEY, CHECK));
        assertKeyFails(StorageErrorCode.KEY_INVALID, "x");
        assertKeyFails(StorageErrorCode.KEY_INVALID, " ".repeat(70_000));
    }

    @Test
    void errorsDoNotQuoteTheKey() {
        store.putIfAbsent("config", bytes(config("1", "65536", "33554432", "none")));
        store.putIfAbsent("keys/" + ID, bytes(key("1", ID, "none", KEY, "wrong")));
        assertThatThrownBy(() -> RepositoryIdentity.open(store, new Unlock.Nothing()))
                .satisfies(e -> assertThat(e.toString() + e.getCause()).doesNotContain(KEY.substring(0, 8)));
    }

    @Test
    void settingsHaveLimits() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RepositoryConfig(
                        1, UUID.randomUUID(), ChunkSize.DEFAULT, 1024L * 1024 * 1024 + 1, Encryption.NONE));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new RepositoryConfig(2, UUID.randomUUID(), ChunkSize.DEFAULT, 1024L * 1024, Encryption.NONE));
    }

    /** The bytes 0 to 31, and what Python's hmac says of them. */
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private static final String CHECK = "539418c481b9e3cd";

    private void assertKeyFails(StorageErrorCode code, String text) {
        store.delete("keys/" + ID);
        store.putIfAbsent("keys/" + ID, bytes(text));
        assertFails(code, () -> RepositoryIdentity.open(store, new Unlock.Nothing()));
    }

    private RepositoryIdentity create() {
        return createIn(store);
    }

    private static RepositoryIdentity createIn(BlobStore store) {
        return RepositoryIdentity.create(
                store, RepositoryConfig.generate(ChunkSize.DEFAULT, Encryption.NONE), null, new SecureRandom());
    }

    private static String config(String version, String chunkSize, String target, String encryption) {
        return """
                {"format":"nightjar-repository","formatVersion":%s,"repositoryId":"%s","chunkSizeBytes":%s,
                 "packTargetBytes":%s,"encryption":"%s","laterAddition":true}
                """.formatted(version, ID, chunkSize, target, encryption);
    }

    private static String key(String version, String repository, String protection, String key, String check) {
        return """
                {"format":"nightjar-key","formatVersion":%s,"repositoryId":"%s","protection":"%s",
                 "idKey":"%s","idKeyCheck":"%s"}
                """.formatted(version, repository, protection, key, check);
    }

    private static void assertFails(StorageErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.hint()).isNotBlank();
        });
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
