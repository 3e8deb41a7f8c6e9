package dev.nightjar.service.source.qmp;

/** The stable name of what went wrong at a machine under QMP. */
public enum QmpErrorCode {
    /** Nothing listens at the socket, or it does not speak: somebody else may hold the monitor. */
    QMP_UNREACHABLE(true),
    /** QEMU refused a command; its own words are in the message. */
    QMP_COMMAND_FAILED(false),
    /** What came back is not QMP. */
    QMP_PROTOCOL_VIOLATION(false),
    /** No answer in time. */
    QMP_TIMED_OUT(true),
    /** The connection ended: QEMU quit, or the monitor was closed. */
    QMP_DISCONNECTED(true),
    /** This QEMU lacks something that a frozen view needs. */
    QMP_UNSUPPORTED(false),
    /** The machine has no disk of that name, or it cannot be written. */
    QMP_DISK_UNKNOWN(false),
    /** The machine has no disk to protect. */
    QMP_NO_DISKS(false),
    /** A disk has neither a device name nor a node name that outlives a restart. */
    QMP_DISK_UNNAMED(false),
    /** The machine runs an NBD server already, and the source does not say where. */
    QMP_NBD_SERVER_BUSY(false),
    /** The scratch overlay could not be made where the source wants it. */
    SCRATCH_UNUSABLE(false),
    /** Scratch space ran low; the view was given up before the guest could notice. */
    SCRATCH_SPACE_LOW(true),
    /** The frozen view broke while it was read: what was read cannot be trusted. */
    FROZEN_VIEW_BROKEN(true);

    private final boolean retryable;

    QmpErrorCode(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether the same can succeed later without anybody changing the configuration. */
    public boolean retryable() {
        return retryable;
    }
}
