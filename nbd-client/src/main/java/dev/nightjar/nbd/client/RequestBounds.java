package dev.nightjar.nbd.client;

/** Refuses requests that no server should ever see. Immutable. */
final class RequestBounds {

    private final ExportInfo export;
    private final long size;
    private final long minimumBlock;
    private final int maximumBytes;

    RequestBounds(ExportInfo export, int maximumBytes) {
        this.export = export;
        this.size = export.size();
        this.minimumBlock = export.blockSizes().minimum();
        this.maximumBytes = (int) Math.min(maximumBytes, export.blockSizes().maximum());
    }

    int maximumBytes() {
        return maximumBytes;
    }

    void checkData(long offset, int length) {
        checkRange(offset, length);
        if (length > maximumBytes) {
            throw new IllegalArgumentException(length + " bytes are more than the maximum of " + maximumBytes);
        }
    }

    void checkWithin(long offset, long length) {
        if (offset < 0 || length <= 0 || length > size - offset) {
            throw new IllegalArgumentException(
                    "%d bytes at offset %d are not within an export of %d bytes".formatted(length, offset, size));
        }
    }

    void checkRange(long offset, long length) {
        checkWithin(offset, length);
        boolean endAligned = (offset + length) % minimumBlock == 0 || offset + length == size;
        if (offset % minimumBlock != 0 || !endAligned) {
            throw new IllegalArgumentException("%d bytes at offset %d are not aligned to blocks of %d bytes"
                    .formatted(length, offset, minimumBlock));
        }
    }

    void checkWritable() {
        if (export.readOnly()) {
            throw new NbdException(
                    NbdErrorCode.REFUSED_BY_POLICY,
                    "the export '" + export.name() + "' is read-only",
                    "Serve it writable, for example by qemu-nbd without -r.",
                    null);
        }
    }

    void checkTrimmable() {
        checkWritable();
        if (!export.canTrim()) {
            throw new NbdException(
                    NbdErrorCode.UNSUPPORTED,
                    "the server of the export '" + export.name() + "' does not trim",
                    "Leave the range as it is, or write zeros.",
                    null);
        }
    }

    void checkZeroable() {
        checkWritable();
        if (!export.canWriteZeroes()) {
            throw new NbdException(
                    NbdErrorCode.UNSUPPORTED,
                    "the server of the export '" + export.name() + "' cannot write zeroes by itself",
                    "Write zeros as data.",
                    null);
        }
    }
}
