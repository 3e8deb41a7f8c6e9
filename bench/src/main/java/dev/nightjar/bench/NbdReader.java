package dev.nightjar.bench;

import dev.nightjar.nbd.client.NbdClient;
import dev.nightjar.nbd.client.NbdOptions;
import dev.nightjar.nbd.client.NbdUri;
import io.netty.buffer.ByteBuf;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Our client at work. Each call opens the export anew and closes it. */
final class NbdReader {

    private static final double MIB = 1 << 20;
    private static final int SMALL = 4096;

    private final NbdUri uri;

    NbdReader(String uri) {
        this.uri = NbdUri.parse(uri);
    }

    /** Reads everything that is not known to be zero, to nowhere; returns MiB a second. */
    double everything(int connections, int requestBytes, int requests) {
        long begun = System.nanoTime();
        try (NbdClient client = NbdClient.open(uri, NbdOptions.defaults().withMaxConnections(connections))) {
            long size = client.export().size();
            Flow flow = new Flow(requests);
            client.walk(0, size, extent -> {
                if ((extent.status().getOrDefault(NbdOptions.BASE_ALLOCATION, 0L) & 2) == 0) {
                    for (long at = extent.offset(); at < extent.end(); at += requestBytes) {
                        flow.begin();
                        flow.take(client.read(at, (int) Math.min(requestBytes, extent.end() - at)));
                    }
                }
            });
            flow.end();
            return size / MIB / ((System.nanoTime() - begun) / 1e9);
        }
    }

    /** Reads 4 KiB here and there, 16 at a time on one connection; returns reads a second. */
    double random(int reads, long seed) {
        try (NbdClient client = NbdClient.open(uri, NbdOptions.defaults().withMaxConnections(1))) {
            long blocks = client.export().size() / SMALL;
            Random random = new Random(seed);
            Flow flow = new Flow(16);
            long begun = System.nanoTime();
            for (int i = 0; i < reads; i++) {
                flow.begin();
                flow.take(client.read(random.nextLong(blocks) * SMALL, SMALL));
            }
            flow.end();
            return reads / ((System.nanoTime() - begun) / 1e9);
        }
    }

    /** Opens the export and reads its first 4 KiB. */
    void firstBytes() {
        try (NbdClient client = NbdClient.open(uri, NbdOptions.defaults())) {
            client.read(0, SMALL).join().release();
        }
    }

    /** So many reads at a time; the first failure ends it. */
    private static final class Flow {
        private final int most;
        private final Semaphore permits;
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Flow(int most) {
            this.most = most;
            this.permits = new Semaphore(most);
        }

        void begin() {
            permits.acquireUninterruptibly();
            Throwable failed = failure.get();
            if (failed != null) {
                throw new IllegalStateException("a read failed", failed);
            }
        }

        void take(CompletableFuture<ByteBuf> read) {
            var _ = read.whenComplete((bytes, failed) -> {
                if (bytes == null) {
                    failure.compareAndSet(null, failed);
                } else {
                    bytes.release();
                }
                permits.release();
            });
        }

        void end() {
            permits.acquireUninterruptibly(most);
            Throwable failed = failure.get();
            if (failed != null) {
                throw new IllegalStateException("a read failed", failed);
            }
        }
    }
}
