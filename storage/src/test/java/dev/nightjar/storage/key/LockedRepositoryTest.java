package dev.nightjar.storage.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.blob.BlobInfo;
import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.chunk.ChunkSize;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LockedRepositoryTest {

    private static final String PASSPHRASE = "correct horse battery stäple";
    private static final String NEXT = "another twelve letters";

    private final MemoryBlobStore store = new MemoryBlobStore();
    private final SecureRandom random = new SecureRandom();
    private final RecoveryKey recoveryKey = RecoveryKey.generate(random);

    @Test
    void passphraseAndRecoveryKeyOpenItAndNothingElseDoes() {
        RepositoryIdentity created = create();
        assertThat(open(PASSPHRASE)).isEqualTo(created);
        assertThat(RepositoryIdentity.open(store, new Unlock.Recovery(recoveryKey)))
                .isEqualTo(created);
        assertFails(StorageErrorCode.REPOSITORY_LOCKED, () -> RepositoryIdentity.open(store, new Unlock.Nothing()));
        assertFails(StorageErrorCode.PASSPHRASE_WRONG, () -> open(PASSPHRASE + " "));
        Unlock other = new Unlock.Recovery(RecoveryKey.generate(random));
        assertFails(StorageErrorCode.PASSPHRASE_WRONG, () -> RepositoryIdentity.open(store, other));
    }

    @Test
    void thePassphraseIsTheSameHoweverItsLettersAreComposed() {
        RepositoryIdentity created = create();
        assertThat(open("correct horse battery sta\u0308ple")).isEqualTo(created);
    }

    @Test
    void nothingInTheStoreOrInAnyTextIsASecret() {
        RepositoryIdentity created = create();
        String file = text("keys/" + created.config().repositoryId());
        for (byte[] secret :
                new byte[][] {created.idKey().toBytes(), created.dataKey().toBytes()}) {
            assertThat(file).doesNotContain(Base64.getEncoder().encodeToString(secret));
        }
        assertThat(created + " " + new Unlock.Passphrase(PASSPHRASE) + " " + new Unlock.Recovery(recoveryKey)
                        + new NewKeys(PASSPHRASE, recoveryKey))
                .doesNotContain(PASSPHRASE, recoveryKey.text());
    }

    @Test
    void aNewPassphraseTakesTheOldOnesPlaceAndTheRecoveryKeyStays() {
        RepositoryIdentity created = create();
        RepositoryIdentity.changePassphrase(store, new Unlock.Passphrase(PASSPHRASE), NEXT, random);
        assertThat(open(NEXT)).isEqualTo(created);
        assertFails(StorageErrorCode.PASSPHRASE_WRONG, () -> open(PASSPHRASE));
        RepositoryIdentity.changePassphrase(store, new Unlock.Recovery(recoveryKey), PASSPHRASE, random);
        assertThat(open(PASSPHRASE)).isEqualTo(created);
        assertThat(RepositoryIdentity.open(store, new Unlock.Recovery(recoveryKey)))
                .isEqualTo(created);
        assertThat(store.list("keys/").map(BlobInfo::name))
                .containsExactly("keys/" + created.config().repositoryId() + "-3");
    }

    @Test
    void aChangeThatWasInterruptedIsFinishedWhenTheRepositoryIsOpened() {
        RepositoryIdentity created = create();
        String first = "keys/" + created.config().repositoryId();
        ByteBuffer old = store.read(first, 0, (int) store.size(first));
        RepositoryIdentity.changePassphrase(store, new Unlock.Passphrase(PASSPHRASE), NEXT, random);
        store.putIfAbsent(first, old);
        assertFails(StorageErrorCode.PASSPHRASE_WRONG, () -> open(PASSPHRASE));
        assertThat(open(NEXT)).isEqualTo(created);
        assertThat(store.exists(first)).isFalse();
    }

    @Test
    void aWrongPassphraseChangesNothing() {
        create();
        assertFails(
                StorageErrorCode.PASSPHRASE_WRONG,
                () -> RepositoryIdentity.changePassphrase(store, new Unlock.Passphrase(NEXT), NEXT, random));
        assertThat(store.list("keys/")).hasSize(1);
        open(PASSPHRASE);
    }

    @Test
    void aKeptKeyOpensItWhateverThePassphraseIsAndNoOtherRepository() {
        RepositoryIdentity created = create();
        String kept = created.keptKey().orElseThrow().text();
        RepositoryIdentity.changePassphrase(store, new Unlock.Recovery(recoveryKey), NEXT, random);
        assertThat(RepositoryIdentity.open(store, new Unlock.Kept(KeptKey.parse(kept))))
                .isEqualTo(created);
        assertThat(created.keptKey().orElseThrow().toString()).doesNotContain(kept);
        KeptKey other = KeptKey.of(
                dev.nightjar.storage.chunk.IdKey.generate(random), dev.nightjar.storage.seal.DataKey.generate(random));
        assertFails(StorageErrorCode.KEY_INVALID, () -> RepositoryIdentity.open(store, new Unlock.Kept(other)));
        assertFails(StorageErrorCode.KEY_INVALID, () -> KeptKey.parse("AAAA"));
        assertFails(StorageErrorCode.KEY_INVALID, () -> KeptKey.parse("not base64"));
    }

    @Test
    void whatWasCreatedIsTakenBackToTheLastFile() {
        RepositoryIdentity.discard(store, create().config().repositoryId());
        assertThat(store.list("")).isEmpty();
        create();
    }

    @Test
    void shortPassphrasesAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new NewKeys("elevenchars", recoveryKey));
    }

    @Test
    void aRecoveryKeyIsReadAsPeopleTypeItAndTypingErrorsAreFound() {
        String text = recoveryKey.text();
        assertThat(text).matches("([A-Z2-7]{4}-){9}[A-Z2-7]{4}");
        assertThat(RecoveryKey.parse(text)).isEqualTo(recoveryKey);
        assertThat(RecoveryKey.parse(
                        " " + text.toLowerCase(java.util.Locale.ROOT).replace('-', ' ')))
                .isEqualTo(recoveryKey);
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != '-') {
                char other = text.charAt(i) == 'A' ? 'B' : 'A';
                String mistyped = text.substring(0, i) + other + text.substring(i + 1);
                assertFails(StorageErrorCode.PASSPHRASE_WRONG, () -> RecoveryKey.parse(mistyped));
            }
        }
        assertFails(StorageErrorCode.PASSPHRASE_WRONG, () -> RecoveryKey.parse("1111-" + text.substring(5)));
        assertFails(StorageErrorCode.PASSPHRASE_WRONG, () -> RecoveryKey.parse(""));
    }

    @Test
    void aKeyFileThatWasTamperedWithDoesNotOpenAndAsksForNoGreatWork() {
        RepositoryIdentity created = create();
        String name = "keys/" + created.config().repositoryId();
        replace(name, text(name).replace("\"iterations\" : 3", "\"iterations\" : 4"));
        assertFails(StorageErrorCode.KEY_INVALID, () -> open(PASSPHRASE));
        // Whoever means it leaves no checksum that says so.
        String file =
                text(name).replace("\"crc32c\"", "\"unchecked\"").replace("\"iterations\" : 4", "\"iterations\" : 3");
        replace(name, file.replace("\"memoryKib\" : 65536", "\"memoryKib\" : 2000000000"));
        assertFails(StorageErrorCode.KEY_INVALID, () -> open(PASSPHRASE));
        replace(name, file.replace("\"iterations\" : 3", "\"iterations\" : 4"));
        assertFails(StorageErrorCode.PASSPHRASE_WRONG, () -> open(PASSPHRASE));
        replace(name, file.replaceAll("(\"wrapped\" : \")[^\"]*", "$1AAAA"));
        assertFails(StorageErrorCode.KEY_INVALID, () -> open(PASSPHRASE));
    }

    private RepositoryIdentity create() {
        return RepositoryIdentity.create(
                store,
                RepositoryConfig.generate(ChunkSize.DEFAULT, Encryption.AES_256_GCM),
                new NewKeys(PASSPHRASE, recoveryKey),
                random);
    }

    private RepositoryIdentity open(String passphrase) {
        return RepositoryIdentity.open(store, Unlock.ofPassphrase(passphrase));
    }

    private String text(String name) {
        return StandardCharsets.UTF_8
                .decode(store.read(name, 0, (int) store.size(name)))
                .toString();
    }

    private void replace(String name, String content) {
        store.delete(name);
        store.putIfAbsent(name, ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
    }

    private static void assertFails(StorageErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
