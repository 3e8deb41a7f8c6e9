package dev.nightjar.nbd.server.export;

import dev.nightjar.nbd.protocol.Errno;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An export while it is offered: its clients share one open disk, which is opened for the first of them and closed after the last
 * one. Thread-safe; attaching and detaching block for as long as the disk takes to open and close.
 */
public final class ServedExport {

    private final Export export;
    private final ExportDescription description;
    private final Tally tally = new Tally();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<ExportClient> clients = new HashSet<>();
    private @Nullable ServedDisk disk;
    private volatile boolean retired;
    /** How many clients there are, for those who may not wait until a disk is open or closed. */
    private final AtomicInteger connected = new AtomicInteger();

    ServedExport(Export export) {
        this.export = export;
        this.description = export.description();
    }

    public ExportDescription description() {
        return description;
    }

    public Tally tally() {
        return tally;
    }

    /**
     * Opens the disk for this client, unless it is open; blocks.
     *
     * @throws ServedDiskException if it cannot be opened, or is not what was described; nothing is open for this client then
     */
    public ServedDisk attach(ExportClient client) {
        lock.lock();
        try {
            if (retired) {
                throw new ServedDiskException(Errno.ESHUTDOWN, "the export is going away");
            }
            ServedDisk current = disk;
            if (current == null) {
                current = open();
                disk = current;
            }
            clients.add(client);
            connected.incrementAndGet();
            tally.connected();
            return current;
        } finally {
            lock.unlock();
        }
    }

    private ServedDisk open() {
        ServedDisk opened = export.open();
        if (opened.sizeBytes() != description.sizeBytes() || opened.writable() != description.writable()) {
            opened.close();
            throw new ServedDiskException(
                    Errno.EIO,
                    "the disk has %d bytes, writable: %s, other than described"
                            .formatted(opened.sizeBytes(), opened.writable()));
        }
        return opened;
    }

    /** The client's last request has returned. Closes the disk after the last client; blocks. */
    public void detach(ExportClient client) {
        lock.lock();
        try {
            ServedDisk current = disk;
            if (clients.remove(client)) {
                connected.decrementAndGet();
            }
            if (clients.isEmpty() && current != null) {
                disk = null;
                current.close();
            }
        } finally {
            changed.signalAll();
            lock.unlock();
        }
    }

    ExportStatistics statistics() {
        return tally.snapshot(connected.get());
    }

    /** Tells the clients to go, and refuses new ones. */
    void retire() {
        lock.lock();
        try {
            retired = true;
            clients.forEach(ExportClient::retire);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all clients have gone, and cuts off those that have not by then. Blocks. */
    void awaitEmpty(long deadlineNanos) {
        List<ExportClient> left;
        lock.lock();
        try {
            boolean interrupted = false;
            long rest = deadlineNanos - System.nanoTime();
            while (!clients.isEmpty() && rest > 0 && !interrupted) {
                try {
                    rest = changed.awaitNanos(Math.min(rest, TimeUnit.SECONDS.toNanos(1)));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                rest = deadlineNanos - System.nanoTime();
            }
            left = List.copyOf(clients);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        } finally {
            lock.unlock();
        }
        left.forEach(ExportClient::cutOff);
    }
}
