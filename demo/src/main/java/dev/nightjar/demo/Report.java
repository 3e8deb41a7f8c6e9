package dev.nightjar.demo;

import java.util.List;
import java.util.Map;

/**
 * What the demo found out; written as JSON by {@code --report}.
 *
 * @param passed whether every check holds
 * @param dashboard the appliance's address
 * @param seconds how long it took in all
 * @param virtualSizeBytes of the disk
 * @param backups the full and the increment
 * @param checks what was checked
 */
record Report(
        boolean passed,
        String dashboard,
        double seconds,
        long virtualSizeBytes,
        List<Backup> backups,
        List<Check> checks) {

    /**
     * One backup and the restore of its point; bytes and milliseconds.
     *
     * @param mode FULL or INCREMENTAL
     * @param qemuDirtyBytes what QEMU's own monitor counts as dirty before the backup; 0 for the full
     * @param phaseMillis how long each phase took, in order
     */
    record Backup(
            String name,
            String runId,
            String pointId,
            String mode,
            long virtualSizeBytes,
            long allocatedBytes,
            long dirtyBytes,
            long qemuDirtyBytes,
            long readBytes,
            long zeroBytes,
            long newBytes,
            long deduplicatedBytes,
            long storedBytes,
            Map<String, Long> phaseMillis,
            long backupMillis,
            long restoreMillis) {}

    /** Something that has to hold. */
    record Check(String name, boolean good, String detail) {}
}
