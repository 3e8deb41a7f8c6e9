package dev.nightjar.service.source.qmp;

/** The stable name of what went wrong at a machine under QMP. */
public enum QmpErrorCode {
    /** Nothing listens at the socket, or it does not speak: somebody else may hold the monitor. */
    QMP_UNREACHABLE,
    /** QEMU refused a command; its own words are in the message. */
    QMP_COMMAND_FAILED,
    /** What came back is not QMP. */
    QMP_PROTOCOL_VIOLATION,
    /** No answer in time. */
    QMP_TIMED_OUT,
    /** The connection ended: QEMU quit, or the monitor was closed. */
    QMP_DISCONNECTED,
    /** This QEMU lacks something that a frozen view needs. */
    QMP_UNSUPPORTED,
    /** The machine has no disk of that name, or it cannot be written. */
    QMP_DISK_UNKNOWN,
    /** The machine has no disk to protect. */
    QMP_NO_DISKS,
    /** A disk has neither a device name nor a node name that outlives a restart. */
    QMP_DISK_UNNAMED,
    /** The machine runs an NBD server already, and the source does not say where. */
    QMP_NBD_SERVER_BUSY,
    /** The scratch overlay could not be made where the source wants it. */
    SCRATCH_UNUSABLE,
    /** Scratch space ran low; the view was given up before the guest could notice. */
    SCRATCH_SPACE_LOW,
    /** The frozen view broke while it was read: what was read cannot be trusted. */
    FROZEN_VIEW_BROKEN
}
