package dev.nightjar.storage.crash;

import dev.nightjar.storage.blob.MemoryBlobStore;
import dev.nightjar.storage.catalog.CatalogServer;
import dev.nightjar.storage.point.PointRecord;
import dev.nightjar.storage.repository.DiskModel;
import dev.nightjar.storage.repository.Repository;
import dev.nightjar.storage.repository.Workbench;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Another repository, that no crash befalls. Used by one thread, but for what a repository lets others do. */
final class Source implements AutoCloseable {

    private final Repository repository = Workbench.create(new MemoryBlobStore(), CatalogServer.freshDatabase());
    private final Map<UUID, byte[]> contents = new HashMap<>();

    Repository repository() {
        return repository;
    }

    /** What a point of it holds. */
    byte[] content(UUID point) {
        byte[] content = contents.get(point);
        if (content == null) {
            throw new IllegalStateException("there is no point " + point);
        }
        return content;
    }

    /** Backs a disk up; what that makes dirty is clean afterwards. */
    UUID capture(DiskModel disk, @Nullable UUID parent) {
        PointRecord point = Workbench.capture(repository, disk, parent);
        contents.put(point.id(), disk.bytes.clone());
        return point.id();
    }

    @Override
    public void close() {
        repository.close();
    }
}
