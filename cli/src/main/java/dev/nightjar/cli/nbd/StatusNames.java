package dev.nightjar.cli.nbd;

import dev.nightjar.nbd.client.NbdOptions;

/** What a status means, in nbdinfo's words; empty for contexts that only their makers know. */
final class StatusNames {

    private static final String DIRTY_BITMAP = "qemu:dirty-bitmap:";
    private static final String ALLOCATION_DEPTH = "qemu:allocation-depth";

    private StatusNames() {}

    static String of(String context, long status) {
        if (context.equals(NbdOptions.BASE_ALLOCATION)) {
            return allocation(status);
        }
        if (context.startsWith(DIRTY_BITMAP)) {
            return status == 0 ? "clean" : status == 1 ? "dirty" : "";
        }
        if (context.equals(ALLOCATION_DEPTH)) {
            return status == 0 ? "absent" : status == 1 ? "local" : "backing depth " + number(status);
        }
        return "";
    }

    /** A status has 64 bits and no sign. */
    static String number(long status) {
        return Long.toUnsignedString(status);
    }

    private static String allocation(long status) {
        if (status == 0) {
            return "data";
        }
        if (status == 1) {
            return "hole";
        }
        if (status == 2) {
            return "zero";
        }
        return status == 3 ? "hole,zero" : "";
    }
}
