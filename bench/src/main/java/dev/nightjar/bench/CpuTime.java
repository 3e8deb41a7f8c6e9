package dev.nightjar.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/** What the processor has done, in seconds, user and system together. */
final class CpuTime {

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private CpuTime() {}

    /** For this process. */
    static double ofProcess() {
        return SYSTEM.getProcessCpuTime() / 1e9;
    }

    /** For this thread. */
    static double ofThread() {
        return THREADS.getCurrentThreadCpuTime() / 1e9;
    }

    /** For another process that is alive. */
    static double of(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .map(Duration::toNanos)
                .map(nanos -> nanos / 1e9)
                .orElseThrow(() -> new IllegalStateException("the system does not say what process " + pid + " used"));
    }
}
