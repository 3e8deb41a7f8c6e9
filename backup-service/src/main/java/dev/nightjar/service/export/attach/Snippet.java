package dev.nightjar.service.export.attach;

/**
 * Something to paste.
 *
 * @param kind where it goes
 * @param text what to paste
 */
public record Snippet(Kind kind, String text) {

    /** Where a snippet goes. */
    public enum Kind {
        /** QEMU's command line, with {@code -blockdev}. */
        QEMU_BLOCKDEV,
        /** QEMU's command line, with {@code -drive}. */
        QEMU_DRIVE,
        /** A libvirt domain's {@code devices}. */
        LIBVIRT,
        /** A shell: copies the disk with libnbd's tool. */
        NBDCOPY,
        /** A shell: copies the disk with QEMU's tool. */
        QEMU_IMG
    }
}
