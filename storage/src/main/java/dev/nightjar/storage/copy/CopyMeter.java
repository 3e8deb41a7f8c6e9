package dev.nightjar.storage.copy;

import dev.nightjar.storage.ingest.IngestProgress;
import dev.nightjar.storage.point.PointRecord;
import java.util.List;

/**
 * Adds up what the points of a copy have moved.
 *
 * @param copied the points before this one
 */
record CopyMeter(CopyListener listener, PointRecord point, int number, int points, List<CopiedPoint> copied) {

    void reached(long offset, IngestProgress progress) {
        long read = copied.stream().mapToLong(CopiedPoint::readBytes).sum();
        long stored = copied.stream().mapToLong(CopiedPoint::storedBytes).sum();
        listener.progress(new CopyProgress(
                point, number, points, offset, read + progress.readBytes(), stored + progress.storedBytes()));
    }
}
