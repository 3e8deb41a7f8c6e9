package dev.nightjar.service.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.testing.TestProperties;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedSecretsTest {

    private static final String PURPOSE = "a test";

    @TempDir
    private Path directory;

    @Test
    void whatIsSealedOpensForWhoeverHasTheFile() throws IOException {
        byte[] sealed = secrets().seal("a secret", PURPOSE);
        assertThat(secrets().open(sealed, PURPOSE)).isEqualTo("a secret");
        assertThat(Files.getPosixFilePermissions(file())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void openingMakesNoKeyAndWorksOnceTheRealOneIsThere() throws IOException {
        byte[] sealed = secrets().seal("a secret", PURPOSE);
        Path aside = Files.move(file(), directory.resolve("not-mounted-yet"));
        SealedSecrets secrets = secrets();
        assertUnusable(() -> secrets.open(sealed, PURPOSE));
        assertThat(file()).doesNotExist();
        Files.move(aside, file());
        assertThat(secrets.open(sealed, PURPOSE)).isEqualTo("a secret");
    }

    @Test
    void aKeyThatAppearsInPlaceOfTheOneInMemoryOpensWhatWasSealedUnderIt() throws IOException {
        byte[] before = secrets().seal("before", PURPOSE);
        Path aside = Files.move(file(), directory.resolve("not-mounted-yet"));
        SealedSecrets secrets = secrets();
        byte[] meanwhile = secrets.seal("meanwhile", PURPOSE);
        Files.delete(file());
        Files.move(aside, file());
        assertThat(secrets.open(meanwhile, PURPOSE)).isEqualTo("meanwhile");
        assertThat(secrets.open(before, PURPOSE)).isEqualTo("before");
        assertThat(secrets().open(secrets.seal("after", PURPOSE), PURPOSE)).isEqualTo("after");
    }

    @Test
    void aNameThatIsTakenIsNotReplacedAlthoughNothingCanBeReadThere() throws IOException {
        byte[] sealed = secrets().seal("a secret", PURPOSE);
        Path mounted = directory.resolve("mounted");
        Files.createSymbolicLink(file(), Files.move(file(), mounted));
        Path aside = Files.move(mounted, directory.resolve("not-mounted-yet"));
        SealedSecrets secrets = secrets();
        assertUnusable(() -> secrets.seal("another", PURPOSE));
        assertUnusable(() -> secrets.open(sealed, PURPOSE));
        assertThat(file()).isSymbolicLink();
        Files.move(aside, mounted);
        assertThat(secrets.open(sealed, PURPOSE)).isEqualTo("a secret");
        assertThat(secrets().open(secrets.seal("another", PURPOSE), PURPOSE)).isEqualTo("another");
    }

    @Test
    void aFileThatFailsToBeReadIsNotReplaced() throws IOException {
        Files.createDirectory(file());
        assertUnusable(() -> secrets().seal("a secret", PURPOSE));
        assertThat(file()).isEmptyDirectory();
    }

    @Test
    void aKeyThatGotLostIsPutBackByWhoeverStillKnowsIt() throws IOException {
        SealedSecrets secrets = secrets();
        byte[] before = secrets.seal("before", PURPOSE);
        Files.delete(file());
        byte[] after = secrets.seal("after", PURPOSE);
        assertThat(secrets().open(before, PURPOSE)).isEqualTo("before");
        assertThat(secrets().open(after, PURPOSE)).isEqualTo("after");
    }

    @Test
    void whatAnotherKeySealedIsRefused() throws IOException {
        byte[] sealed = secrets().seal("a secret", PURPOSE);
        assertUnusable(() -> secrets().open(sealed, "something else"));
        Files.delete(file());
        SealedSecrets others = secrets();
        others.seal("another", PURPOSE);
        assertUnusable(() -> others.open(sealed, PURPOSE));
    }

    @Test
    void aPrivateFileIsCreatedOnlyWhereThereIsNone() throws IOException {
        PrivateFiles.create(file(), "first");
        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(() -> PrivateFiles.create(file(), "second"));
        assertThat(file()).hasContent("first\n");
        PrivateFiles.write(file(), "third");
        assertThat(file()).hasContent("third\n");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file());
        }
    }

    private static void assertUnusable(ThrowingCallable work) {
        assertThatExceptionOfType(NightjarException.class)
                .isThrownBy(work)
                .satisfies(e -> assertThat(e.code()).isEqualTo("SECRETS_KEY_UNUSABLE"));
    }

    private Path file() {
        return directory.resolve("secrets.key");
    }

    private SealedSecrets secrets() {
        return new SealedSecrets(TestProperties.in(directory));
    }
}
