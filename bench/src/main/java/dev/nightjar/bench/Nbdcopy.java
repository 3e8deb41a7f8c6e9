package dev.nightjar.bench;

import dev.nightjar.testkit.Command;
import dev.nightjar.testkit.Tool;

/** libnbd's nbdcopy, as a process of its own, with its own choice of connections, threads and requests. */
final class Nbdcopy {

    private static final double MIB = 1 << 20;

    private Nbdcopy() {}

    /** Copies an export to nowhere; returns MiB a second. */
    static double everything(String uri, long size) {
        long begun = System.nanoTime();
        Command.of(Tool.NBDCOPY, uri, "null:").run();
        return size / MIB / ((System.nanoTime() - begun) / 1e9);
    }
}
