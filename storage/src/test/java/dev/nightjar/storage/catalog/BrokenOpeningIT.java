package dev.nightjar.storage.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.StorageErrorCode;
import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.catalog.WirePeer.Cut;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The connection breaks at each commit while a catalog is opened that is there already. */
@Timeout(120)
class BrokenOpeningIT {

    @TempDir
    Path directory;

    @Test
    void aCatalogThatCannotBeOpenedKeepsNoConnectionAndOpensTheNextTime() {
        try (MortalPostgres postgres = MortalPostgres.start(directory)) {
            DataSource database = postgres.create("nightjar");
            CatalogDatabase.open(database);
            WirePeer wire = postgres.wire();
            wire.arm(true, 0, Cut.BEFORE, () -> {});
            CatalogDatabase.open(database);
            int commits = wire.seen();
            assertThat(commits).isGreaterThan(1);
            int failures = 0;
            for (int commit = 1; commit <= commits; commit++) {
                postgres.forgetConnections();
                wire.arm(true, commit, Cut.BEFORE, () -> {});
                failures += open(database) ? 0 : 1;
                assertThat(wire.disarm()).isTrue();
                assertThat(postgres.lentConnections()).as("commit " + commit).isZero();
            }
            assertThat(failures).isPositive();
            assertThat(open(database)).isTrue();
        }
    }

    private static boolean open(DataSource database) {
        try {
            CatalogDatabase.open(database);
            return true;
        } catch (StorageException e) {
            assertThat(e.code()).isEqualTo(StorageErrorCode.CATALOG_UNAVAILABLE);
            return false;
        }
    }
}
