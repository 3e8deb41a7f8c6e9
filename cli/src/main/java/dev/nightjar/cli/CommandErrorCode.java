package dev.nightjar.cli;

/** Why a command failed, beside what the NBD client and the storage have codes for. The names are stable: scripts may look for them. */
public enum CommandErrorCode {
    /** The arguments contradict each other or cannot be understood. */
    INVALID_ARGUMENT,
    /** A local file cannot be opened, read or written. */
    FILE_ERROR,
    /** The target has not enough room for what is copied. */
    TARGET_TOO_SMALL,
    /** A context has too many different statuses to add them up. */
    TOO_MANY_STATUSES,
    /** Nobody reads standard output any more, or it cannot be written. */
    OUTPUT_FAILED,
    /** A defect of Nightjar. */
    INTERNAL
}
