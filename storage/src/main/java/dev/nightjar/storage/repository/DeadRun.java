package dev.nightjar.storage.repository;

import dev.nightjar.storage.StorageException;
import dev.nightjar.storage.catalog.CatalogDatabase;
import dev.nightjar.storage.catalog.LeaseTable;
import java.util.UUID;
import javax.sql.DataSource;

/** Shuts out runs whose process is taken for dead. Needs the database only, so that it works while a repository is out of reach. */
public final class DeadRun {

    private DeadRun() {}

    /**
     * Once this returns the run can commit nothing any more, in no repository of this catalog and wherever it was when its process was taken for dead; and what it
     * built on is no longer protected from being reclaimed. A commit that is under way is waited for.
     *
     * @throws StorageException CATALOG_UNAVAILABLE; the run may still commit then
     */
    public static void bar(DataSource database, UUID run) {
        CatalogDatabase.open(database).transact(connection -> LeaseTable.bar(connection, run));
    }
}
