package dev.nightjar.service.config;

import com.sun.management.OperatingSystemMXBean;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.lang.management.ManagementFactory;

/**
 * The settings with which the embedded PostgreSQL runs. Chunk rows are looked up and inserted all over a table of about a gigabyte for each 10 million chunks; what
 * of it is not in PostgreSQL's own buffers costs a copy of its page, and of a page that is dirty a write.
 */
public final class EmbeddedDatabaseSettings {

    private static final long MIB = 1 << 20;
    private static final long LEAST_BUFFERS = 128;
    private static final long MOST_BUFFERS = 2048;
    /** The part of the machine's memory that buffers may take; pages that nobody has touched take none. */
    private static final int BUFFERS_PART = 8;

    private EmbeddedDatabaseSettings() {}

    /** Sets what is not as PostgreSQL comes. */
    public static EmbeddedPostgres.Builder apply(EmbeddedPostgres.Builder server) {
        return server
                // The library is made for tests and turns these off; what we commit has to survive a power cut.
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "60")
                .setServerConfig("shared_buffers", buffers(memoryMib()) + "MB")
                // The first change of a page after a checkpoint writes the whole page to the log, and chunk rows change
                // pages everywhere: checkpoints are far apart. A crash costs as much log to be read again.
                .setServerConfig("checkpoint_timeout", "30min")
                .setServerConfig("max_wal_size", "4GB");
    }

    /**
     * How much PostgreSQL keeps in memory.
     *
     * @param memory of the machine or the container; both in MiB
     */
    static long buffers(long memory) {
        return Math.clamp(memory / BUFFERS_PART, LEAST_BUFFERS, MOST_BUFFERS);
    }

    private static long memoryMib() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize() / MIB;
    }
}
