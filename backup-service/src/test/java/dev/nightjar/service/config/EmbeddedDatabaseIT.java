package dev.nightjar.service.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nightjar.service.error.NightjarException;
import dev.nightjar.service.testing.FreshData;
import dev.nightjar.testkit.Await;
import dev.nightjar.testkit.RunningProcess;
import dev.nightjar.testkit.TempDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The embedded PostgreSQL, as whoever runs the tests (root included) starts it. */
class EmbeddedDatabaseIT {

    /** For how long no server need be running while it starts. */
    private static final Duration SHORT = Duration.ofSeconds(3);

    private TempDirectory temporary;
    private Path data;

    @BeforeEach
    void linkBinaries() {
        temporary = TempDirectory.create();
        data = temporary.directory("data");
        // Unpacking them anew for every test would be most of the time.
        FreshData.linkBinaries(data);
    }

    @AfterEach
    void cleanUp() {
        // Only a failed test leaves any.
        servers().forEach(ProcessHandle::destroyForcibly);
        temporary.close();
    }

    @Test
    void dataOutlivesARestart() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
            write(database, "before");
        }
        assertThat(servers()).isEmpty();
        try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
            write(database, "after");
            assertThat(notes(database)).containsExactly("before", "after");
        }
        assertThat(servers()).isEmpty();
    }

    @Test
    void thePasswordIsAskedForOnEveryStart() throws Exception {
        for (int start = 0; start < 2; start++) {
            try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
                assertProtected(database);
            }
        }
    }

    @Test
    void thePasswordIsForItsOwnerOnly() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
            Path file = data.resolve("postgres-password");
            assertThat(Files.readString(file)).isEqualTo(database.password()).hasSize(48);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void whatIsCommittedSurvivesAPowerCut() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
            assertThat(setting(database, "fsync")).isEqualTo("on");
            assertThat(setting(database, "synchronous_commit")).isEqualTo("on");
            assertThat(setting(database, "full_page_writes")).isEqualTo("on");
        }
    }

    @Test
    void filesThatACrashLeftUnfinishedAreCreatedAnew() throws Exception {
        Path unfinished = Files.createDirectory(data.resolve("postgres-creating-1"));
        Files.writeString(unfinished.resolve("PG_VERSION"), "18\n");
        Files.writeString(unfinished.resolve("postgresql.conf"), "");
        try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
            assertProtected(database);
        }
        assertThat(unfinished).doesNotExist();
    }

    @Test
    void aProcessKilledWhileItCreatesTheFilesIsNoObstacle() throws Exception {
        RunningProcess holder = HoldingProcess.begin(data, temporary.resolve("log"), "first");
        assertThat(Await.until(Duration.ofMinutes(1), this::isCreating)).isTrue();
        holder.kill();
        try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
            write(database, "second");
            assertThat(notes(database)).containsExactly("second");
            assertProtected(database);
        }
    }

    @Test
    void theServerOfAKilledProcessIsTakenOverWithItsData() throws Exception {
        RunningProcess holder = HoldingProcess.start(data, temporary.resolve("log"), "of the killed");
        List<ProcessHandle> before = servers();
        holder.kill();
        assertThat(before).hasSize(1).allMatch(ProcessHandle::isAlive);

        try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
            assertThat(notes(database)).containsExactly("of the killed");
            assertThat(before).noneMatch(ProcessHandle::isAlive);
            assertThat(servers()).hasSize(1);
        }
        assertThat(servers()).isEmpty();
    }

    @Test
    void aClientThatStillTalksToTheLeftoverServerDoesNotKeepItRunning() throws Exception {
        RunningProcess holder = HoldingProcess.start(data, temporary.resolve("log"), "note");
        int port = Integer.parseInt(
                Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(3));
        String password = Files.readString(data.resolve("postgres-password"));
        try (Connection client = connect("jdbc:postgresql://127.0.0.1:" + port + "/postgres", password)) {
            holder.kill();
            assertThat(client.isValid(5)).isTrue();
            try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
                assertThat(notes(database)).containsExactly("note");
            }
        }
    }

    @Test
    void aServerThatDiedWithItsProcessIsStartedAgain() throws Exception {
        RunningProcess holder = HoldingProcess.start(data, temporary.resolve("log"), "power cut");
        List<ProcessHandle> servers = servers();
        holder.kill();
        for (ProcessHandle server : servers) {
            server.destroyForcibly();
            server.onExit().join();
        }
        try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
            assertThat(notes(database)).containsExactly("power cut");
        }
    }

    @Test
    void aPidFileThatNamesAnotherProcessStopsNobody() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
            write(database, "kept");
        }
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(data.resolve("postgres/postmaster.pid"), stranger.pid() + "\n");
            try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
                assertThat(notes(database)).containsExactly("kept");
            }
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @Test
    void aServerThatIsLongBusyWithItsLogIsWaitedFor() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
            write(database, "kept");
        }
        Path postgres = data.resolve("postgres");
        Files.createFile(postgres.resolve("recovery.signal"));
        String command = "restore_command = 'sleep %d; false'%n".formatted(1 + SHORT.toSeconds());
        Files.writeString(postgres.resolve("postgresql.conf"), command, StandardOpenOption.APPEND);
        try (EmbeddedDatabase database = EmbeddedDatabase.start(data, SHORT)) {
            assertThat(notes(database)).containsExactly("kept");
        }
    }

    @Test
    void aBrokenDatabaseIsAnErrorWithACode() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
            assertThat(database.url()).isNotEmpty();
        }
        Files.writeString(data.resolve("postgres/postgresql.conf"), "this is = not = a configuration\n");
        assertThatExceptionOfType(NightjarException.class)
                .isThrownBy(() -> EmbeddedDatabase.start(data, SHORT))
                .satisfies(e -> assertThat(e.code()).isEqualTo("DATABASE_NOT_STARTED"));
        assertThat(servers()).isEmpty();
    }

    @Test
    void aServerThatDoesNotKnowThePasswordIsAnErrorWithACodeAndDoesNotGoOn() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(data)) {
            assertThat(database.url()).isNotEmpty();
        }
        Files.delete(data.resolve("postgres-password"));
        assertThatExceptionOfType(NightjarException.class)
                .isThrownBy(() -> EmbeddedDatabase.start(data, SHORT))
                .withMessageContaining("password")
                .satisfies(e -> assertThat(e.code()).isEqualTo("DATABASE_NOT_STARTED"));
        assertThat(servers()).isEmpty();
    }

    private boolean isCreating() {
        try (Stream<Path> entries = Files.list(data)) {
            return entries.anyMatch(path -> Files.exists(path.resolve("PG_VERSION")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertProtected(EmbeddedDatabase database) throws SQLException {
        try (Connection connection = connect(database.url(), database.password())) {
            assertThat(connection.isValid(5)).isTrue();
        }
        assertThatThrownBy(() -> connect(database.url(), "guess")).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> connect(database.url(), "")).isInstanceOf(SQLException.class);
    }

    private static Connection connect(String url, String password) throws SQLException {
        return DriverManager.getConnection(url, EmbeddedDatabase.USER, password);
    }

    private static void write(EmbeddedDatabase database, String note) throws SQLException {
        try (Connection connection = connect(database.url(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS note (text text)");
            statement.execute("INSERT INTO note VALUES ('" + note + "')");
        }
    }

    private static List<String> notes(EmbeddedDatabase database) throws SQLException {
        List<String> notes = new ArrayList<>();
        try (Connection connection = connect(database.url(), database.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT text FROM note")) {
            while (rows.next()) {
                notes.add(rows.getString(1));
            }
        }
        return notes;
    }

    private static String setting(EmbeddedDatabase database, String name) throws SQLException {
        try (Connection connection = connect(database.url(), database.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW " + name)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** The PostgreSQL main processes that run on our files. */
    private List<ProcessHandle> servers() {
        return ProcessHandle.allProcesses().filter(this::servesData).toList();
    }

    private boolean servesData(ProcessHandle process) {
        try {
            String[] commandLine = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                    .split("\0", -1);
            return commandLine[0].endsWith("/postgres")
                    && List.of(commandLine).contains(data.resolve("postgres").toString());
        } catch (IOException e) {
            return false;
        }
    }
}
