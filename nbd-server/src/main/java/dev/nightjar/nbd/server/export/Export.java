package dev.nightjar.nbd.server.export;

/** Something to serve under a name. Thread-safe. */
public interface Export {

    /** Answers at once; always the same. */
    ExportDescription description();

    /**
     * Opens the disk. Called when a client chooses the export (GO or EXPORT_NAME), never for LIST or INFO, on a virtual thread;
     * may block. All clients of the export share one open disk, which is closed after the last of them has gone.
     *
     * @return a disk of the described size, writable if described so
     * @throws ServedDiskException if it cannot be opened: the client is refused and may choose another export
     */
    ServedDisk open();
}
