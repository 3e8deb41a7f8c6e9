package dev.nightjar.storage.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;

/** Everything that happened, in one order: operations of the store, transactions, and what was acknowledged. Each place in it is one at which a crash can come. Thread-safe. */
final class Timeline {

    private final List<Moment> moments = new ArrayList<>();
    private final List<CatalogDump> catalogs = new ArrayList<>();
    private Expectation expectation;
    private int operations;

    /**
     * Between two events.
     *
     * @param what the event before
     * @param operations how many operations of the store were done
     * @param catalog the database after the last transaction
     * @param expectation what was acknowledged
     */
    record Moment(String what, int operations, CatalogDump catalog, Expectation expectation) {}

    Timeline(CatalogDump catalog, Expectation expectation) {
        this.expectation = expectation;
        catalogs.add(catalog);
        add("nothing");
    }

    /** The store has done another operation. */
    synchronized void stored(String what) {
        operations++;
        add(what);
    }

    /** Commits and dumps, so that no other transaction comes in between. */
    synchronized void commit(Callable<CatalogDump> transaction) throws Exception {
        CatalogDump dump = transaction.call();
        if (!dump.equals(catalogs.getLast())) {
            catalogs.add(dump);
            add("transaction");
        }
    }

    /** Something begins or is acknowledged. */
    synchronized void expect(String what, UnaryOperator<Expectation> change) {
        expectation = change.apply(expectation);
        add(what);
    }

    synchronized Expectation expectation() {
        return expectation;
    }

    synchronized List<Moment> moments() {
        return List.copyOf(moments);
    }

    private void add(String what) {
        moments.add(new Moment(what, operations, catalogs.getLast(), expectation));
    }
}
