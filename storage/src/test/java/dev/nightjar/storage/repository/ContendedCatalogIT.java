package dev.nightjar.storage.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.catalog.CatalogDatabase;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.repository.FaultBench.Operation;
import dev.nightjar.storage.repository.RollingBackDatabase.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions that PostgreSQL rolls back for the sake of others are tried again: nobody hears of it, and nothing is done twice. */
@Timeout(3600)
class ContendedCatalogIT {

    private static final Duration IN_TESTS = Duration.ofSeconds(6);

    /** A transaction of an operation, by its number, and what is to become of it. */
    private record Case(Operation operation, int transaction, Reason reason) {}

    @Test
    void whateverIsRolledBackForOthersIsDoneAgainAndOnlyOnce() {
        Campaign campaign = Campaign.begin("contended catalogs", IN_TESTS);
        Random random = campaign.random();
        RollingBackDatabase database = new RollingBackDatabase();
        try (FaultBench bench =
                new FaultBench(new MemoryBlobStore(), database.of(CatalogServer.freshDatabase()), random)) {
            int done = 0;
            boolean first = true;
            while (first || campaign.hasTime()) {
                for (Case one : cases(bench, database, random)) {
                    if ((!first || !campaign.whole()) && !campaign.hasTime()) {
                        break;
                    }
                    bench.prepare(one.operation);
                    database.rollBack(one.transaction, one.reason);
                    bench.perform(one.operation);
                    done += database.stop() ? 1 : 0;
                    bench.check(campaign.seeded(one.toString()));
                }
                first = false;
            }
            bench.checkFromScratch();
            campaign.report(done + " transactions rolled back");
            assertThat(done).isPositive();
        }
    }

    private static List<Case> cases(FaultBench bench, RollingBackDatabase database, Random random) {
        List<Case> cases = new ArrayList<>();
        // Restoring has no transaction of its own; it opens the repository, which is Flyway's.
        for (Operation operation : EnumSet.complementOf(EnumSet.of(Operation.RESTORE))) {
            bench.prepare(operation);
            database.rollBack(0, Reason.DEADLOCK);
            bench.perform(operation);
            int seen = database.seen();
            for (Reason reason : Reason.values()) {
                IntStream.rangeClosed(1, seen)
                        .forEach(transaction -> cases.add(new Case(operation, transaction, reason)));
            }
        }
        Collections.shuffle(cases, random);
        return cases;
    }

    @Test
    void bothSidesOfARealDeadlockGetWhatTheyWanted() throws Exception {
        DataSource source = CatalogServer.freshDatabase();
        CatalogDatabase database = CatalogDatabase.open(source);
        database.transact(connection -> execute(
                connection,
                "CREATE TABLE account (id integer PRIMARY KEY, amount integer)",
                "INSERT INTO account VALUES (1, 0), (2, 0)",
                "SET deadlock_timeout = '50ms'"));
        CyclicBarrier bothHoldOne = new CyclicBarrier(2);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> one = threads.submit(transfer(database, bothHoldOne, 1, 2));
            Future<?> other = threads.submit(transfer(database, bothHoldOne, 2, 1));
            one.get();
            other.get();
        }
        int sum = database.read(connection -> {
            try (Statement statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT sum(amount) FROM account")) {
                rows.next();
                return rows.getInt(1);
            }
        });
        assertThat(sum).isEqualTo(4);
    }

    private static Callable<Boolean> transfer(
            CatalogDatabase database, CyclicBarrier bothHoldOne, int first, int second) {
        boolean[] tried = {false};
        return () -> database.inTransaction(connection -> {
            String update = "UPDATE account SET amount = amount + 1 WHERE id = ";
            execute(connection, update + first);
            if (!tried[0]) {
                tried[0] = true;
                await(bothHoldOne);
            }
            execute(connection, update + second);
            return true;
        });
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void execute(Connection connection, String... sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : sql) {
                statement.execute(each);
            }
        }
    }
}
