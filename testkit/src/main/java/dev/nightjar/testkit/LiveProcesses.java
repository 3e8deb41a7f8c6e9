package dev.nightjar.testkit;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every process the testkit started and that still runs. When the JVM exits, whatever is left is asked to end, so that it can end what it
 * started itself, and killed if it does not. Thread-safe.
 */
final class LiveProcesses {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Set<Process> LIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(LiveProcesses::endAll, "testkit-reaper"));
    }

    private LiveProcesses() {}

    static void add(Process process) {
        LIVE.add(process);
    }

    static void remove(Process process) {
        LIVE.remove(process);
    }

    private static void endAll() {
        LIVE.forEach(Process::destroy);
        Await.until(PATIENCE, () -> LIVE.stream().noneMatch(Process::isAlive));
        for (Process process : LIVE) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
