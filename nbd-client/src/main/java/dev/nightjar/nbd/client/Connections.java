package dev.nightjar.nbd.client;

import dev.nightjar.nbd.protocol.BlockSizes;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one export: opened when the ones that are there have much to do, as many as the server and the options allow,
 * and opened again after all were lost, if the caller says that the view is still the same. Thread-safe.
 *
 * <p>Every further connection has to find the export that the first one found; a server that lets in fewer than wanted, or shows
 * something else to the next one, is used over the connections that it gave.
 */
final class Connections {

    /** So many requests on the idlest connection, and another connection is worth its handshake. */
    private static final int BUSY = 4;

    private final NbdUri uri;
    private final NbdOptions options;
    private final Dial dial;
    private final ExportInfo export;
    private final Backoff backoff;
    private final List<NbdConnection> open = new CopyOnWriteArrayList<>();
    private final AtomicBoolean growing = new AtomicBoolean();
    private final ReentrantLock reopening = new ReentrantLock();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile int most;
    private volatile boolean written;
    private volatile @Nullable NbdException lost;
    private volatile @Nullable NbdException ended;

    /** Opens the first connection; blocks. */
    Connections(NbdUri uri, NbdOptions options) {
        this.uri = uri;
        this.options = options;
        this.dial = new Dial(uri, options);
        this.backoff = new Backoff(options.reconnect(), ThreadLocalRandom.current());
        NbdConnection first = NbdConnection.open(uri, options, dial);
        this.export = first.export();
        this.most = export.canMultiConn() ? options.capacity().connections() : 1;
        open.add(first);
    }

    ExportInfo export() {
        return export;
    }

    int count() {
        return open.size();
    }

    /**
     * The connection with the least to do; blocks only while lost connections are opened again.
     *
     * @throws NbdException if there is none, and there will be none
     */
    NbdConnection acquire() {
        NbdConnection idlest = idlest();
        if (idlest == null) {
            return reopen();
        }
        if (idlest.inFlight() >= BUSY && open.size() < most && growing.compareAndSet(false, true)) {
            Thread.startVirtualThread(this::grow);
        }
        return idlest;
    }

    /** As {@link #acquire}, for a request that changes the export. */
    NbdConnection acquireToWrite() {
        written = true;
        return acquire();
    }

    /** Whether a read that failed this way, on a connection that is lost by it, may be sent again. */
    boolean mayRepeat(NbdException failure) {
        boolean lost = failure.code() == NbdErrorCode.CLOSED || failure.code() == NbdErrorCode.TIMED_OUT;
        return lost
                && ended == null
                && closed.getCount() > 0
                && options.reconnect().attempts() > 0
                && options.reconnect().sameView().getAsBoolean();
    }

    private @Nullable NbdConnection idlest() {
        NbdConnection idlest = null;
        int least = Integer.MAX_VALUE;
        boolean some = false;
        for (NbdConnection each : open) {
            int requests = each.inFlight();
            if (!each.isOpen()) {
                some = true;
            } else if (requests < least) {
                least = requests;
                idlest = each;
            }
        }
        if (some) {
            open.removeIf(this::isLost);
        }
        return idlest;
    }

    private boolean isLost(NbdConnection connection) {
        if (connection.isOpen()) {
            return false;
        }
        if (connection.failure() instanceof NbdException failure) {
            lost = failure;
        }
        return true;
    }

    /** One more connection, in a thread of its own. If that does not work out, what is there has to do. */
    private void grow() {
        try {
            NbdConnection more = NbdConnection.open(uri, options, dial);
            if (!agrees(more.export())) {
                most = 1;
                more.close();
                return;
            }
            add(more);
        } catch (NbdException e) {
            most = open.size();
        } finally {
            growing.set(false);
        }
    }

    private void add(NbdConnection more) {
        open.add(more);
        if (closed.getCount() == 0) {
            more.close();
        }
    }

    private NbdConnection reopen() {
        reopening.lock();
        try {
            NbdConnection meanwhile = idlest();
            return meanwhile == null ? attempts() : meanwhile;
        } finally {
            reopening.unlock();
        }
    }

    /** Tries as often as the options say, as long as the view stands and trying again can help. */
    private NbdConnection attempts() {
        Reconnect how = options.reconnect();
        NbdException last = ended == null ? lost() : ended;
        // A server that was restarted may have lost writes that it answered, and would call a flush successful
        // nevertheless.
        int attempts = written ? 0 : how.attempts();
        for (int attempt = 0; attempt < attempts && last.retryable() && ended == null; attempt++) {
            if (pause(attempt) || !how.sameView().getAsBoolean()) {
                break;
            }
            try {
                return again();
            } catch (NbdException e) {
                last = e;
            }
        }
        ended = last;
        throw last;
    }

    private NbdConnection again() {
        NbdConnection again = NbdConnection.open(uri, options, dial);
        if (!agrees(again.export())) {
            again.close();
            throw new NbdException(
                    NbdErrorCode.EXPORT_CHANGED,
                    uri + ": after the connection was lost, the server shows another export under that name",
                    "Begin again: what was read before and what would be read now do not belong together.",
                    null);
        }
        add(again);
        return again;
    }

    private NbdException lost() {
        NbdException known = lost;
        return known != null
                ? known
                : new NbdException(
                        NbdErrorCode.CLOSED, uri + ": the connection was lost", "Look into the server's log.", null);
    }

    /** Returns true if this is being closed. */
    private boolean pause(int attempt) {
        try {
            return closed.await(backoff.pauseNanos(attempt), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private boolean agrees(ExportInfo other) {
        BlockSizes sizes = other.blockSizes();
        return other.size() == export.size()
                && other.flags().equals(export.flags())
                && other.contexts().equals(export.contexts())
                && other.encrypted() == export.encrypted()
                && sizes.equals(export.blockSizes());
    }

    /** Closes all, and keeps others from being opened. Blocks for a moment. */
    void close() {
        closed.countDown();
        open.forEach(NbdConnection::close);
    }
}
