package dev.nightjar.storage.copy;

import java.util.List;

/**
 * What became of the points that were to be copied.
 *
 * @param copied are in the target now
 * @param present were there before
 * @param failed are not in the target
 */
public record CopyReport(List<CopiedPoint> copied, int present, List<FailedCopy> failed) {

    /** Keeps copies. */
    public CopyReport {
        copied = List.copyOf(copied);
        failed = List.copyOf(failed);
    }

    /** Content that was read. */
    public long readBytes() {
        return copied.stream().mapToLong(CopiedPoint::readBytes).sum();
    }

    /** What was stored in the target. */
    public long storedBytes() {
        return copied.stream().mapToLong(CopiedPoint::storedBytes).sum();
    }
}
